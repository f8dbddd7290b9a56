package proof

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// block is a section of PEM text or of OpenPGP armor.
type block struct {
	label   string // between BEGIN and the dashes
	headers []string
	content []byte // decoded
	sum     string // the four characters of a CRC-24, for armor
}

// findBlock returns the first block in text with a private key. The problem is empty if the
// block could be decoded. White space is free (RFC 7468, section 3, "lax"), as in YAML. Line
// feeds can be escaped, as in JSON.
func findBlock(text []byte) (b block, problem string) {
	var rest []byte
	for !strings.Contains(b.label, "PRIVATE KEY") {
		_, after, found := bytes.Cut(text, []byte("-----BEGIN "))
		label, _, complete := bytes.Cut(after[:min(len(after), 64)], []byte("-----"))
		if !found {
			return b, "no PEM block with a private key"
		}
		if b.label, text = "", after; complete {
			b.label, rest = string(label), after[len(label)+5:]
		}
	}
	content, _, complete := bytes.Cut(rest, []byte("-----END "+b.label+"-----"))
	if !complete {
		return b, "a PEM block without an end"
	}
	lines := bytes.Split(unescapeLines(content), []byte("\n"))
	digits := b.read(lines, func(line []byte) []byte { return bytes.Join(bytes.Fields(line), nil) })
	var err error
	if b.content, err = base64.StdEncoding.Strict().AppendDecode(nil, digits); err == nil {
		return b, ""
	}
	b.headers = nil
	digits = b.read(lines, longestRun) // quotes, comments and marks of other languages
	b.content, err = base64.StdEncoding.Strict().AppendDecode(nil, digits)
	if err != nil || len(digits) == 0 {
		return b, "a PEM block that is not base64"
	}
	return b, ""
}

// read sets the headers and the checksum, and returns the base64 in the other lines.
func (b *block) read(lines [][]byte, digitsOf func(line []byte) []byte) (digits []byte) {
	for _, line := range lines {
		line = bytes.TrimSpace(line)
		switch {
		case bytes.IndexByte(line, ':') > 0:
			b.headers = append(b.headers, string(line))
		case len(line) == 5 && line[0] == '=':
			b.sum = string(line[1:])
		default:
			digits = append(digits, digitsOf(line)...)
		}
	}
	return digits
}

// longestRun returns the longest run of base64 in a line, if it has a group of four.
func longestRun(line []byte) (longest []byte) {
	isOther := func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '+' || r == '/' || r == '=')
	}
	for run := range bytes.FieldsFuncSeq(line, isOther) {
		if len(run) > len(longest) {
			longest = run
		}
	}
	if len(longest) < 4 {
		return nil
	}
	return longest
}

// unescapeLines replaces the escapes of line feeds, carriage returns and tabs. Base64 has no
// backslashes, so several before a letter are one escape that was escaped again.
func unescapeLines(text []byte) []byte {
	if bytes.IndexByte(text, '\\') < 0 {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			out = append(out, text[i])
			continue
		}
		for i+1 < len(text) && text[i+1] == '\\' {
			i++
		}
		if i+1 < len(text) && strings.IndexByte("nrt", text[i+1]) >= 0 {
			i++
		}
		out = append(out, '\n')
	}
	return out
}

// checkPEM requires a block with a private key (RFC 7468; RFC 1421 for keys that OpenSSL
// encrypts). The label determines the format of the key: see [checkDER], [checkOpenSSH].
func checkPEM(_ *Proof, _, body []byte) Result {
	b, problem := findBlock(body)
	if problem != "" {
		return unknown(problem)
	}
	if len(b.content) == 0 {
		return refuted("the PEM block is empty")
	}
	for _, header := range b.headers {
		if strings.HasPrefix(header, "Proc-Type: 4,ENCRYPTED") {
			return encryptedPEM(b)
		}
	}
	read := map[string]func([]byte) Result{
		"OPENSSH PRIVATE KEY":   parseOpenSSH,
		"ENCRYPTED PRIVATE KEY": parseEncryptedPKCS8,
		"PRIVATE KEY":           parsePKCS8,
		"RSA PRIVATE KEY":       parsePKCS1,
		"EC PRIVATE KEY":        parseSEC1Alone,
		"DSA PRIVATE KEY":       parseDSA,
	}[b.label]
	if read == nil {
		return unknown("a PEM block of another kind")
	}
	r := read(b.content)
	if r.Verdict == Refuted { // some programs write a wrong label
		if other := parseAny(b.content); other.Verdict == Proven {
			return other
		}
	}
	return r
}

// encryptedPEM covers the blocks that OpenSSL encrypts as a whole, with a cipher of 8 or 16
// bytes. Their content is random, except for its length.
func encryptedPEM(b block) Result {
	if len(b.content)%8 != 0 || len(b.content) < 32 {
		return refuted("the encrypted key has an impossible length")
	}
	name, _, _ := strings.Cut(b.label, " ")
	return proven("it is an encrypted key", Facts{Kind: name, Encrypted: true})
}
