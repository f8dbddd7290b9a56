package project

import (
	"errors"
	"strings"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/scanner"
)

// Push options of the pre-receive hook, as in git push -o keyguard.allow=….
const (
	AllowOption  = "keyguard.allow"  // a fingerprint, or several with commas
	ReasonOption = "keyguard.reason" // for the log
)

// let notes the fingerprints of an option.
func (p *Policy) AddBypass(list string) error {
	if p.bypass == nil {
		p.bypass = make(map[string]bool)
	}
	for print := range strings.SplitSeq(list, ",") {
		if !allow.IsFingerprint(print) {
			return cli.WithHint(errors.New(AllowOption+" takes a fingerprint"), "it is 32 hexadecimal digits, as the refusal tells them")
		}
		p.bypass[print] = true
	}
	return nil
}

// letThrough drops a finding that a push option allows.
func (p *Policy) isBypassed(f *scanner.Finding) bool {
	if len(p.bypass) == 0 || !p.bypass[f.Fingerprint()] {
		return false
	}
	f.Drop = "let through by " + AllowOption
	p.Bypassed = append(p.Bypassed, *f)
	return true
}
