package report

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"reflect"
	"strconv"
	"strings"

	"github.com/keyguard/keyguard/internal/decode"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// A report that was written with Options.Reveal contains secrets, and other texts in it
// may repeat them: in hexadecimal, in the query of a URL, wrapped over lines. spill finds
// such texts. It reduces each text to its letters and digits, as is and decoded, which
// removes quoting, spaces and line breaks.

const (
	// spillLength is the number of consecutive letters and digits of a secret that a text
	// must contain to repeat it. Of a shorter secret it must contain all.
	spillLength = 8
	// spillLeast is the minimum length of a secret that is searched for: most texts
	// repeat shorter ones.
	spillLeast = 4
	// spillDepth is the number of nested encodings that are decoded.
	spillDepth = 3
	// spillWord is the length of the shortest secret in the shortest encoding.
	spillWord = 6
	// maxSpill is the maximum number of letters and digits of all secrets of a report.
	maxSpill = 16 << 20
)

var errSpill = errors.New("the report contains too many secrets")

// spill holds the secrets in a report.
type spill struct {
	pieces map[string]bool // of spillLength, or whole if shorter
	sizes  []int           // of pieces
	total  int
	known  map[string]bool // text to whether it repeats a secret
}

// newSpill returns the secrets in findings.
func newSpill(list []Finding) (*spill, error) {
	s := &spill{pieces: make(map[string]bool), known: make(map[string]bool)}
	for i := range list {
		f := &list[i]
		s.add(f.Kind, f.Secret)
		for _, p := range f.Related {
			s.add(p.Kind, p.Secret)
		}
		if s.total > maxSpill {
			return nil, errSpill
		}
	}
	return s, nil
}

// any reports whether the report contains secrets.
func (s *spill) any() bool { return s.total > 0 }

func (s *spill) add(kind patterns.Kind, secret string) {
	if !isSecret(kind, secret) {
		return
	}
	text := alphanumeric(secret)
	s.total += max(len(text), 1)
	n := min(len(text), spillLength)
	if n < spillLeast || s.total > maxSpill {
		return
	}
	for i := range len(text) - n + 1 {
		s.pieces[text[i:i+n]] = true
	}
	for _, size := range s.sizes {
		if size == n {
			return
		}
	}
	s.sizes = append(s.sizes, n)
}

// isSecret reports whether the value of a part must be masked.
func isSecret(kind patterns.Kind, value string) bool {
	return value != "" && value != scanner.Mask && (!kind.IsPublic() || !isKeyID(value))
}

// mask masks each string below v that repeats a secret, as a whole. Named string types,
// such as kinds, are unchanged.
func (s *spill) mask(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			s.mask(v.Elem())
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			if field.CanSet() {
				s.mask(field)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			s.mask(v.Index(i))
		}
	case reflect.Map: // reasons and counts
		counts, ok := v.Interface().(map[string]int)
		for reason, n := range counts {
			if masked := s.masked(reason); ok && masked != reason {
				delete(counts, reason)
				counts[masked] += n
			}
		}
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			v.SetString(s.masked(v.String()))
		}
	}
}

func (s *spill) masked(text string) string {
	repeats, known := s.known[text]
	if !known {
		repeats = s.in(text, spillDepth)
		s.known[text] = repeats
	}
	if repeats {
		return scanner.Mask
	}
	return text
}

// in reports whether a text repeats a secret in at most depth encodings.
func (s *spill) in(text string, depth int) bool {
	letters := alphanumeric(text)
	for _, n := range s.sizes {
		for i := range len(letters) - n + 1 {
			if s.pieces[letters[i:i+n]] {
				return true
			}
		}
	}
	if depth == 0 || !hasWord(text) {
		return false
	}
	for _, decoded := range decodings(text) {
		if s.in(decoded, depth-1) {
			return true
		}
	}
	return false
}

// hasWord reports whether a text has enough letters and digits, without control
// characters between them, for an encoded secret.
func hasWord(text string) bool {
	n := 0
	for i := range len(text) {
		switch c := text[i]; {
		case isAlphanumeric(c):
			if n++; n == spillWord {
				return true
			}
		case c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != 0 || c >= 0x7f:
			n = 0
		}
	}
	return false
}

// decodings returns the text decoded from each encoding. Other characters around and
// between the encoded ones are ignored.
func decodings(text string) (out []string) {
	if v, ok := decode.Escapes([]byte(text), 0, len(text)); ok {
		out = append(out, string(v.Text))
	}
	digits := keep(strings.NewReplacer("0x", "", "0X", "").Replace(text), isHexDigit)
	for _, from := range []int{0, 1} {
		if len(digits) >= from+2*spillLeast {
			half := digits[from:]
			decoded, _ := hex.DecodeString(half[:len(half)&^1])
			out = append(out, string(decoded))
		}
	}
	chars := keep(strings.NewReplacer("-", "+", "_", "/").Replace(text), isBase64)
	for phase := range 4 {
		if len(chars) >= phase+2*spillLeast {
			group := chars[phase:] + "AAA" // complete the last group
			decoded, _ := base64.RawStdEncoding.DecodeString(group[:len(group)&^3])
			out = append(out, string(decoded))
		}
	}
	return append(out, decimals(text))
}

// decimals returns the bytes that a text lists as decimal numbers.
func decimals(text string) string {
	var out []byte
	for field := range strings.FieldsFuncSeq(text, func(r rune) bool { return r < '0' || r > '9' }) {
		if n, err := strconv.ParseUint(field, 10, 8); err == nil {
			out = append(out, byte(n))
		}
	}
	return string(out)
}

// keep returns the bytes in a class.
func keep(text string, class func(byte) bool) string {
	var b strings.Builder
	for i := range len(text) {
		if class(text[i]) {
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

func alphanumeric(text string) string { return keep(text, isAlphanumeric) }

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}

func isHexDigit(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'F' || 'a' <= c && c <= 'f'
}

func isBase64(c byte) bool { return isAlphanumeric(c) || c == '+' || c == '/' }

// isKeyID reports whether text has the form of an access key ID.
func isKeyID(text string) bool {
	return len(text) >= 16 && len(text) < 32 && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}
