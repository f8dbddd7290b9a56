package patterns

import (
	"fmt"
	"slices"
)

// Encoding is an encoding of a word.
type Encoding string

// The encodings of words.
const (
	AsBase64      Encoding = "base64"
	AsBase64Twice Encoding = "base64-twice"
	AsBase64UTF16 Encoding = "base64-utf-16" // as PowerShell's -EncodedCommand
	AsUTF16       Encoding = "utf-16"
	AsUTF32       Encoding = "utf-32"
	AsHex         Encoding = "hex"
	AsEscapes     Encoding = "escapes" // of programming languages, URLs and markup
)

// Encodings returns all encodings.
func Encodings() []Encoding {
	return []Encoding{AsBase64, AsBase64Twice, AsBase64UTF16, AsUTF16, AsUTF32, AsHex, AsEscapes}
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (e *Encoding) UnmarshalText(text []byte) error {
	if !slices.Contains(Encodings(), Encoding(text)) {
		return fmt.Errorf("unknown encoding %q (known: %v)", text, Encodings())
	}
	*e = Encoding(text)
	return nil
}

// EncodedWord is a word that is searched in an encoded form.
type EncodedWord struct {
	Text string
	As   Encoding
	Fold bool // case is ignored
}

// EncodedWords returns the words of all rules that are searched in encoded form, without
// repetitions.
func (s *Set) EncodedWords() (out []EncodedWord) {
	known := make(map[EncodedWord]bool)
	for _, r := range s.encoded {
		for _, e := range r.Encoded {
			words := e.Words
			if len(words) == 0 {
				words = r.Keywords
			}
			for _, text := range words {
				for _, as := range e.As {
					w := EncodedWord{text, as, r.IgnoreCase}
					if !known[w] {
						known[w] = true
						out = append(out, w)
					}
				}
			}
		}
	}
	return out
}
