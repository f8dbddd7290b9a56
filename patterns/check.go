package patterns

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// Emulators mint ids for this account (LocalStack's default).
const emulatorAccount = "000000000000"

func checkKeyID(text []byte, m *Match) {
	if len(m.Value) != keyIDLen {
		m.drop("not of the length of a key id")
		return
	}
	id := string(m.Value)
	parsed := ParseKeyID(id)
	switch {
	case parsed.Account == emulatorAccount:
		m.Drop = Drop{By: ByEmulator, Text: "key of an emulator (account " + emulatorAccount + ")"}
	case placeholder([]byte(id[4:])):
		m.drop("placeholder")
	case parsed.Generation == Unissued && !hasDigit(m.Value) && !mentionsKey(text[max(0, m.SecretStart-keyNameReach):m.SecretStart]):
		m.drop("reads as words: no id that AWS issued")
	case parsed.Generation == Malformed:
		m.Confidence = Unsure
	case parsed.Generation == Unissued:
		m.Confidence = min(m.Confidence, Likely)
	}
}

// keyNameReach is how many bytes before an id are searched for what names it.
const keyNameReach = 60

func mentionsKey(before []byte) bool {
	lower := bytes.ToLower(before)
	for _, word := range []string{"key", "aws", "access", "cred", "secret", "token", "id"} {
		if bytes.Contains(lower, []byte(word)) {
			return true
		}
	}
	return false
}

func checkNotHex(text []byte, m *Match) {
	for _, c := range m.Value {
		if !isHex(c) {
			return
		}
	}
	m.drop("hexadecimal: a hash, not a secret")
}

// checkMixedCase asks for letters of both cases, and for a digit or sign unless
// the name leaves no doubt: 0.02 % of secrets have none.
func checkMixedCase(_ []byte, m *Match) {
	var upper, lower, other bool
	for _, c := range m.Value {
		switch {
		case 'A' <= c && c <= 'Z':
			upper = true
		case 'a' <= c && c <= 'z':
			lower = true
		default:
			other = true
		}
	}
	if !upper || !lower || !other && m.Confidence < Sure {
		m.drop("a character class is missing: not random base64")
	}
}

// checkNotWords looks for two marks of words in text that should be random.
// Lower-case letters follow one another: of 39 pairs in a secret, 19 or more
// are of two small letters in 0.03 % of them, 21 in 0.004 %; paths and
// identifiers have 19 to 29. And the class of characters changes seldom, but for
// the capital that begins a word: at most 7 times in 0.006 % of secrets. Either
// counts only if the letters follow one another as they do in words.
func checkNotWords(_ []byte, m *Match) {
	pairs, changes := 0, 0
	for i := 1; i < len(m.Value); i++ {
		before, c := characterClass(m.Value[i-1]), characterClass(m.Value[i])
		if before == 'a' && c == 'a' {
			pairs++
		}
		if before != c && (before != 'A' || c != 'a') {
			changes++
		}
	}
	if (pairs*39 >= 19*(len(m.Value)-1) || changes <= 7) && wordiness(m.Value) >= 0 {
		m.drop("reads as words: a path or an identifier")
	}
}

func checkNotPlainWords(_ []byte, m *Match) {
	for _, c := range m.Value {
		if !('a' <= c && c <= 'z') && !isOneOf(c, "-_.:@,") {
			return
		}
	}
	m.drop("plain words")
}

// checkNotReference drops a value with a scheme: the address of a secret, or of
// what has none.
func checkNotReference(_ []byte, m *Match) {
	scheme, _, ok := bytes.Cut(m.Value[:min(len(m.Value), 16)], []byte(":"))
	if ok && len(scheme) >= 2 && len(bytes.Trim(scheme, "abcdefghijklmnopqrstuvwxyz0123456789+.-")) == 0 && 'a' <= scheme[0] && scheme[0] <= 'z' {
		m.drop("a reference")
	}
}

func checkNotPlaceholder(text []byte, m *Match) {
	if placeholder(m.Value) {
		m.drop("placeholder")
	}
}

func checkNotExample(text []byte, m *Match) {
	secret := m.Value
	if bytes.Contains(bytes.ToUpper(secret), []byte("EXAMPLE")) || documented(secret) || alteredExample(secret) {
		m.drop("documentation example")
	}
}

// alteredExample reports whether most of secret is, place by place, that of a
// value in AWS's documentation: people change a letter or two for their tests.
func alteredExample(secret []byte) bool {
	for _, example := range []string{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"} {
		if len(secret) != len(example) {
			continue
		}
		differ := 0
		for i := range secret {
			if secret[i] != example[i] {
				differ++
			}
		}
		if differ*4 <= len(secret) {
			return true
		}
	}
	return false
}

// blobRun is the length from which a run of base64 is taken for data. PEM and
// MIME lines have 64 and 76 characters; id/secret joined by a slash has 61.
const blobRun = 64

// dataRun is that length where strings may stand side by side: those of a program
// have a space or another sign among them before long.
const dataRun = 200

func checkNotInBlob(text []byte, m *Match) { m.dropWithin(text, blobRun) }

func checkNotInData(text []byte, m *Match) { m.dropWithin(text, dataRun) }

// textReach is how many bytes around a value say whether it stands in text.
const textReach = 100

// checkNotInText drops what has a line feed near to it and no control character,
// as names and values side by side in a database or a program have.
func checkNotInText(text []byte, m *Match) {
	feeds := false
	for _, c := range text[max(0, m.SecretStart-textReach):min(len(text), m.SecretEnd+textReach)] {
		feeds = feeds || c == '\n'
		if c < ' ' && !isOneOf(c, "\t\r\n\x1b") {
			return
		}
	}
	if feeds {
		m.drop("in a line of text, and a part of the name before it")
	}
}

func checkNotJWT(text []byte, m *Match) {
	if bytes.HasPrefix(m.Value, []byte("eyJ")) {
		m.drop("a JSON web token, not an AWS session token")
	}
}

// lineReach is how many bytes around a secret are searched for lines of base64.
const lineReach = 256

// checkNotInLines drops a line of base64 that has another before or after it.
func checkNotInLines(text []byte, m *Match) {
	from := max(0, m.SecretStart-lineReach)
	text = text[from:min(len(text), m.SecretEnd+lineReach)]
	start := bytes.LastIndexByte(text[:m.SecretStart-from], '\n') + 1
	end := len(text)
	if i := bytes.IndexByte(text[m.SecretEnd-from:], '\n'); i >= 0 {
		end = m.SecretEnd - from + i
	}
	if !base64Line(text[start:end]) {
		return
	}
	var before, after []byte
	if start > 0 {
		before = text[bytes.LastIndexByte(text[:start-1], '\n')+1 : start-1]
	}
	if end < len(text) {
		after, _, _ = bytes.Cut(text[end+1:], []byte{'\n'})
	}
	if base64Line(before) || base64Line(after) {
		m.drop("one of several lines of base64")
	}
}

// base64Line reports whether a line is nothing but base64, and more than an id. In
// a patch it has a mark.
func base64Line(line []byte) bool {
	line = bytes.TrimLeft(bytes.TrimSpace(line), "+")
	if len(line) <= keyIDLen {
		return false
	}
	for _, c := range bytes.TrimRight(line, "=") {
		if !isBase64(c) {
			return false
		}
	}
	return true
}

// checkNotText drops the base64 of text: an encoded value is found decoded, or
// is none.
func checkNotText(_ []byte, m *Match) {
	decoded, err := base64.RawStdEncoding.DecodeString(string(m.Value[:min(len(m.Value), 64)&^3]))
	if err != nil {
		return
	}
	for _, c := range decoded {
		if c < ' ' && !isOneOf(c, "\r\n\t") || c > '~' {
			return
		}
	}
	m.drop("base64 of text")
}

// checkNotExpired looks at Expires=, in seconds since 1970.
func checkNotExpired(_ []byte, m *Match) {
	_, rest, found := bytes.Cut(m.Value, []byte("Expires="))
	digits := len(rest) - len(bytes.TrimLeft(rest, "0123456789"))
	seconds, err := strconv.ParseInt(string(rest[:digits]), 10, 64)
	if found && err == nil && seconds < time.Now().Unix() {
		m.drop("expired")
	}
}

// documented reports whether secret is one of the values in public documents
// that do not say EXAMPLE. They are kept as the first 8 bytes of their SHA-256,
// so that the project itself holds no string of a credential's shape.
func documented(secret []byte) bool {
	sum := sha256.Sum256(secret)
	return strings.Contains(documentedSums, "\n"+hex.EncodeToString(sum[:8])+" ")
}
