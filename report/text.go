package report

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/fatih/color"

	"github.com/keyguard/keyguard/patterns"
)

// textWriter writes the format for people.
type textWriter struct {
	noHeader
	w      io.Writer
	o      Options
	kinds  map[string]int // findings that stop the operation, by title
	drops  map[string]int // dropped candidates printed, by reason
	advice string         // the last one printed
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
		w: w, o: o, kinds: make(map[string]int), drops: make(map[string]int), bold: style(color.Bold), faint: style(color.Faint),
		grade: map[patterns.Severity]*color.Color{
			patterns.Critical: style(color.FgRed, color.Bold), patterns.High: style(color.FgRed),
			patterns.Medium: style(color.FgYellow), patterns.Low: style(color.FgCyan), 0: style(),
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
		t.drops[f.Dropped]++
		t.printf("%s  %s\n", t.faint.Sprint(f.Place()), t.faint.Sprintf("dropped: %s: %s", Printable(f.RuleID), f.reason()))
		t.evidence(f)
	}
	return t.err
}

// fix prints the advice for a finding, unless it was the last one printed.
func (t *textWriter) fix(f *Finding) {
	if f.Fix != "" && f.Fix != t.advice {
		t.printf("    %s %s\n", t.faint.Sprint("fix:"), Printable(f.Fix))
		t.advice = f.Fix
	}
}

func (t *textWriter) finding(f *Finding) {
	if f.Severity >= t.o.FailOn {
		t.kinds[f.Title]++
	}
	t.printf("%s  %s  %s", t.bold.Sprint(f.Place()), t.grade[f.Severity].Sprint(f.Severity), Printable(f.Title))
	if f.AccessKeyID != "" {
		t.printf("  %s", Printable(f.AccessKeyID))
	}
	if f.AccountID != "" {
		t.printf(" (account %s)", Printable(f.AccountID))
	}
	if f.Canary {
		t.printf(" canary (such as canarytokens.org): never verify it")
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
	case t.o.Hook == PushHook: // pushed commits need not be on a local branch
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

// stale prints the entries to remove from allowlists and baselines, or only their number
// if they are many and do not fail the scan.
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

// moreDropped prints the numbers of dropped candidates that are not listed.
func (t *textWriter) moreDropped(s Summary) {
	for _, reason := range slices.Sorted(maps.Keys(s.Dropped)) {
		if n := s.Dropped[reason] - t.drops[reason]; n > 0 && t.drops[reason] > 0 { // none are listed without --why
			t.printf("%s\n", t.faint.Sprintf("dropped: %d more: %s", n, Printable(reason)))
		}
	}
}

// End implements Writer.
func (t *textWriter) End(s Summary) error {
	if t.o.Why {
		t.moreDropped(s)
	}
	if t.o.Hook != NoHook && s.Failing() > 0 {
		t.epilogue()
	}
	if t.o.Hook != NoHook && s.Below > 0 {
		t.printf("keyguard: %s\n", t.faint.Sprintf("%d below --fail-on %s: not blocked", s.Below, s.FailOn))
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

// epilogue prints the instructions after a hook stopped an operation.
func (t *textWriter) epilogue() {
	event, skip := "commit blocked", "To commit anyway: git commit --no-verify"
	allow := "False positive? Add a keyguard:allow comment to the line, or run: keyguard allow --last --reason '…'"
	switch t.o.Hook {
	case MergeHook:
		event, skip = "merge blocked", "To abort the merge: git merge --abort. To commit anyway: git commit --no-verify"
	case MessageHook:
		event, allow = "commit blocked because of its message", "False positive? Run: keyguard allow --last --reason '…'"
	case PushHook:
		// A mark in a later commit does not apply to the pushed one.
		event, allow = "push blocked", "False positive? Run: keyguard allow --last --reason '…'"
		skip = "To push anyway: git push --no-verify"
	}
	t.printf("%s %s\n", t.bold.Sprintf("keyguard: %s:", event), titles(t.kinds))
	t.printf("  If the key was ever pushed or shared, deleting it is not enough: rotate it (see keyguard inspect).\n")
	t.printf("  %s\n  %s\n", allow, skip)
}
