package scanner

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/hex"

	"github.com/keyguard/keyguard/patterns"
)

// FingerprintLen is the length of a fingerprint: 16 bytes in hexadecimal.
const FingerprintLen = 32

// fingerprintRounds makes a guess take a millisecond.
const fingerprintRounds = 2048

// Fingerprint identifies the secret of a finding and its rule or kind. It is independent
// of file, line and commit.
//
// It is PBKDF2-HMAC-SHA256 (RFC 8018) of the secret, salted with the rule, because
// baselines and allowlists with fingerprints are published. An AWS secret has 240 random
// bits and would be safe in a plain hash, but a custom rule may find short passwords. The
// rounds make guessing slow. The salt, which contains the name of this program and the
// rule, makes tables of other hashes useless. A salt per repository would be published
// with it and would not hinder guessing, and shared allowlists could no longer name a
// secret. An access key ID is not secret, reports show it, and a file may contain
// thousands, so it gets one round.
//
// The three rules that find an AWS secret share a salt: the distance of its ID determines
// which of them matches, and moving the ID must not create a new finding.
//
// It takes about a millisecond, once per Finding. The first call writes to f.
func (f *Finding) Fingerprint() string {
	if f.fingerprint != "" {
		return f.fingerprint
	}
	salt, rounds := "keyguard fingerprint 2\x00rule "+f.RuleID, fingerprintRounds
	switch f.Kind {
	case patterns.KeyPair, patterns.SecretKey:
		salt = "keyguard fingerprint 2\x00kind " + string(patterns.SecretKey)
	case patterns.AccessKeyID:
		rounds = 1
	}
	sum, err := pbkdf2.Key(sha256.New, f.Secret.Reveal(), []byte(salt), rounds, FingerprintLen/2)
	if err != nil {
		panic("fingerprint: " + err.Error()) // FIPS mode objects to lengths, and these are constants
	}
	f.fingerprint = hex.EncodeToString(sum)
	return f.fingerprint
}
