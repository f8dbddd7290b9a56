package report

import (
	"fmt"
	"io"
	"strings"
)

// agentWriter writes the agent format, for programs such as AI coding agents: one finding
// per line, with tab-separated fields in a fixed order:
//
//	PLACE SEVERITY KIND ID FINGERPRINT COMMIT FIX
//
// PLACE is path:line:column, quoted as git does if necessary. ID is the access key ID. ID
// and COMMIT are "-" if empty. COMMIT starts with "at or before" at a shallow boundary.
// The last line is the result of the scan. It contains no secrets, even with
// Options.Reveal.
type agentWriter struct {
	noHeader
	w   io.Writer
	err error
}

func newAgent(w io.Writer) *agentWriter { return &agentWriter{w: w} }

// Findings implements Writer.
func (a *agentWriter) Findings(list []Finding) error {
	for i := range list {
		f := &list[i]
		fix, severity := f.Fix, f.Severity.String()
		if f.Dropped != "" {
			fix, severity = f.reason(), "dropped"
		}
		commit := ""
		if f.History != nil {
			commit = f.Commit
			if f.AtOrBefore {
				commit = atOrBefore + " " + commit
			}
		}
		a.line(f.Place(), severity, string(f.Kind), f.AccessKeyID, f.Fingerprint, commit, fix)
	}
	return a.err
}

// End implements Writer.
func (a *agentWriter) End(s Summary) error {
	for _, e := range s.Errors {
		a.line("error", "not read", e)
	}
	result := s.String()
	if s.Failing() > 0 {
		result += "; remove each credential and read it at run time; do not encode, split or move it; tell the user to rotate keys that were pushed"
	}
	a.line(result)
	return a.err
}

func (a *agentWriter) line(fields ...string) {
	for i, f := range fields {
		if f = strings.ReplaceAll(Printable(f), "\t", " "); f == "" {
			f = "-"
		}
		fields[i] = f
	}
	if a.err == nil {
		_, a.err = fmt.Fprintln(a.w, strings.Join(fields, "\t"))
	}
}
