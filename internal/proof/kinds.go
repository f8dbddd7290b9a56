package proof

// kind is a structure that proofs can name.
type kind struct {
	name, doc string
	bits      int      // a random value of the shape is proven with a chance of about 1 in 2^bits
	params    []string // the parameters that the kind uses, except kind, effect, prefixes and lengths
	check     func(p *Proof, value, body []byte) Result
	validate  func(p *Proof) error // nil if every value of the parameters is possible
}

// kinds holds all kinds, sorted by name.
var kinds = [...]kind{
	{"base58check", "a Base58Check checksum: private keys and extended keys of Bitcoin", 32, nil, checkBase58, nil},
	{"basic-auth", "base64 of user:password", 24, nil, checkBasicAuth, nil},
	{"bech32", "a bech32 or bech32m checksum: age, Nostr", 30, []string{"hrp", "encoding"}, checkBech32, validateBech32},
	{"crc32", "a CRC-32 (IEEE) at the end of the token", 32, []string{"over", "encoding", "tail", "separator"}, checkCRC32, validateCRC32},
	{"der", "a private key in DER, in base64: PKCS #1, SEC 1, PKCS #8", 32, nil, checkDER, nil},
	{"equal-halves", "a mark in the middle of the token", 5, []string{"mark"}, checkEqualHalves, validateEqualHalves},
	{"json", "a JSON object with members", 32, []string{"encoding", "separator", "keys", "pem", "facts"}, checkJSON, validateJSON},
	{"jwt", "a JSON Web Token: header, claims, and a signature of the right length", 32, []string{"keys", "facts"}, checkJWT, validateFacts},
	{"macaroon", "a macaroon of version 1 or 2, in base64", 32, nil, checkMacaroon, nil},
	{"marvin32", "a Marvin32 checksum: identifiable keys of Azure", 32, []string{"seeds", "mark", "encoding"}, checkMarvin, validateMarvin},
	{"objectid", "a MongoDB ObjectId with a plausible time", 3, []string{"since"}, checkObjectID, validateSince},
	{"openssh", "an OpenSSH private key (openssh-key-v1)", 32, nil, checkOpenSSH, nil},
	{"pem", "a private key in PEM, with or without a passphrase", 32, nil, checkPEM, nil},
	{"pgp", "an OpenPGP private key block with a CRC-24", 24, nil, checkPGP, nil},
	{"ppk", "a PuTTY private key whose MAC is right", 160, nil, checkPPK, nil},
	{"snowflake", "a snowflake ID with a plausible time", 1, []string{"since", "epoch", "encoding"}, checkSnowflake, validateSnowflake},
	{"url", "a URL with a user and a password", 8, []string{"schemes"}, checkURL, nil},
}

// Kinds returns the names of all kinds, sorted.
func Kinds() (names []string) {
	for _, k := range kinds {
		names = append(names, k.name)
	}
	return names
}

// Doc returns the one-line description of a kind, or "" for an unknown name.
func Doc(name string) string {
	k, _ := kindNamed(name)
	return k.doc
}

// kindNamed returns the kind with a name, or an empty one.
func kindNamed(name string) (*kind, bool) {
	for i := range kinds {
		if kinds[i].name == name {
			return &kinds[i], true
		}
	}
	return &kind{}, false
}
