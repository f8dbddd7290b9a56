package patterns

import (
	"bytes"
	"encoding/base32"
	"fmt"
	"slices"
	"strings"
)

// Generation is the form of an access key ID: AWS has issued two.
type Generation int

// The generations. Research on issued IDs (WithSecure, "A bitwise analysis of AWS access
// key identifiers") found that the first bit of the body separates them, and that bodies
// of the old generation start with I or J.
const (
	Malformed     Generation = iota // not base32, so not issued by AWS
	Unissued                        // base32, but of neither generation
	OldGeneration                   // valid until deleted; does not contain the account
	NewGeneration                   // contains the account
)

// KeyID is the structure of an AWS access key ID, derived offline.
type KeyID struct {
	Generation Generation
	Account    string // 12 digits; empty unless Generation is NewGeneration
}

const keyIDLen = 20

// ParseKeyID returns the structure of an access key ID of 20 characters: a prefix of
// four, and 80 bits in base32 (RFC 4648). In the new generation, the bits 1 to 40 are the
// account.
func ParseKeyID(id string) KeyID {
	if len(id) != keyIDLen {
		return KeyID{}
	}
	raw, err := base32.StdEncoding.DecodeString(id[4:])
	if err != nil {
		return KeyID{}
	}
	if raw[0]&0x80 == 0 {
		if id[4] == 'I' || id[4] == 'J' {
			return KeyID{Generation: OldGeneration}
		}
		return KeyID{Generation: Unissued}
	}
	var z uint64
	for _, b := range raw[:6] {
		z = z<<8 | uint64(b)
	}
	account := (z & 0x7fffffffff80) >> 7
	if account > 999_999_999_999 {
		return KeyID{Generation: Unissued}
	}
	return KeyID{Generation: NewGeneration, Account: fmt.Sprintf("%012d", account)}
}

// Temporary reports whether an ID belongs to a temporary key (STS), which needs a session
// token in addition to the secret.
func Temporary(id string) bool { return len(id) >= 4 && id[:4] == "ASIA" }

// LongTerm reports whether an ID belongs to a key that is valid until it is deleted.
func LongTerm(id string) bool { return len(id) >= 4 && id[:4] == "AKIA" }

func isAWSPrefix(id []byte) bool {
	return bytes.HasPrefix(id, []byte("AKIA")) || bytes.HasPrefix(id, []byte("ASIA")) || bytes.HasPrefix(id, []byte("ABIA"))
}

// awsID reports whether an ID has a prefix of AWS in any case: of a key, user, role,
// group and the like.
func awsID(id []byte) bool {
	return slices.ContainsFunc([]string{"AKIA", "ASIA", "ABIA", "ACCA", "AGPA", "AIDA", "AIPA", "ANPA", "ANVA", "APKA", "AROA", "ASCA", "A3T"},
		func(prefix string) bool { return len(id) >= 4 && strings.EqualFold(string(id[:len(prefix)]), prefix) })
}
