package patterns

import (
	"bytes"
	"encoding/base32"
	"fmt"
	"slices"
	"strings"
)

// Generation tells which of AWS's two forms of access key id an id has.
type Generation int

// The generations. Research on issued ids (WithSecure, "A bitwise analysis of
// AWS access key identifiers") found that the first bit of the body separates
// them, and that only I and J begin a body of the old one.
const (
	Malformed     Generation = iota // not base32: no id that AWS has issued
	Unissued                        // base32, but of no generation
	OldGeneration                   // valid until deleted; holds no account
	NewGeneration                   // holds the account number
)

// KeyID is what an AWS access key id says about itself, offline.
type KeyID struct {
	Generation Generation
	Account    string // 12 digits; empty unless Generation is NewGeneration
}

const keyIDLen = 20

// ParseKeyID reads the structure of an access key id of 4 + 16 characters:
// a prefix and 80 bits in base32 (RFC 4648). In the new generation the bits 1
// to 40 of the body are the account number.
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

// Temporary reports whether an id is of a temporary key (STS), which needs a
// session token beside the secret.
func Temporary(id string) bool { return len(id) >= 4 && id[:4] == "ASIA" }

// LongTerm reports whether an id is of a key that lives until it is deleted.
func LongTerm(id string) bool { return len(id) >= 4 && id[:4] == "AKIA" }

func isAWSPrefix(id []byte) bool {
	return bytes.HasPrefix(id, []byte("AKIA")) || bytes.HasPrefix(id, []byte("ASIA")) || bytes.HasPrefix(id, []byte("ABIA"))
}

// awsID reports whether an id begins as those of AWS do, in any case: keys, users,
// roles, groups and the like.
func awsID(id []byte) bool {
	return slices.ContainsFunc([]string{"AKIA", "ASIA", "ABIA", "ACCA", "AGPA", "AIDA", "AIPA", "ANPA", "ANVA", "APKA", "AROA", "ASCA", "A3T"},
		func(prefix string) bool { return len(id) >= 4 && strings.EqualFold(string(id[:len(prefix)]), prefix) })
}
