package report

import (
	"fmt"
	"io"
	"slices"

	"github.com/fatih/color"

	"github.com/keyguard/keyguard/patterns"
)

// textWriter is the format for people.
type textWriter struct {
	noHeader
	w      io.Writer
	o      Options
	kinds  map[string]int // findings by title
	advice string         // the last given
	err    error
	bold   *color.Color
	faint  *color.Color
	grade  map[patterns.Severity]*color.Color
}

func newText(w io.Writer, o Options) *textWriter {
	style := func(attributes ...color.Attribute) *color.Color {
		c := color.New(attributes...)
		if c.DisableColor(); o.Color {
			c.EnableColor()
		}
		return c
	}
	return &textWriter{
		w: w, o: o, kinds: make(map[string]int), bold: style(color.Bold), faint: style(color.Faint),
		grade: map[patterns.Severity]*color.Color{
			patterns.Critical: style(color.FgRed, color.Bold), patterns.High: style(color.FgRed),
			patterns.Medium: style(color.FgYellow), patterns.Low: style(color.FgCyan),
		},
	}
}

func (t *textWriter) printf(format string, args ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintf(t.w, format, args...)
	}
}

// Findings implements Writer.
func (t *textWriter) Findings(list []Finding) error {
	n := slices.IndexFunc(list, func(f Finding) bool { return f.Dropped != "" })
	if n < 0 {
		n = len(list)
	}
	for i := range list[:n] {
		t.finding(&list[i])
	}
	if n > 0 {
		t.fix(&list[0])
		t.printf("\n")
	}
	for i := range list[n:] {
		f := &list[n+i]
		t.printf("%s  %s\n", t.faint.Sprint(f.Place()), t.faint.Sprintf("dropped: %s: %s", Printable(f.RuleID), f.reason()))
		t.evidence(f)
	}
	return t.err
}

// fix tells what to do about a finding, unless that was said just before.
func (t *textWriter) fix(f *Finding) {
	if f.Fix != "" && f.Fix != t.advice {
		t.printf("    %s %s\n", t.faint.Sprint("fix:"), Printable(f.Fix))
		t.advice = f.Fix
	}
}

func (t *textWriter) finding(f *Finding) {
	t.kinds[f.Title]++
	t.printf("%s  %s  %s", t.bold.Sprint(f.Place()), t.grade[f.Severity].Sprint(f.Severity), Printable(f.Title))
	if f.AccessKeyID != "" {
		t.printf("  %s", Printable(f.AccessKeyID))
	}
	if f.AccountID != "" {
		t.printf(" (account %s)", Printable(f.AccountID))
	}
	if f.Canary {
		t.printf(" canary (canarytokens.org or alike): never verify")
	}
	t.printf("\n")
	t.printf("    %s %s\n", t.faint.Sprintf("%d │", f.Line), Printable(f.Excerpt))
	t.printf("    %s %s\n", t.faint.Sprint("why:"), f.why())
	for _, p := range f.beside() {
		t.printf("    %s %s\n", t.faint.Sprint(p.name+":"), p.value)
	}
	if also := f.also(); also != "" {
		t.printf("    %s %s\n", t.faint.Sprint("also:"), also)
	}
	if f.Note != "" {
		t.printf("    %s %s\n", t.faint.Sprint("note:"), Printable(f.Note))
	}
	t.evidence(f)
	switch {
	case f.History == nil:
	case t.o.Hook == PushHook: // what is pushed need not be on any branch here
		t.printf("    %s %s\n", t.faint.Sprint("in:"), f.History.origin())
	default:
		t.printf("    %s %s\n", t.faint.Sprint("in:"), f.History)
	}
}

func (t *textWriter) evidence(f *Finding) {
	if f.Evidence != nil {
		t.printf("    %s %s\n", t.faint.Sprint("evidence:"), Printable(f.Evidence.String()))
		t.printf("    %s %s\n", t.faint.Sprint("fingerprint:"), Printable(f.Fingerprint))
	}
}

// stale writes what should be removed from allowlists and baselines: of many
// their number alone, unless the scan fails for them.
func (t *textWriter) stale(list []Stale, fails bool) {
	const few = 3
	if len(list) > few && !fails && !t.o.Verbose {
		t.printf("%s\n", t.faint.Sprintf("%d allowances have expired or allow nothing; -v lists them", len(list)))
		return
	}
	for _, s := range list {
		problem := Printable(s.Problem)
		if s.Reason != "" {
			problem += ": " + Printable(s.Reason)
		}
		t.printf("%s: %s\n", fileName(s.Place), problem)
	}
}

// End implements Writer.
func (t *textWriter) End(s Summary) error {
	if t.o.Hook != NoHook && s.Findings > 0 {
		t.epilogue()
	}
	if t.o.Verbose {
		for _, skipped := range s.Skipped {
			t.printf("%s\n", t.faint.Sprintf("skipped: %s: %s", fileName(skipped.Path), Printable(skipped.Reason)))
		}
	}
	if t.o.Hook != NoHook && len(s.Errors) == 0 && s.Partial == "" || t.o.Quiet && s.Findings == 0 && len(s.Errors) == 0 && s.Partial == "" && !s.StaleFails {
		return t.err
	}
	t.stale(s.Stale, s.StaleFails)
	t.printf("%s\n", s.String())
	return t.err
}

// epilogue tells how to go on.
func (t *textWriter) epilogue() {
	what, skip := "commit blocked", "Commit unchecked: git commit --no-verify"
	allow := "False alarm? Put keyguard:allow in a comment on that line, or: keyguard allow --last --reason '…'"
	switch t.o.Hook {
	case MergeHook:
		what, skip = "merge blocked", "Give it up: git merge --abort. Commit it unchecked: git commit --no-verify"
	case MessageHook:
		what, allow = "commit blocked for its message", "False alarm? keyguard allow --last --reason '…'"
	case PushHook:
		// A mark in a later commit does not reach the one that is pushed.
		what, allow = "push blocked", "False alarm? keyguard allow --last --reason '…'"
		skip = "Push unchecked: git push --no-verify"
	}
	t.printf("%s %s.\n", t.bold.Sprintf("keyguard: %s:", what), titles(t.kinds))
	t.printf("  A key that was ever pushed or shared is leaked: do not only delete it, rotate it (keyguard inspect tells how).\n")
	t.printf("  %s\n  %s\n", allow, skip)
}
