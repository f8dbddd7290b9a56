package scanner

import (
	"fmt"
	"strings"

	"github.com/keyguard/keyguard/internal/decode"
	"github.com/keyguard/keyguard/internal/literal"
	"github.com/keyguard/keyguard/patterns"
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

// decoderList is the keywords that show an encoding, and the decoder of each.
type decoderList struct {
	words    []literal.Word
	decoders []decoder
	known    map[literal.Word]bool
}

// newDecoders returns the decoders for the encoded words of rules and for archives in base64.
func newDecoders(encoded []patterns.EncodedWord) *decoderList {
	l := &decoderList{known: make(map[literal.Word]bool)}
	for _, w := range encoded {
		l.addEncoded(w)
	}
	marks, encodings := packedMarks()
	for i, mark := range marks {
		l.add(mark, false, decoder{encoding: encodings[i], after: decode.After, limit: decode.After, view: unpackBase64, packed: true})
	}
	l.addBase64(gzipMark)
	return l
}

// add adds a keyword, which may be longer than the scanner searches.
func (l *decoderList) add(word string, fold bool, d decoder) {
	w := literal.Word{Text: word[:min(len(word), maxWord)], Fold: fold}
	if !l.known[w] {
		l.known[w] = true
		l.words, l.decoders = append(l.words, w), append(l.decoders, d)
	}
}

// addBase64 adds the forms of a word in base64, and returns them.
func (l *decoderList) addBase64(word string) []string {
	found, phases := decode.Base64Words(word)
	for i, phase := range phases {
		l.add(found[i], false, base64Decoder(phase))
	}
	return found
}

// addEncoded adds the forms of a word in an encoding.
func (l *decoderList) addEncoded(w patterns.EncodedWord) {
	switch w.As {
	case patterns.AsBase64:
		l.addBase64(w.Text)
	case patterns.AsBase64Twice:
		for _, once := range l.addBase64(w.Text) {
			l.addBase64(once)
		}
	case patterns.AsBase64UTF16:
		l.addBase64(spell(w.Text, "%s\x00"))
		l.addEncoded(patterns.EncodedWord{Text: w.Text, As: patterns.AsUTF16, Fold: w.Fold})
	case patterns.AsUTF16:
		l.add(spell(w.Text, "%s\x00"), w.Fold, decoder{encoding: UTF16, after: decode.WideAfter / 2, limit: decode.WideAfter, view: decode.UTF16, aligned: isExact})
	case patterns.AsUTF32:
		l.add(spell(w.Text, "%s\x00\x00\x00"), w.Fold, decoder{encoding: UTF32, after: decode.WideAfter / 2, limit: decode.WideAfter, view: decode.UTF32, aligned: isExact})
	case patterns.AsHex:
		l.add(spell(w.Text, "%x"), true, decoder{encoding: Hex, after: decode.After / 2, limit: decode.After, view: decode.Hex, aligned: isExact})
	case patterns.AsEscapes:
		for _, form := range []string{"%%%02x", `\x%02x`, `\u%04x`, `\%03o`, "&#%d;", "&#x%x;"} {
			l.add(spell(w.Text, form), true, decoder{encoding: Escapes, after: escapesAfter, limit: 2 * escapesAfter, view: unescape, aligned: always})
		}
	}
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
