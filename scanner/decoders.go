package scanner

import (
	"fmt"
	"strings"

	"github.com/keyguard/keyguard/internal/decode"
	"github.com/keyguard/keyguard/internal/literal"
)

// maxDepth is the maximum number of nested encodings that are decoded.
const maxDepth = 2

// maxWord is the maximum length of a keyword of an encoding: the longer the keywords, the
// more of a text is searched again after a delta.
const maxWord = 12

// Distances from a keyword within which escapes are decoded, in bytes.
const (
	escapesNear   = 240 // after a word that names a secret
	escapesBefore = 320
	escapesAfter  = 900
	escapesToken  = 6 << 10 // after a word that names a token, or begins one
	brokenWord    = 16      // minimum length of a word with an escape that may be a secret
)

// decoder decodes one encoding at its keywords.
type decoder struct {
	encoding Encoding
	after    int // bytes after the word to search
	limit    int // bytes after the word to decode
	view     func(text []byte, at int) (decode.View, bool)
	// aligned reports whether a view for another keyword contains the text of this one,
	// at an offset in the text.
	aligned func(v *decode.View, at int) bool
	packed  bool // a view is the content of an archive
}

// decoders returns the keywords of credentials in each encoding, and the decoder of each
// keyword.
func decoders() (words []literal.Word, list []decoder) {
	add := func(word string, fold bool, d decoder) {
		word = word[:min(len(word), maxWord)]
		words = append(words, literal.Word{Text: word, Fold: fold})
		list = append(list, d)
	}
	base64 := func(word string) []string {
		found, phases := decode.Base64Words(word)
		for i, phase := range phases {
			add(found[i], false, base64Decoder(phase))
		}
		return found
	}
	wide := decoder{encoding: UTF16, after: decode.WideAfter / 2, limit: decode.WideAfter, view: decode.UTF16, aligned: isExact}
	wider := decoder{encoding: UTF32, after: decode.WideAfter / 2, limit: decode.WideAfter, view: decode.UTF32, aligned: isExact}
	hex := decoder{encoding: Hex, after: decode.After / 2, limit: decode.After, view: decode.Hex, aligned: isExact}
	for _, id := range []string{"AKIA", "ASIA", "ABIA"} {
		for _, once := range base64(id) {
			base64(once)
		}
		base64(spell(id, "%s\x00"))
		add(spell(id, "%s\x00"), false, wide)
		add(spell(id, "%s\x00\x00\x00"), false, wider)
		add(spell(id, "%x"), true, hex)
		for _, form := range []string{"%%%02x", `\x%02x`, `\u%04x`, `\%03o`, "&#%d;", "&#x%x;"} {
			add(spell(id, form), true, decoder{encoding: Escapes, after: escapesAfter, limit: 2 * escapesAfter, view: unescape, aligned: always})
		}
	}
	// A text that is UTF-16 as a whole is narrowed. These keywords reveal it in other
	// texts.
	for _, word := range []string{"secret", "session_token", "sessiontoken", "IQoJb3JpZ2lu", "FwoGZXIvYXdz", "FQoGZXIvYXdz", "AQoDYXdz", "ABSK"} {
		add(spell(word, "%s\x00"), true, wide)
	}
	marks, encodings := packedMarks()
	for i, mark := range marks {
		add(mark, false, decoder{encoding: encodings[i], after: decode.After, limit: decode.After, view: unpackBase64, packed: true})
	}
	base64(gzipMark)
	for _, word := range []string{"aws_secret", "AWS_SECRET", "SecretAccessKey", "secret_access_key", "eyJwYXlsb2FkIjoi"} {
		base64(word)
	}
	return words, list
}

// request returns the part of text to decode for the keyword at an offset.
func (d *decoder) request(text []byte, at, depth int) request {
	return request{
		encoding: d.encoding, depth: depth, packed: d.packed, from: at, to: min(len(text), at+d.after), limit: min(len(text), at+d.limit),
		decode:  func() (decode.View, bool) { return d.view(text, at) },
		aligned: func(v *decode.View) bool { return d.aligned(v, at) },
	}
}

// base64Decoder returns the decoder of a keyword that begins with the character of index
// phase in its group of four.
func base64Decoder(phase int) decoder {
	view := func(text []byte, at int) (decode.View, bool) { return decode.Base64(text, at, phase) }
	aligned := func(v *decode.View, at int) bool {
		// The last character of a group is the only one that starts no byte.
		i, exact := v.Index(at + phase/3)
		return exact && i%3 == phase%3
	}
	return decoder{encoding: Base64, after: decode.After / 2, limit: decode.After, view: view, aligned: aligned}
}

func unescape(text []byte, at int) (decode.View, bool) {
	return decode.Escapes(text, max(0, at-escapesBefore), min(len(text), at+2*escapesAfter))
}

func isExact(v *decode.View, at int) bool {
	_, exact := v.Index(at)
	return exact
}

func always(*decode.View, int) bool { return true }

// spell returns word with each letter in a form.
func spell(word, form string) (out string) {
	for _, c := range []byte(word) {
		if zeros, ok := strings.CutPrefix(form, "%s"); ok {
			out += string(c) + zeros
		} else {
			out += fmt.Sprintf(form, c)
		}
	}
	return out
}

// request describes the part of a text to decode for a keyword.
type request struct {
	encoding Encoding
	depth    int // number of encodings of the view
	from     int // latest start of the view
	to       int // end of the part to search
	limit    int // end of decoding
	decode   func() (decode.View, bool)
	aligned  func(v *decode.View) bool // whether the view of another keyword covers this one
	packed   bool                      // the view is the content of an archive
}
