package scanner

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/hex"

	"github.com/keyguard/keyguard/patterns"
)

// FingerprintLen is the length of a fingerprint: 16 bytes in hexadecimal.
const FingerprintLen = 32

// fingerprintRounds makes a guess cost a millisecond.
const fingerprintRounds = 2048

// Fingerprint identifies the finding by what it is, not by where: it stays the
// same when lines, files or commits move, and another secret in the same place
// has another one.
//
// It is PBKDF2-HMAC-SHA256 (RFC 8018) of the secret, salted with the rule, since
// baselines and allowlists with fingerprints are published. An AWS secret has
// 240 random bits and would be safe in a plain hash, but a rule of a team's own
// may find short passwords: the rounds make guessing slow, and the salt, which
// is this program's own and the rule's, makes tables of other hashes useless. A
// salt for each repository would be published with it, so it would not hinder
// who guesses, and shared allowlists could no longer name a secret. An access
// key id is no secret, reports show it, and a file may hold thousands: it gets
// one round.
//
// The three rules that find an AWS secret share a salt: which of them does
// depends on how far away its id is, and moving that must not make a new
// finding.
//
// It costs about a millisecond, once for each Finding: some tenths of a second
// for hundreds. The first call writes to f.
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
