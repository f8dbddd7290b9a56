package inspect

import (
	"errors"
	"fmt"
	"strings"

	"github.com/keyguard/keyguard/patterns"
)

// ParseID describes an identifier of AWS by its prefix, such as an access key
// id. Its errors say what is wrong with s, and do not repeat it: people paste
// secrets.
func ParseID(s string) (Credential, error) {
	p, ok := prefixOf(strings.ToUpper(s))
	switch {
	case !ok || len(s) < 16 || strings.Trim(strings.ToUpper(s), "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "":
		return Credential{}, ErrNoID
	case p.text != "" && s != strings.ToUpper(s):
		return Credential{}, fmt.Errorf("%w: it has small letters, and AWS writes them all large", ErrNoID)
	case p.length == 20 && len(s) != 20, len(s) > 128:
		return Credential{}, fmt.Errorf("%w: %s ids have %d characters, this has %d", ErrNoID, p.text, p.length, len(s))
	}
	c := Credential{ID: s, What: p.what, class: p.class}
	if p.class == longTerm || p.class == temporary {
		c.readKeyID()
	}
	return c, nil
}

// ErrNoID says that something is no identifier of AWS.
var ErrNoID = errors.New("no id of AWS")

// readKeyID fills in what the structure of an access key id tells.
func (c *Credential) readKeyID() {
	parsed := patterns.ParseKeyID(c.ID)
	c.Account = parsed.Account
	c.Canary, _ = patterns.Canary(parsed.Account)
	c.Harmless = patterns.KeyIDDrop(c.ID)
	c.Generation = map[patterns.Generation]string{
		patterns.NewGeneration: "new: it holds the number of the account",
		patterns.OldGeneration: "old: it does not hold the number of the account; such keys stay valid until they are deleted",
		patterns.Unissued:      "neither of the two that AWS has issued: probably made up",
		patterns.Malformed:     "none: it is not base32, so AWS has not issued it",
	}[parsed.Generation]
}

// prefix is what the first four characters of an id tell. AWS's list:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
type prefix struct {
	text   string
	length int // as AWS issues them today
	class  class
	what   string
}

func prefixOf(s string) (prefix, bool) {
	for _, p := range []prefix{
		{"AKIA", 20, longTerm, "access key id of an IAM user or of the root user; the id does not tell which"},
		{"ASIA", 20, temporary, "access key id of a session (STS), of use with its secret and session token"},
		{"ABIA", 20, bearer, "id of an STS service bearer token"},
		{"ACCA", 21, serviceCredential, "id of a service-specific credential (CodeCommit, Keyspaces, Bedrock, CloudWatch Logs); it identifies the credential and opens nothing"},
		{"APKA", 20, identifier, "id of a public key (CloudFront, or SSH for CodeCommit)"},
		{"AIDA", 21, identifier, "unique id of an IAM user"},
		{"AROA", 21, identifier, "unique id of an IAM role"},
		{"AGPA", 21, identifier, "unique id of an IAM group"},
		{"AIPA", 21, identifier, "unique id of an EC2 instance profile"},
		{"ANPA", 21, identifier, "unique id of a managed policy"},
		{"ANVA", 21, identifier, "unique id of a version of a managed policy"},
		{"ASCA", 21, identifier, "unique id of a server certificate"},
	} {
		if strings.HasPrefix(s, p.text) {
			if p.class == identifier {
				p.length = 0 // AWS promises none
			}
			return p, true
		}
	}
	return prefix{}, false
}
