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

// emulatorAccount is the default account of LocalStack, for which emulators create IDs.
const emulatorAccount = "000000000000"

func checkKeyID(text []byte, m *Match) {
	if len(m.Value) != keyIDLen {
		m.drop("not the length of a key ID")
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
		m.drop("reads as words: not an ID that AWS issued")
	case parsed.Generation == Malformed:
		m.Confidence = Unsure
	case parsed.Generation == Unissued:
		m.Confidence = min(m.Confidence, Likely)
	}
}

// keyNameReach is the number of bytes before an ID that may name it.
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

// checkMixedCase requires letters of both cases. It also requires a digit or sign, which
// 0.02 % of secrets lack, unless the name is certain.
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

// checkNotWords drops values that read as words by two measures, if their pairs of
// letters are also frequent in words.
//
// Pairs of lower-case letters: 19 or more of the 39 pairs in a secret are such pairs in
// 0.03 % of secrets, 21 or more in 0.004 %. Paths and identifiers have 19 to 29.
//
// Changes between classes of characters, except from a capital to a lower-case letter:
// secrets have at most 7 changes in 0.006 % of cases.
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

// checkNotReference drops a value with a scheme, which is the address of a secret or of a
// public resource.
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

// leastBlock is the number of characters of base64 in the smallest private key: Ed25519 in
// PKCS #8 has 64.
const leastBlock = 60

// checkNotElided drops blocks of lines that are too short for a key, or that an ellipsis
// shortens. Runs of base64 shorter than shortRun are words of labels and headers.
func checkNotElided(_ []byte, m *Match) {
	const shortRun = 16
	digits, run := 0, 0
	for _, c := range m.Value {
		if isBase64(c) {
			run++
			continue
		}
		if run >= shortRun {
			digits += run
		}
		run = 0
	}
	if digits < leastBlock || bytes.Contains(m.Value, []byte("...")) || bytes.Contains(m.Value, []byte("…")) {
		m.drop("shortened, or too short for a key")
	}
}

func checkNotExample(text []byte, m *Match) {
	secret := m.Value
	if bytes.Contains(bytes.ToUpper(secret), []byte("EXAMPLE")) || documented(secret) || alteredExample(secret) {
		m.drop("documentation example")
	}
}

// alteredExample reports whether secret equals a value of the AWS documentation in at
// least three of four bytes. Tests often change a letter or two.
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

// blobRun is the length from which a run of base64 is data. Lines of PEM and MIME have 64
// and 76 characters; an ID and a secret joined by a slash have 61.
const blobRun = 64

// dataRun is blobRun for text in which strings may be adjacent. Strings of a program
// contain a space or another sign sooner.
const dataRun = 200

func checkNotInBlob(text []byte, m *Match) { m.dropWithin(text, blobRun) }

func checkNotInData(text []byte, m *Match) { m.dropWithin(text, dataRun) }

// textReach is the number of bytes around a value that decide whether it is in text.
const textReach = 100

// checkNotInText drops values with a line feed and no control character around them.
// Adjacent names and values in a database or a program are like that.
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

// lineReach is the number of bytes around a secret that may contain lines of base64.
const lineReach = 256

// checkNotInLines drops a line of base64 next to another one.
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

// base64Line reports whether a line is base64 only, and longer than an ID. Marks of a
// patch are ignored.
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

// checkNotText drops base64 that decodes to text. An encoded credential is found in the
// decoded text.
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

// checkNotExpired drops values whose Expires=, in seconds since 1970, is in the past.
func checkNotExpired(_ []byte, m *Match) {
	_, rest, found := bytes.Cut(m.Value, []byte("Expires="))
	digits := len(rest) - len(bytes.TrimLeft(rest, "0123456789"))
	seconds, err := strconv.ParseInt(string(rest[:digits]), 10, 64)
	if found && err == nil && seconds < time.Now().Unix() {
		m.drop("expired")
	}
}

// documented reports whether secret is a published value without EXAMPLE in it. The
// values are stored as the first 8 bytes of their SHA-256, so that the project contains
// no string that looks like a credential.
func documented(secret []byte) bool {
	sum := sha256.Sum256(secret)
	return strings.Contains(documentedSums, "\n"+hex.EncodeToString(sum[:8])+" ")
}

// checkNotSampleLogin drops the passwords of URLs to the own host or to hosts of documents,
// and passwords that are the user or a usual default.
func checkNotSampleLogin(text []byte, m *Match) {
	password := string(bytes.ToLower(m.Value))
	line := text[max(0, m.SecretStart-contextReach):m.SecretStart]
	user := ""
	if i := bytes.LastIndex(line, []byte("://")); i >= 0 {
		user = string(bytes.ToLower(bytes.TrimSuffix(line[i+3:], []byte(":"))))
	}
	host := text[min(len(text), m.SecretEnd+1):min(len(text), m.SecretEnd+contextAfter)]
	host = bytes.ToLower(host[:len(host)-len(bytes.TrimLeft(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"))])
	switch {
	case isSampleHost(string(host)):
		m.drop("a login to the own host, or to a host of documents")
	case password == user || isSamplePassword(password):
		m.drop("a usual default, not a secret")
	case bytes.ContainsAny(m.Value, "${}<>*") && !bytes.ContainsAny(m.Value, "0123456789") || bytes.HasPrefix(m.Value, []byte("$")) || bytes.HasPrefix(m.Value, []byte("%")) && bytes.HasSuffix(m.Value, []byte("%")):
		m.drop("a reference")
	}
}

// isSampleHost reports whether a host is the own one, or reserved for documents (RFC 2606,
// RFC 5737, RFC 6761), or a word in place of a host.
func isSampleHost(host string) bool {
	host = strings.TrimSuffix(host, ".")
	for _, suffix := range []string{"localhost", "example", "example.com", "example.org", "example.net", "test", "invalid", "local", "domain.com", "mydomain.com", "your-domain.com", "yourdomain.com"} {
		if host == suffix || strings.HasSuffix(host, "."+suffix) {
			return true
		}
	}
	for _, prefix := range []string{"127.", "0.0.0.0", "192.0.2.", "198.51.100.", "203.0.113.", "example", "your", "host"} {
		if strings.HasPrefix(host, prefix) {
			return true
		}
	}
	switch host {
	case "", "db", "database", "postgres", "postgresql", "mysql", "mariadb", "mongo", "mongodb", "redis", "rabbitmq", "rabbit", "server", "hostname", "proxy", "foo", "bar", "foo.com", "bar.com", "a", "b", "x", "ip", "domain", "website", "site", "url", "some.host", "cluster":
		return true
	}
	return false
}

// isSamplePassword reports whether a password in lower case is a usual default or a word in
// place of a password.
func isSamplePassword(password string) bool {
	switch strings.Trim(password, "_-*.") {
	case "", "password", "passwd", "pass", "pwd", "pw", "secret", "user", "username", "root", "admin", "guest", "postgres", "mysql", "redis", "mongo", "rabbitmq", "changeme", "change_me", "test", "testing", "example",
		"token", "xxx", "xxxx", "x-oauth-basic", "x", "foo", "bar", "baz", "123", "1234", "12345", "123456", "mypassword", "mypass", "yourpassword", "your_password", "your-password", "dbpassword", "db_password", "userpass", "pa55", "p4ss", "passw0rd", "p@ssword", "p@ssw0rd", "redacted", "hidden", "masked", "none", "null", "undefined", "empty", "api_key", "apikey", "key", "docker", "dev", "demo", "default", "letmein", "s3cret", "secretpassword", "supersecret", "hunter2", "port", "login":
		return true
	}
	return false
}
