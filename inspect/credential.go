package inspect

import (
	"fmt"
	"time"
)

// Credential is what a credential, or an identifier of AWS, says of itself.
// Empty fields are not known. None is secret.
type Credential struct {
	ID         string // the access key id, or the identifier; API keys may have none
	What       string // it is
	Generation string // of an access key id
	Account    string // 12 digits
	User       string // of IAM
	Canary     string // the service that laid it out as a trap
	Harmless   string // why it opens nothing
	Expires    time.Time

	class  class
	ruleID string
}

// Fact is a line about a credential.
type Fact struct{ Name, Value string }

// Facts lists what is known, as people read it.
func (c Credential) Facts(now time.Time) []Fact {
	account := c.Account
	if account == "" && c.ID != "" && (c.class == longTerm || c.class == temporary) {
		account = "not in the id; aws sts get-access-key-info tells it"
	}
	canary := ""
	if c.Canary != "" {
		canary = "yes, of " + c.Canary + ": a trap that opens nothing; its use alarms whoever laid it out"
	}
	harmless := ""
	if c.Harmless != "" {
		harmless = "yes: " + c.Harmless
	}
	var facts []Fact
	for _, f := range []Fact{
		{"id", c.ID}, {"what", c.What}, {"lives", c.lives(now)}, {"generation", c.Generation}, {"account", account},
		{"user", c.User}, {"canary", canary}, {"harmless", harmless},
	} {
		if f.Value != "" {
			facts = append(facts, f)
		}
	}
	return facts
}

func (c Credential) lives(now time.Time) string {
	switch {
	case !c.Expires.IsZero() && now.After(c.Expires):
		return fmt.Sprintf("no longer: expired at %s", c.Expires.Format(time.RFC3339))
	case !c.Expires.IsZero():
		return fmt.Sprintf("until %s", c.Expires.Format(time.RFC3339))
	}
	return map[class]string{
		longTerm:    "long-term: until it is deleted",
		bedrockLong: "long-term: until it is deleted, or as long as was chosen when it was made",
		temporary:   "temporary: for 15 minutes to 36 hours after it was issued",
		loneToken:   "temporary: for 15 minutes to 36 hours after it was issued",
		bearer:      "temporary",
	}[c.class]
}

// class decides on what there is to do.
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
