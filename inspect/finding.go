package inspect

import (
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// Of describes the credential of a finding.
func Of(f *scanner.Finding) Credential {
	c, err := ParseID(f.KeyID)
	if err != nil {
		c = Credential{ID: f.KeyID, Account: f.Account}
	}
	c.ruleID = f.RuleID
	switch {
	case f.Kind == patterns.AccessKeyID:
	case f.Kind == patterns.KeyPair:
		c.What = "an id with its secret: whoever reads this can act as its owner"
		if patterns.Temporary(c.ID) {
			c.What += ", while the session lasts"
		}
	default:
		c.What = f.Description
		c.class = map[patterns.Kind]class{patterns.SecretKey: loneSecret, patterns.Token: loneToken}[f.Kind]
		switch f.RuleID {
		case "aws-service-credential":
			c.class = serviceCredential
		case "aws-bedrock-api-key": // also where a report holds no more than its kind
			c.class = bedrockLong
		case "aws-bedrock-short-term-api-key":
			c.class = bedrockShort
		}
		c.readBedrock(f.Secret.Reveal())
	}
	return c
}
