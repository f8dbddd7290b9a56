package inspect

import (
	"fmt"
	"time"

	"github.com/keyguard/keyguard/patterns"
)

// Credential describes an AWS credential or identifier. Unknown fields are empty. No
// field is secret.
type Credential struct {
	ID         string // the access key ID or identifier; may be empty for an API key
	Kind       string // in words
	Generation string // of an access key ID
	Account    string // 12 digits
	User       string // of IAM
	Canary     string // the service that placed it as a trap
	Harmless   string // why it grants no access
	Expires    time.Time

	class      class
	revocation *patterns.Revoke // from the rule
}

// Fact is a named property of a credential.
type Fact struct{ Name, Value string }

// Facts returns the known properties in words.
func (c Credential) Facts(now time.Time) []Fact {
	account := c.Account
	if account == "" && c.ID != "" && (c.class == longTerm || c.class == temporary) {
		account = "not in the ID; run aws sts get-access-key-info"
	}
	canary := ""
	if c.Canary != "" {
		canary = "yes, of " + c.Canary + ": a trap that grants no access; its use alerts its owner"
	}
	harmless := ""
	if c.Harmless != "" {
		harmless = "yes: " + c.Harmless
	}
	var facts []Fact
	for _, f := range []Fact{
		{"ID", c.ID}, {"kind", c.Kind}, {"lifetime", c.lifetime(now)}, {"generation", c.Generation}, {"account", account},
		{"user", c.User}, {"canary", canary}, {"harmless", harmless},
	} {
		if f.Value != "" {
			facts = append(facts, f)
		}
	}
	return facts
}

func (c Credential) lifetime(now time.Time) string {
	switch {
	case !c.Expires.IsZero() && now.After(c.Expires):
		return fmt.Sprintf("expired at %s", c.Expires.Format(time.RFC3339))
	case !c.Expires.IsZero():
		return fmt.Sprintf("until %s", c.Expires.Format(time.RFC3339))
	}
	return map[class]string{
		longTerm:    "long-term: until it is deleted",
		bedrockLong: "long-term: until it is deleted or reaches the expiry chosen at its creation",
		temporary:   "temporary: expires 15 minutes to 36 hours after it was issued",
		loneToken:   "temporary: expires 15 minutes to 36 hours after it was issued",
		bearer:      "temporary",
	}[c.class]
}

// class selects the lifetime and the steps.
type class int

const (
	other class = iota
	longTerm
	temporary
	bearer
	serviceCredential
	identifier
	bedrockLong
	bedrockShort
	loneSecret
	loneToken
)
