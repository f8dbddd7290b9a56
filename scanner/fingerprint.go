package scanner

import (
	"bytes"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/hex"

	"github.com/keyguard/keyguard/patterns"
)

// FingerprintLen is the length of a fingerprint: 16 bytes in hexadecimal.
const FingerprintLen = 32

// StrongBits is the number of random bits from which a secret cannot be guessed, even by
// someone who has its hash.
const StrongBits = 128

// fingerprintRounds makes a guess take a millisecond.
const fingerprintRounds = 2048

// weakPrefix is the number of hexadecimal digits of the long fingerprint that the
// fingerprint of a weak secret depends on: 16 bits.
const weakPrefix = 4

// Fingerprint identifies the finding by its secret, not by its location: it stays the same
// if lines, files or commits move, and differs for another secret in the same place.
// Baselines and allowlists publish fingerprints.
//
// The long form is for strong secrets, with StrongBits random bits or more. It is
// PBKDF2-HMAC-SHA256 (RFC 8018) of the secret, with the rule as the salt. All rules for the
// secret of a pair share a salt: see patterns.Rule.FingerprintSalt. An ID is not secret, and
// gets one round.
//
// The short form is for all others, such as passwords, which could be guessed from the long
// form. It is a hash of the rule, the name before the secret, and 16 bits of the long form.
// Someone who has it can reject 65,535 of 65,536 guesses, at a millisecond each: a list of
// ten million passwords keeps some 150 candidates. A changed password keeps its fingerprint
// in one of 65,536 cases.
//
// It takes about a millisecond, once for each Finding. The first call modifies f.
func (f *Finding) Fingerprint() string {
	if f.isStrong() {
		return f.longFingerprint()
	}
	return ShortFingerprint(f.RuleID, f.Name(), f.longFingerprint())
}

// Fingerprints returns the fingerprints that files may contain for the finding: its own
// first, then the long form, which versions before 0.2 used for all secrets, then the ones of
// the rules of sensitive files that found the secret in these versions.
func (f *Finding) Fingerprints() []string {
	out := []string{f.Fingerprint()}
	if !f.isStrong() {
		out = append(out, f.longFingerprint())
	}
	for _, former := range f.former() {
		out = append(out, former.Fingerprints()...)
	}
	return out
}

// FormerFingerprints returns the fingerprints that versions before 0.2 would give the secret,
// because a rule of sensitive files found it. None helps to guess a weak secret.
func (f *Finding) FormerFingerprints() (out []string) {
	for _, former := range f.former() {
		out = append(out, former.Fingerprint())
	}
	return out
}

// former returns the secret as a finding of the rules of sensitive files.
func (f *Finding) former() (out []Finding) {
	if f.rule == nil {
		return nil
	}
	paths := []string{f.Origin.Path}
	if f.Origin.History != nil {
		paths = append(paths, f.Origin.History.Paths...)
	}
	known := make(map[*patterns.Rule]bool)
	for _, path := range paths {
		for rule, value := range f.rule.FormerValues(path, f.Secret.Reveal()) {
			if !known[rule] {
				known[rule] = true
				out = append(out, Finding{RuleID: rule.ID, Kind: rule.Kind, Bits: rule.Bits, Secret: Secret(value), name: f.Excerpt.nameBefore(f.Span.Start)})
			}
		}
	}
	return out
}

// SHA256 returns the SHA-256 of a strong secret in hexadecimal, and "" for others.
func (f *Finding) SHA256() string {
	if !f.isStrong() {
		return ""
	}
	return f.Secret.SHA256()
}

func (f *Finding) isStrong() bool {
	return f.Bits >= StrongBits || f.Kind.IsPublic()
}

// setName records the name of a weak secret, which is the value of a candidate.
func (f *Finding) setName(c *candidate) {
	if !f.isStrong() {
		f.name = c.excerpt.nameBefore(c.span.Start)
	}
}

// Name returns the name before a weak secret on the line of its first use, such as the name
// of a variable. It is "" for strong secrets, and stays the same if the finding moves to
// another use.
func (f *Finding) Name() string { return f.name }

// nameBefore returns the name before an offset in the blob, on the shown part of the line.
func (e *Excerpt) nameBefore(at int64) string {
	end := int(at - e.start)
	if e.from > end || end > len(e.text) {
		return ""
	}
	return NameBefore(e.text[e.from:end])
}

// NameBefore returns the last name in the start of a line: letters, digits and _ . - with
// at most nameGap other bytes after them.
func NameBefore(text []byte) string {
	const nameGap = 8
	isName := func(c byte) bool {
		return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '.' || c == '-'
	}
	end := len(text)
	for end > 0 && !isName(text[end-1]) {
		end--
	}
	if end < len(text)-nameGap {
		return ""
	}
	start := end
	for start > 0 && isName(text[start-1]) {
		start--
	}
	return string(bytes.Trim(text[start:end], "-."))
}

// ShortFingerprint returns the fingerprint of a weak secret: see Finding.Fingerprint.
func ShortFingerprint(rule, name, long string) string {
	sum := sha256.Sum256([]byte("keyguard fingerprint 3\x00" + rule + "\x00" + name + "\x00" + long[:weakPrefix]))
	return hex.EncodeToString(sum[:FingerprintLen/2])
}

func (f *Finding) longFingerprint() string {
	if f.fingerprint != "" {
		return f.fingerprint
	}
	salt, rounds := "rule "+f.RuleID, fingerprintRounds
	if f.rule != nil {
		salt = f.rule.FingerprintSalt()
	}
	if f.Kind.IsPublic() {
		rounds = 1
	}
	sum, err := pbkdf2.Key(sha256.New, f.Secret.Reveal(), []byte("keyguard fingerprint 2\x00"+salt), rounds, FingerprintLen/2)
	if err != nil {
		panic("fingerprint: " + err.Error()) // FIPS mode objects to lengths, and these are constants
	}
	f.fingerprint = hex.EncodeToString(sum)
	return f.fingerprint
}
