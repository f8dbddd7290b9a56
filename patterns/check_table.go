package patterns

// check inspects a match and the text around it. It drops the match, with a reason for
// users, or lowers its confidence. It must not read further around the secret than
// surroundBefore and surroundAfter, to which a new check adds its reach: in a scan of
// history, a match is only checked again if these bytes change.
type check func(text []byte, m *Match)

// namedCheck is a check that rules can name, with a one-line description.
type namedCheck struct {
	name, doc string
	check     check
}

// namedChecks returns all checks, in the order of `keyguard rules show`.
func namedChecks() []namedCheck {
	return []namedCheck{
		{"key-id", "grades the structure of an AWS key ID; drops placeholders and accounts of emulators", checkKeyID},
		{"not-hex", "drops values of hexadecimal digits only: hashes", checkNotHex},
		{"mixed-case", "drops values without an upper-case letter, a lower-case letter or a non-letter", checkMixedCase},
		{"not-words", "drops values that read as words: paths and identifiers", checkNotWords},
		{"not-plain-words", "drops lower-case words without a digit: names and simple passwords", checkNotPlainWords},
		{"not-reference", "drops references such as op://… or vault:…", checkNotReference},
		{"not-placeholder", "drops alphabets, digit runs, repeats and words such as CHANGEME", checkNotPlaceholder},
		{"not-elided", "drops blocks of text, such as PEM, with an ellipsis or less than 60 characters of base64", checkNotElided},
		{"not-example", "drops values that contain EXAMPLE and values of public documentation", checkNotExample},
		{"not-in-blob", "drops parts of a long run of base64", checkNotInBlob},
		{"not-in-data", "drops parts of 200 bytes of base64 or more", checkNotInData},
		{"not-in-text", "drops values in lines of text", checkNotInText},
		{"not-in-lines", "drops one of several lines of base64", checkNotInLines},
		{"not-sample-login", "drops passwords of URLs that are usual defaults, or for the own host or a host of documents", checkNotSampleLogin},
		{"not-jwt", "drops JSON web tokens, which S3-compatible services issue", checkNotJWT},
		{"not-text", "drops base64 that decodes to text", checkNotText},
		{"not-expired", "drops a signed URL whose Expires is over", checkNotExpired},
		{"not-beside-foreign-id", "drops values beside the key ID of another, S3-compatible service", checkNotBesideForeignID},
	}
}

// checkNames returns the names of all checks.
func checkNames() (names []string) {
	for _, c := range namedChecks() {
		names = append(names, c.name)
	}
	return names
}

// CheckDoc returns the one-line description of a check, or "" for an unknown name.
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
