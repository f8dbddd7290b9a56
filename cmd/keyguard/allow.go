package main

import (
	"slices"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/scanner"
)

// allowed moves the findings that are allowed to the dropped ones.
func allowed(r *scanner.Result) {
	r.Findings = slices.DeleteFunc(r.Findings, func(f scanner.Finding) bool {
		f.Drop, f.DropBy, _ = allow.Inline{}.Judge(&f)
		if f.Drop != "" {
			r.Dropped = append(r.Dropped, f)
		}
		return f.Drop != ""
	})
}
