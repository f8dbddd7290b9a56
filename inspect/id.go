package inspect

import (
	"errors"
	"fmt"
	"strings"

	"github.com/keyguard/keyguard/patterns"
)

// ParseID describes an AWS identifier, such as an access key ID, by its prefix. Its
// errors do not contain s, because users paste secrets.
func ParseID(s string) (Credential, error) {
	p, ok := prefixOf(strings.ToUpper(s))
	switch {
	case !ok || len(s) < 16 || strings.Trim(strings.ToUpper(s), "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "":
		return Credential{}, ErrNoID
	case p.text != "" && s != strings.ToUpper(s):
		return Credential{}, fmt.Errorf("%w: it contains lower-case letters", ErrNoID)
	case p.length == 20 && len(s) != 20, len(s) > 128:
		return Credential{}, fmt.Errorf("%w: %s IDs have %d characters, not %d", ErrNoID, p.text, p.length, len(s))
	}
	c := Credential{ID: s, Kind: p.kind, class: p.class}
	if p.class == longTerm || p.class == temporary {
		c.readKeyID()
	}
	return c, nil
}

// ErrNoID is the error for text that is not an AWS identifier.
var ErrNoID = errors.New("not an AWS identifier")

// readKeyID sets the fields that the structure of an access key ID contains.
func (c *Credential) readKeyID() {
	parsed := patterns.ParseKeyID(c.ID)
	c.Account = parsed.Account
	c.Canary, _ = patterns.Canary(parsed.Account)
	c.Harmless = patterns.KeyIDDrop(c.ID)
	c.Generation = map[patterns.Generation]string{
		patterns.NewGeneration: "new: contains the account number",
		patterns.OldGeneration: "old: does not contain the account number; such keys are valid until deleted",
		patterns.Unissued:      "neither of the two that AWS has issued: probably fake",
		patterns.Malformed:     "none: not base32, so not issued by AWS",
	}[parsed.Generation]
}

// prefix is a kind of ID. AWS's list:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
type prefix struct {
	text   string
	length int // of IDs that AWS issues today
	class  class
	kind   string
}

func prefixOf(s string) (prefix, bool) {
	for _, p := range []prefix{
		{"AKIA", 20, longTerm, "access key ID of an IAM user or of the root user"},
		{"ASIA", 20, temporary, "access key ID of a session (STS); requires its secret and session token"},
		{"ABIA", 20, bearer, "ID of an STS service bearer token"},
		{"ACCA", 21, serviceCredential, "ID of a service-specific credential (CodeCommit, Keyspaces, Bedrock, CloudWatch Logs); grants no access"},
		{"APKA", 20, identifier, "ID of a public key (CloudFront, or SSH for CodeCommit)"},
		{"AIDA", 21, identifier, "unique ID of an IAM user"},
		{"AROA", 21, identifier, "unique ID of an IAM role"},
		{"AGPA", 21, identifier, "unique ID of an IAM group"},
		{"AIPA", 21, identifier, "unique ID of an EC2 instance profile"},
		{"ANPA", 21, identifier, "unique ID of a managed policy"},
		{"ANVA", 21, identifier, "unique ID of a version of a managed policy"},
		{"ASCA", 21, identifier, "unique ID of a server certificate"},
	} {
		if strings.HasPrefix(s, p.text) {
			if p.class == identifier {
				p.length = 0 // not documented by AWS
			}
			return p, true
		}
	}
	return prefix{}, false
}
