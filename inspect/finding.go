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
	c.revocation = f.Revoke
	switch {
	case f.Kind == patterns.AccessKeyID:
	case f.Kind == patterns.KeyPair:
		c.Kind = "a key ID with its secret: anyone who has both can act as its owner"
		if patterns.Temporary(c.ID) {
			c.Kind += ", until the session ends"
		}
	default:
		c.Kind = f.Description
		c.class = map[patterns.Kind]class{patterns.SecretKey: loneSecret, patterns.Token: loneToken}[f.Kind]
		switch f.RuleID {
		case "aws-service-credential":
			c.class = serviceCredential
		case "aws-bedrock-api-key": // a finding from a report has no secret to read
			c.class = bedrockLong
		case "aws-bedrock-short-term-api-key":
			c.class = bedrockShort
		}
		c.readBedrock(f.Secret.Reveal())
	}
	return c
}
