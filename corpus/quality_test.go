package corpus_test

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

//go:embed quality.toml
var qualityText string

// exceptions is quality.toml: the rules that a test of quality does not apply to, each with
// the reason.
type exceptions struct {
	Overlap   map[string][]string `toml:"overlap"`    // by rule: other rules that may report its examples
	OwnSyntax map[string]string   `toml:"own_syntax"` // rules whose secrets carriers do not hold
}

// quality scans the examples of rules.
type quality struct {
	*exceptions
	rules   []*patterns.Rule
	scanner *scanner.Scanner
}

// newQuality returns the built-in rules. If alone is true, parts of pairs that are not
// reported alone are.
func newQuality(t *testing.T, alone bool) *quality {
	t.Helper()
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	if alone {
		for _, r := range set.Rules() {
			r.Alone = nil
		}
	}
	return qualityOf(t, set)
}

func qualityOf(t *testing.T, set *patterns.Set) *quality {
	t.Helper()
	q := &quality{exceptions: &exceptions{}, rules: set.Rules(), scanner: scanner.New(set, scanner.Options{Jobs: 1})}
	if _, err := toml.Decode(qualityText, q.exceptions); err != nil {
		t.Fatal(err)
	}
	return q
}

// example is an example of a rule.
type example struct {
	t        testing.TB
	rule     *patterns.Rule
	number   int // from 1
	template string
}

func (e example) String() string { return fmt.Sprintf("example %d, %s", e.number, e.template) }

// expand returns the text of a template: the one that Rule.Check uses, for round 0.
func (e example) expand(template string, round int) (string, *synth.Expander) {
	e.t.Helper()
	x := synth.New(uint64(e.number-1) + 1000*uint64(round))
	text, err := x.Expand(template)
	if err != nil {
		e.t.Fatalf("rule %s: %s: %v", e.rule.ID, e, err)
	}
	return text, x
}

// examples returns the examples of a rule.
func examples(t testing.TB, r *patterns.Rule) (out []example) {
	for i, template := range r.Examples {
		out = append(out, example{t, r, i + 1, template})
	}
	return out
}

// eachExample reports the faults of every example of the rules.
func (q *quality) eachExample(t *testing.T, faults func(example) []string) {
	for _, r := range q.rules {
		t.Run(r.ID, func(t *testing.T) {
			t.Parallel()
			for _, e := range examples(t, r) {
				for _, text := range faults(e) {
					t.Errorf("rule %s: %s\n  %s", r.ID, e, text)
				}
			}
		})
	}
}

// scan returns the findings in text, and the dropped candidates. It is the content of a file
// that the rule applies to.
func (q *quality) scan(r *patterns.Rule, text string) scanner.Result {
	var all scanner.Result
	for result := range q.scanner.Scan(context.Background(), oneFile{fileName(r), text}) {
		all.Findings = append(all.Findings, result.Findings...)
		all.Dropped = append(all.Dropped, result.Dropped...)
	}
	return all
}

// credential is a value that a rule found, by itself or as a part of a pair.
type credential struct {
	secret     string
	span       scanner.Span
	confidence patterns.Confidence
	isDecoded  bool
}

// find returns the first credential that a rule finds in text.
func (q *quality) find(r *patterns.Rule, text string) (credential, bool) {
	for _, f := range q.scan(r, text).Findings {
		c := credential{f.Secret.Reveal(), f.Span, f.Confidence, !f.DecodedFrom.IsZero()}
		switch i := slices.IndexFunc(f.Related, func(p scanner.Part) bool { return p.RuleID == r.ID }); {
		case i >= 0:
			c.secret, c.span = f.Related[i].Secret.Reveal(), f.Related[i].Span
			return c, true
		case isOf(&f, r):
			return c, true
		}
	}
	return credential{}, false
}

// isOf reports whether a rule found a credential, or a part of it.
func isOf(f *scanner.Finding, r *patterns.Rule) bool {
	pair := r.PartOf()
	return f.RuleID == r.ID || pair != nil && f.RuleID == pair.ID ||
		slices.ContainsFunc(f.Related, func(p scanner.Part) bool { return p.RuleID == r.ID })
}

// isExpected reports whether an example of a rule may give a finding.
func (q *quality) isExpected(f *scanner.Finding, r *patterns.Rule) bool {
	return isOf(f, r) || slices.Contains(q.Overlap[r.ID], f.RuleID)
}

// fileName returns the name of a file that a rule applies to.
func fileName(r *patterns.Rule) string {
	if len(r.Paths) == 0 {
		return "service/client.txt"
	}
	return strings.ReplaceAll(r.Paths[0], "*", "service")
}

// oneFile is a scanner.Source with one file.
type oneFile struct{ name, text string }

// Blobs implements scanner.Source.
func (f oneFile) Blobs(context.Context) iter.Seq2[*scanner.Blob, error] {
	return func(yield func(*scanner.Blob, error) bool) {
		open := func() (io.ReadCloser, error) { return scanner.InMemory([]byte(f.text)), nil }
		yield(&scanner.Blob{Origin: scanner.Origin{Path: f.name}, Open: open}, nil)
	}
}

// masked returns the start of a secret and its length.
func masked(secret string) string {
	return fmt.Sprintf("%.4q… of %d bytes", secret, len(secret))
}

// describe lists findings: rule, line, and masked secret.
func describe(list []scanner.Finding) string {
	var out []string
	for i := range list {
		out = append(out, fmt.Sprintf("%s on line %d (%s)", list[i].RuleID, list[i].Span.Line, masked(list[i].Secret.Reveal())))
	}
	if len(out) == 0 {
		return "nothing"
	}
	return strings.Join(out, ", ")
}

// reasons lists the rules of dropped candidates, with the reasons.
func reasons(list []scanner.Finding) string {
	var out []string
	for i := range list {
		out = append(out, fmt.Sprintf("%s: %s", list[i].RuleID, list[i].Drop.Text))
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), "; ")
}

// TestRulesHaveExamples counts the examples and the advice of the rules that are newer than
// the first release.
func TestRulesHaveExamples(t *testing.T) {
	for _, r := range newQuality(t, true).rules {
		if r.Since == "0.1.0" || r.Near != nil {
			continue
		}
		if len(r.Examples) < 2 || len(r.CounterExamples) < 4 {
			t.Errorf("rule %s has %d examples and %d counter-examples: give at least 2 and 4", r.ID, len(r.Examples), len(r.CounterExamples))
		}
		if r.Revoke == nil {
			t.Errorf("rule %s: give revoke", r.ID)
		}
		if r.Severity == patterns.Low && r.SeverityReason == "" {
			t.Errorf("rule %s: give severity_reason", r.ID)
		}
	}
}

// TestExamplesAreFoundOnce scans each example with all rules. It is one finding, of its rule
// or of the rule's pair.
func TestExamplesAreFoundOnce(t *testing.T) {
	q := newQuality(t, false)
	q.eachExample(t, q.overlaps)
}

func (q *quality) overlaps(e example) []string {
	text, _ := e.expand(e.template, 0)
	list := q.scan(e.rule, text).Findings
	isSilent := e.rule.Alone != nil && !*e.rule.Alone
	if len(list) == 1 && q.isExpected(&list[0], e.rule) || len(list) == 0 && isSilent {
		return nil
	}
	return []string{fmt.Sprintf("found %s; want one finding, of the rule", describe(list))}
}

// TestExamplesAreFoundForAnyValue expands each example to many values. Thresholds that are
// too high, and checks that are too strict, drop some of them.
func TestExamplesAreFoundForAnyValue(t *testing.T) {
	q := newQuality(t, true)
	q.eachExample(t, q.lostValues)
}

func (q *quality) lostValues(e example) []string {
	const rounds, most = 100, 4
	var dropped []scanner.Finding
	missed := 0
	for round := range rounds {
		text, _ := e.expand(e.template, round)
		result := q.scan(e.rule, text)
		if !slices.ContainsFunc(result.Findings, func(f scanner.Finding) bool { return q.isExpected(&f, e.rule) }) {
			missed++
			dropped = append(dropped, result.Dropped...)
		}
	}
	if missed <= most {
		return nil
	}
	return []string{fmt.Sprintf("%d of %d values are not found; dropped: %s", missed, rounds, reasons(dropped))}
}
