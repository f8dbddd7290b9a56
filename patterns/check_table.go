package patterns

// A check looks at a match and the text around it. It sets m.Drop, with the
// reason as a user would want to read it, or lowers m.Confidence. It looks no
// farther around the secret than lookBefore and lookAfter, where its reach is to be
// added: in history a match is judged again only if something changes that near.
type check func(text []byte, m *Match)

// namedCheck is a check that rules can name, and what it does in a line.
type namedCheck struct {
	name, doc string
	check     check
}

// namedChecks is every check there is, in the order in which `keyguard rules
// show` explains them.
func namedChecks() []namedCheck {
	return []namedCheck{
		{"key-id", "grades the structure of an AWS key id; drops placeholders and the accounts of emulators", checkKeyID},
		{"not-hex", "drops hexadecimal digits only: hashes", checkNotHex},
		{"mixed-case", "drops what lacks upper-case, lower-case or any non-letter", checkMixedCase},
		{"not-words", "drops what reads as words: paths and identifiers", checkNotWords},
		{"not-plain-words", "drops small letters and what joins words, without a digit: names and simple passwords", checkNotPlainWords},
		{"not-reference", "drops what begins as an address does, op://… or vault:…: the value is elsewhere", checkNotReference},
		{"not-placeholder", "drops alphabets, digit runs, repeats and words such as CHANGEME", checkNotPlaceholder},
		{"not-example", "drops what contains EXAMPLE and the values of public documentation", checkNotExample},
		{"not-in-blob", "drops what stands in a long run of base64", checkNotInBlob},
		{"not-in-data", "drops what stands in 200 bytes of base64 or more", checkNotInData},
		{"not-in-text", "drops what stands in lines of text", checkNotInText},
		{"not-in-lines", "drops one of several lines of base64", checkNotInLines},
		{"not-jwt", "drops JSON web tokens, which S3-compatible services issue", checkNotJWT},
		{"not-text", "drops base64 that decodes to text", checkNotText},
		{"not-expired", "drops a signed URL whose Expires is over", checkNotExpired},
		{"not-beside-foreign-id", "drops what stands beside the key id of another, S3-compatible service", checkNotBesideForeignID},
	}
}

// checkNames lists the checks that a rule can name.
func checkNames() (names []string) {
	for _, c := range namedChecks() {
		names = append(names, c.name)
	}
	return names
}

// CheckDoc says in a line what the check of that name drops; nothing of a name
// that there is not.
func CheckDoc(name string) string {
	c, _ := checkNamed(name)
	return c.doc
}

func checkNamed(name string) (namedCheck, bool) {
	for _, c := range namedChecks() {
		if c.name == name {
			return c, true
		}
	}
	return namedCheck{}, false
}
