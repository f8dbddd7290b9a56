package project

import (
	"errors"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// Push options of the pre-receive hook: git push -o keyguard.allow=FINGERPRINT.
const (
	AllowOption  = "keyguard.allow"  // fingerprints, separated by commas
	ReasonOption = "keyguard.reason" // for the log
)

// AddBypass adds the fingerprints of a push option, separated by commas.
func (p *Policy) AddBypass(list string) error {
	if p.bypass == nil {
		p.bypass = make(map[string]bool)
	}
	for print := range strings.SplitSeq(list, ",") {
		if !allow.IsFingerprint(print) {
			return cli.WithHint(errors.New(AllowOption+" takes a fingerprint"), "pass the 32 hexadecimal digits that the rejection lists")
		}
		p.bypass[print] = true
	}
	return nil
}

// isBypassed drops a finding if a push option allows it.
func (p *Policy) isBypassed(f *scanner.Finding) bool {
	if len(p.bypass) == 0 || !slices.ContainsFunc(f.Fingerprints(), func(fp string) bool { return p.bypass[fp] }) {
		return false
	}
	f.Drop = patterns.Drop{By: patterns.ByServer, Text: "let through by " + AllowOption}
	p.Bypassed = append(p.Bypassed, *f)
	return true
}
