package synth

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
)

// filters returns the filters without an argument.
//
// Escaping filters keep letters and digits. Those whose names end in "-all" escape every
// character.
func filters() map[string]func(string) string {
	return map[string]func(string) string{
		"base64":     func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"base64url":  func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
		"hex":        func(s string) string { return hex.EncodeToString([]byte(s)) },
		"upper":      strings.ToUpper,
		"reverse":    reverse,
		"quote":      strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace,
		"json":       strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "/", `\/`).Replace, // as PHP does
		"chomp":      func(s string) string { return strings.TrimSuffix(s, "\n") },
		"crlf":       strings.NewReplacer("\n", "\r\n").Replace,
		"cr":         strings.NewReplacer("\n", "\r").Replace,
		"bom":        func(s string) string { return "\ufeff" + s },
		"utf16le":    func(s string) string { return widen(s, binary.LittleEndian) },
		"utf16be":    func(s string) string { return widen(s, binary.BigEndian) },
		"utf32le":    func(s string) string { return widest(s, binary.LittleEndian) },
		"utf32be":    func(s string) string { return widest(s, binary.BigEndian) },
		"gzip":       gzipped,
		"zip":        zipped,
		"percent":    escaper("%%%02X", false),
		"unicode":    escaper(`\u%04X`, false),
		"html":       escaper("&#x%X;", false),
		"html-dec":   escaper("&#%d;", false),
		"x":          escaper(`\x%02x`, false),
		"qp":         escaper("=%02X", false), // quoted-printable, RFC 2045
		"percent-lc": escaper("%%%02x", false),
		"unicode-lc": escaper(`\u%04x`, false),

		"percent-all": escaper("%%%02X", true),
		"unicode-all": escaper(`\u%04x`, true),
		"html-all":    escaper("&#%d;", true),
		"x-all":       escaper(`\x%02x`, true),
		"octal-all":   escaper(`\%03o`, true),
	}
}

// filter applies a chain such as "|base64|wrap:76".
//
//	wrap:N         a line break after every N bytes
//	indent:N       N spaces after every line break
//	slice:FROM:TO  bytes FROM to TO
//	crc62          the text, and its CRC-32: also crc36, crchex, crcupper and crcle
//	crcle:_        the same, with a separator that the checksum does not cover
func filter(s, chain string) (string, error) {
	for name := range strings.SplitSeq(strings.TrimPrefix(chain, "|"), "|") {
		if name == "" {
			continue
		}
		if f, ok := filters()[name]; ok {
			s = f(s)
			continue
		}
		checksum, separator, _ := strings.Cut(name, ":")
		if sum := crcTags()[checksum]; sum != nil {
			s += separator + sum(s)
			continue
		}
		var from, to int
		if n, _ := fmt.Sscanf(name, "slice:%d:%d", &from, &to); n == 2 {
			if from < 0 || from > to || to > len(s) {
				return "", fmt.Errorf("template filter %q does not fit a text of %d bytes", name, len(s))
			}
			s = s[from:to]
		} else if n, _ := fmt.Sscanf(name, "wrap:%d", &to); n == 1 && to > 0 {
			s = wrap(s, to)
		} else if n, _ := fmt.Sscanf(name, "indent:%d", &to); n == 1 {
			s = strings.ReplaceAll(s, "\n", "\n"+strings.Repeat(" ", to))
		} else {
			return "", fmt.Errorf("template has an unknown filter %q", name)
		}
	}
	return s, nil
}

func escaper(format string, all bool) func(string) string {
	return func(s string) string {
		var b strings.Builder
		for _, c := range []byte(s) {
			if all || !strings.ContainsRune(upper+lower+digits, rune(c)) {
				fmt.Fprintf(&b, format, c)
			} else {
				b.WriteByte(c)
			}
		}
		return b.String()
	}
}

func reverse(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

func wrap(s string, n int) string {
	var lines []string
	for line := range slices.Chunk([]byte(s), n) {
		lines = append(lines, string(line))
	}
	return strings.Join(lines, "\n")
}

func widen(s string, order binary.AppendByteOrder) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, unit)
	}
	return string(b)
}

func widest(s string, order binary.AppendByteOrder) string {
	var b []byte
	for _, c := range s {
		b = order.AppendUint32(b, uint32(c))
	}
	return string(b)
}

// gzipped and zipped write to memory, so their writers return no errors.
func gzipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.String()
}

func zipped(s string) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	member, _ := w.Create("member.txt")
	_, _ = member.Write([]byte(s))
	_ = w.Close()
	return b.String()
}
