package patterns

import (
	"fmt"
	"slices"
)

// Kind is the kind of credential, or of a part of one, that a rule finds.
type Kind string

// The kinds. Reports contain them.
const (
	KeyPair   Kind = "key_pair" // an ID with its secret, and the other parts if it has them
	APIKey    Kind = "api_key"
	Sensitive Kind = "sensitive_file" // a file that contains credentials, without a recognized one

	// The parts of a pair.
	PairID     Kind = "id"
	PairSecret Kind = "secret"
	PairToken  Kind = "token"
	PairUser   Kind = "user"
	PairHost   Kind = "host"

	// The parts of an AWS key pair.
	AccessKeyID Kind = "access_key_id"
	SecretKey   Kind = "secret_access_key"
	Token       Kind = "session_token"
)

// Kinds returns all kinds.
func Kinds() []Kind {
	return []Kind{KeyPair, AccessKeyID, SecretKey, Token, APIKey, Sensitive, PairID, PairSecret, PairToken, PairUser, PairHost}
}

// Role is the role of a credential in a pair.
type Role int

// The roles. An ID and a secret make a pair; the other parts complete it.
const (
	RoleNone Role = iota // not a part of a pair
	RoleID               // public; identifies the credential
	RoleSecret
	RoleToken // secret; needed in addition to the secret, for some credentials
	RoleUser  // public
	RoleHost  // public
)

// Role returns the role of the kind.
func (k Kind) Role() Role {
	switch k {
	case PairID, AccessKeyID:
		return RoleID
	case PairSecret, SecretKey:
		return RoleSecret
	case PairToken, Token:
		return RoleToken
	case PairUser:
		return RoleUser
	case PairHost:
		return RoleHost
	}
	return RoleNone
}

// IsPart reports whether credentials of the kind are parts of a pair.
func (k Kind) IsPart() bool { return k.Role() != RoleNone }

// IsPublic reports whether credentials of the kind are not secret.
func (k Kind) IsPublic() bool {
	r := k.Role()
	return r == RoleID || r == RoleUser || r == RoleHost
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (k *Kind) UnmarshalText(text []byte) error {
	if !slices.Contains(Kinds(), Kind(text)) {
		return fmt.Errorf("unknown kind %q (known: %v)", text, Kinds())
	}
	*k = Kind(text)
	return nil
}
