package corpus

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// Place identifies a figure: a split, a tier and a class.
type Place struct {
	HeldOut bool
	Tier    Tier
	Class   Class
}

// String returns the place in the form of floors.toml: "held-out encoded pair".
func (p Place) String() string {
	split := "tune"
	if p.HeldOut {
		split = "held-out"
	}
	return fmt.Sprintf("%s %s %s", split, p.Tier, p.Class)
}

// Figure counts values, each once per case.
type Figure struct {
	Wanted int
	Found  int
	False  int // reported and not wanted
	Half   int // pairs of which only a part was found
}

// Recall returns the share of wanted values that were found, 0 to 1.
func (f Figure) Recall() float64 { return ratio(f.Found, f.Wanted) }

// Precision returns the share of reported values that were wanted, 0 to 1.
func (f Figure) Precision() float64 { return ratio(f.Found, f.Found+f.False) }

func ratio(n, of int) float64 {
	if of == 0 {
		return 1
	}
	return float64(n) / float64(of)
}

// FamilyFigure is the figure of the values of a family in both splits, of which pairs are
// left out. A case belongs to the families of its credentials.
type FamilyFigure struct {
	Figure
	Cases int
}

// Note is a fault in one case.
type Note struct {
	Case *Case
	Text string
}

// Report is the result of Score.
type Report struct {
	Cases    int
	Figures  map[Place]Figure
	Families map[string]FamilyFigure
	Misses   []Note // wanted and not found
	Alarms   []Note // found and not wanted, or at the wrong location
	Repeats  []Note // credentials in more than one finding
	Strays   []Note // cases without a credential of their own family
}

// Score scans each case on its own and compares the reported values with the wanted ones.
func Score(s *scanner.Scanner, cases []Case) (*Report, error) {
	r := &Report{Cases: len(cases), Figures: make(map[Place]Figure), Families: make(map[string]FamilyFigure)}
	for i := range cases {
		c := &cases[i]
		sample, err := c.Expand()
		if err != nil {
			return nil, err
		}
		g := &grader{report: r, c: c, sample: sample, seen: make(map[string]string)}
		for result := range s.Scan(context.Background(), g) {
			if result.Err != nil {
				return nil, fmt.Errorf("case %s: %w", c.Name, result.Err)
			}
			g.found = append(g.found, result.Findings...)
		}
		g.grade()
	}
	return r, nil
}

// grader compares the findings of one case with its wants.
type grader struct {
	report *Report
	c      *Case
	sample *Sample
	found  []scanner.Finding
	seen   map[string]string // families of reported values
}

// Blobs makes the case a scanner.Source.
func (g *grader) Blobs(context.Context) iter.Seq2[*scanner.Blob, error] {
	return func(yield func(*scanner.Blob, error) bool) {
		open := func() (io.ReadCloser, error) { return scanner.InMemory(g.sample.Text), nil }
		yield(&scanner.Blob{Origin: scanner.Origin{Path: g.c.File}, Open: open}, nil)
	}
}

func (g *grader) grade() {
	for i := range g.found {
		f := &g.found[i]
		if g.misplaced(f) {
			g.alarm(class(f.Kind), f.Family, fmt.Sprintf("%s on line %d: wrong place", f.Kind, f.Span.Line))
			continue
		}
		for _, p := range parts(f) {
			g.noteValue(class(p.Kind), p.Secret.Reveal(), f)
		}
		if f.Kind == patterns.KeyPair && !g.belongTogether(f.KeyID, f.Secret.Reveal()) {
			g.alarm(Pair, f.Family, fmt.Sprintf("pair on line %d of parts that do not belong together", f.Span.Line))
		}
	}
	counted := make(map[string]bool)
	families := make(map[string]bool)
	for _, w := range g.c.Wants {
		for i, name := range w.Names {
			if v := g.value(name); !counted[v] {
				counted[v] = true
				family, found := g.seen[v]
				family = cmp.Or(family, g.c.Family)
				families[family] = true
				g.count(w.Classes[i], family, found, false, fmt.Sprintf("%s %s", w.Classes[i], name))
			}
		}
		g.gradeWhole(w)
	}
	g.countCase(families)
}

// countCase counts the case for the families of its wanted values, or for its own if there
// are none.
func (g *grader) countCase(families map[string]bool) {
	if len(families) == 0 {
		families = map[string]bool{g.c.Family: true}
	}
	for family := range families {
		f := g.report.Families[family]
		f.Cases++
		g.report.Families[family] = f
	}
	if !families[g.c.Family] {
		text := fmt.Sprintf("its credentials are of the family %s, not %s", slices.Sorted(maps.Keys(families))[0], g.c.Family)
		g.report.Strays = append(g.report.Strays, Note{g.c, text})
	}
}

// noteValue records that a finding reports a value.
func (g *grader) noteValue(as Class, value string, f *scanner.Finding) {
	if _, ok := g.seen[value]; ok {
		return
	}
	g.seen[value] = f.Family
	isValue := func(name string) bool { return g.value(name) == value }
	wanted := slices.ContainsFunc(g.c.Wants, func(w Want) bool { return slices.ContainsFunc(w.Names, isValue) })
	if !wanted && !slices.ContainsFunc(g.c.May, isValue) {
		g.alarm(as, f.Family, fmt.Sprintf("%s on line %d by %s", as, f.Span.Line, f.RuleID))
	}
}

// gradeWhole counts a wanted pair, and records credentials that were reported more than
// once.
func (g *grader) gradeWhole(w Want) {
	findings, whole := 0, false
	for i := range g.found {
		found := 0
		for _, name := range w.Names {
			if slices.ContainsFunc(parts(&g.found[i]), func(p scanner.Part) bool { return p.Secret.Reveal() == g.value(name) }) {
				found++
			}
		}
		findings += min(found, 1)
		whole = whole || found == len(w.Names)
	}
	if w.Kind == "pair" {
		g.count(Pair, g.c.Family, whole, findings > 0, fmt.Sprintf("pair %v", w.Names))
	}
	if whole && findings > 1 {
		g.report.Repeats = append(g.report.Repeats, Note{g.c, fmt.Sprintf("%s %v in %d findings", w.Kind, w.Names, findings)})
	}
}

// belongTogether reports whether two values belong to one wanted credential.
func (g *grader) belongTogether(a, b string) bool {
	return slices.ContainsFunc(g.c.Wants, func(w Want) bool {
		has := func(v string) bool {
			return slices.ContainsFunc(w.Names, func(n string) bool { return g.value(n) == v })
		}
		return has(a) && has(b)
	})
}

// misplaced reports whether the span of a finding is not the location of its secret.
func (g *grader) misplaced(f *scanner.Finding) bool {
	from, to := f.Span.Start, f.Span.End
	if from < 0 || from >= to || to > int64(len(g.sample.Text)) {
		return true
	}
	if f.DecodedFrom.IsZero() && string(g.sample.Text[from:to]) != f.Secret.Reveal() {
		return true
	}
	for _, w := range g.c.Wants {
		if w.First > 0 && g.value(w.secret()) == f.Secret.Reveal() {
			return f.Span.Line < w.First || f.Span.EndLine > w.Last
		}
	}
	return false
}

func (g *grader) value(name string) string { return g.sample.Values[name] }

func (g *grader) at(c Class) Place { return Place{g.c.HeldOut, g.c.Tier, c} }

func (g *grader) count(c Class, family string, found, half bool, text string) {
	f := g.report.Figures[g.at(c)]
	f.Wanted++
	switch {
	case found:
		f.Found++
	case half:
		f.Half++
	}
	g.report.Figures[g.at(c)] = f
	if total := g.report.Families[family]; c != Pair {
		total.Wanted++
		if found {
			total.Found++
		}
		g.report.Families[family] = total
	}
	if !found {
		g.report.Misses = append(g.report.Misses, Note{g.c, text})
	}
}

func (g *grader) alarm(c Class, family, text string) {
	f := g.report.Figures[g.at(c)]
	f.False++
	g.report.Figures[g.at(c)] = f
	if total := g.report.Families[family]; c != Pair {
		total.False++
		g.report.Families[family] = total
	}
	g.report.Alarms = append(g.report.Alarms, Note{g.c, text})
}

// parts returns the parts of a finding, with its own secret first.
func parts(f *scanner.Finding) []scanner.Part {
	own := scanner.Part{Kind: f.Kind, Secret: f.Secret}
	if f.Kind == patterns.KeyPair {
		own.Kind = patterns.SecretKey
	}
	return append([]scanner.Part{own}, f.Related...)
}

func class(k patterns.Kind) Class {
	switch k {
	case patterns.AccessKeyID:
		return ID
	case patterns.SecretKey:
		return Secret
	case patterns.Token:
		return Token
	case patterns.KeyPair:
		return Pair
	}
	return Key
}
