package patterns

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// A check looks at a match and the text around it. It sets m.Drop, with the
// reason as a user would want to read it, or lowers m.Confidence.
type check func(text []byte, m *Match)

// CheckNames lists the checks that a rule can name, in the order in which
// `keyguard rules show` explains them.
func CheckNames() []string {
	return []string{"key-id", "not-hex", "mixed-case", "not-words", "not-placeholder", "not-example", "not-in-blob", "not-jwt"}
}

// CheckDoc says in a line what the check of that name drops.
func CheckDoc(name string) string {
	return map[string]string{
		"key-id":          "grades the structure of an AWS key id; drops placeholders and the accounts of emulators",
		"not-hex":         "drops hexadecimal digits only: hashes",
		"mixed-case":      "drops what lacks upper-case, lower-case or any non-letter",
		"not-words":       "drops what reads as words: paths and identifiers",
		"not-placeholder": "drops alphabets, digit runs, repeats and words such as CHANGEME",
		"not-example":     "drops what contains EXAMPLE and the values of public documentation",
		"not-in-blob":     "drops what stands in a long run of base64",
		"not-jwt":         "drops JSON web tokens, which S3-compatible services issue",
	}[name]
}

func checkNamed(name string) (check, bool) {
	checks := map[string]check{
		"key-id":          checkKeyID,
		"not-hex":         checkNotHex,
		"mixed-case":      checkMixedCase,
		"not-words":       checkNotWords,
		"not-placeholder": checkNotPlaceholder,
		"not-example":     checkNotExample,
		"not-in-blob":     checkNotInBlob,
		"not-jwt":         checkNotJWT,
	}
	c, ok := checks[name]
	return c, ok
}

// Emulators mint ids for this account (LocalStack's default).
const emulatorAccount = "000000000000"

// EmulatorKey is the reason for which the ids of emulators are dropped.
const EmulatorKey = "key of an emulator (account " + emulatorAccount + ")"

func checkKeyID(text []byte, m *Match) {
	id := string(text[m.SecretStart:m.SecretEnd])
	parsed := ParseKeyID(id)
	switch {
	case parsed.Account == emulatorAccount:
		m.Drop = EmulatorKey
	case placeholder([]byte(id[4:])):
		m.Drop = "placeholder"
	case parsed.Generation == Malformed:
		m.Confidence = Unsure
	case parsed.Generation == Unissued:
		m.Confidence = min(m.Confidence, Likely)
	}
}

func checkNotHex(text []byte, m *Match) {
	for _, c := range text[m.SecretStart:m.SecretEnd] {
		if !isHex(c) {
			return
		}
	}
	m.Drop = "hexadecimal: a hash, not a secret"
}

func checkMixedCase(text []byte, m *Match) {
	var upper, lower, other bool
	for _, c := range text[m.SecretStart:m.SecretEnd] {
		switch {
		case 'A' <= c && c <= 'Z':
			upper = true
		case 'a' <= c && c <= 'z':
			lower = true
		default:
			other = true
		}
	}
	if !upper || !lower || !other {
		m.Drop = "a character class is missing: not random base64"
	}
}

// checkNotWords counts lower-case letters that follow one another. Forty
// random base64 characters have 6 such pairs of 39, and fewer than 1 in 10,000
// have 17; paths and identifiers have 20 and more.
func checkNotWords(text []byte, m *Match) {
	secret := text[m.SecretStart:m.SecretEnd]
	pairs := 0
	for i := 1; i < len(secret); i++ {
		if isLower(secret[i-1]) && isLower(secret[i]) {
			pairs++
		}
	}
	if pairs*39 >= 17*(len(secret)-1) {
		m.Drop = "reads as words: a path or an identifier"
	}
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

func checkNotPlaceholder(text []byte, m *Match) {
	if placeholder(text[m.SecretStart:m.SecretEnd]) {
		m.Drop = "placeholder"
	}
}

func checkNotExample(text []byte, m *Match) {
	secret := text[m.SecretStart:m.SecretEnd]
	if bytes.Contains(bytes.ToUpper(secret), []byte("EXAMPLE")) || documented(secret) {
		m.Drop = "documentation example"
	}
}

// blobRun is the length from which a run of base64 is taken for data. PEM and
// MIME lines have 64 and 76 characters; id/secret joined by a slash has 61.
const blobRun = 64

func checkNotInBlob(text []byte, m *Match) {
	start, end := m.SecretStart, m.SecretEnd
	for start > 0 && end-start < blobRun && isBase64(text[start-1]) {
		start--
	}
	for end < len(text) && end-start < blobRun && isBase64(text[end]) {
		end++
	}
	if end-start >= blobRun {
		m.Drop = "inside a long run of base64"
	}
}

func checkNotJWT(text []byte, m *Match) {
	if bytes.HasPrefix(text[m.SecretStart:m.SecretEnd], []byte("eyJ")) {
		m.Drop = "a JSON web token, not an AWS session token"
	}
}

func isBase64(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '/'
}

// documented reports whether secret is one of the values in public documents
// that do not say EXAMPLE. They are kept as the first 8 bytes of their SHA-256,
// so that the project itself holds no string of a credential's shape.
func documented(secret []byte) bool {
	sum := sha256.Sum256(secret)
	return strings.Contains(documentedSums, "\n"+hex.EncodeToString(sum[:8])+" ")
}
