package report

import (
	"strings"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// upgrade converts the findings of a report of format 1, which has a long fingerprint and
// a SHA-256 for each secret, so that they can be compared with findings of format 2.
func (r *Report) upgrade() error {
	set, err := patterns.Builtin()
	if err != nil {
		return err
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Kind == patterns.AccessKeyID || f.Kind == patterns.KeyPair {
			continue
		}
		if rule, err := set.Rule(f.RuleID); err == nil && rule.Bits >= scanner.StrongBits {
			continue
		}
		before, _, _ := strings.Cut(f.Excerpt, scanner.Mask)
		f.Fingerprint, f.SecretSHA256 = scanner.ShortFingerprint(f.RuleID, scanner.NameBefore([]byte(before)), f.Fingerprint), ""
	}
	return nil
}
