package proof

import (
	"fmt"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"
)

// Facts holds the public content of a value, never the secret. An empty field is unknown.
// The texts come from the value: they are printable and have at most 128 bytes.
type Facts struct {
	Kind        string // of a key: RSA, EC P-256, Ed25519 …
	Bits        int    // of a key
	Encrypted   bool   // whether a passphrase protects the key
	Public      string // SHA-256 of the public key's SubjectPublicKeyInfo, in hexadecimal
	Fingerprint string // of the public key, as ssh-keygen -l or gpg prints it
	Algorithm   string // of a signature, as in the header of a JWT
	Issuer      string
	Account     string
	Project     string
	Host        string
	Mode        string // live or test
	Issued      time.Time
	Expires     time.Time
}

// Fact is a fact with its name.
type Fact struct{ Name, Value string }

// List returns the facts that are known, in a fixed order. Times are in RFC 3339 and UTC.
func (f *Facts) List() (out []Fact) {
	add := func(name, value string) {
		if value != "" {
			out = append(out, Fact{name, value})
		}
	}
	add("kind", f.Kind)
	if f.Bits > 0 {
		add("bits", strconv.Itoa(f.Bits))
	}
	if f.Encrypted {
		add("encrypted", "yes")
	}
	add("public", f.Public)
	add("fingerprint", f.Fingerprint)
	add("algorithm", f.Algorithm)
	for _, name := range textFacts() {
		add(name, *f.text(name))
	}
	add("issued", stamp(f.Issued))
	add("expires", stamp(f.Expires))
	return out
}

// textFacts returns the names of the facts that a rule can take from members of an object,
// without the times.
func textFacts() []string { return []string{"issuer", "account", "project", "host", "mode"} }

// text returns the field of a text fact, or nil for another name.
func (f *Facts) text(name string) *string {
	switch name {
	case "issuer":
		return &f.Issuer
	case "account":
		return &f.Account
	case "project":
		return &f.Project
	case "host":
		return &f.Host
	case "mode":
		return &f.Mode
	}
	return nil
}

// time returns the field of a time, or nil for another name.
func (f *Facts) time(name string) *time.Time {
	switch name {
	case "issued":
		return &f.Issued
	case "expires":
		return &f.Expires
	}
	return nil
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// maxFact is the greatest length of a text fact, in bytes.
const maxFact = 128

// Printable returns s, or "" if s is too long for a fact or has characters that do not print.
func Printable(s string) string {
	if len(s) > maxFact || !isPrintable(s) {
		return ""
	}
	return s
}

// isPrintable reports whether s is UTF-8 of characters that print.
func isPrintable(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

// maxSeconds is the last second that RFC 3339 can write.
const maxSeconds = 253402300799

// unix returns the time of seconds since 1970, or the zero time if RFC 3339 cannot write it.
func unix(seconds float64) time.Time {
	if !(seconds >= 1 && seconds <= maxSeconds) {
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0).UTC()
}

// validateFacts returns an error if a rule takes a fact that does not exist.
func validateFacts(p *Proof) error {
	var f Facts
	for name, member := range p.Facts {
		if f.text(name) == nil && f.time(name) == nil {
			return fmt.Errorf("fact %q does not exist: use issuer, account, project, host, mode, issued or expires", name)
		}
		if member == "" {
			return fmt.Errorf("fact %s has no member: name one", name)
		}
	}
	return nil
}
