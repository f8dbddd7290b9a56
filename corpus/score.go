package corpus

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// Place is the part of the corpus and the class that a figure is of.
type Place struct {
	HeldOut bool
	Tier    Tier
	Class   Class
}

// String returns the place as floors.toml has it: "held-out encoded pair".
func (p Place) String() string {
	split := "tune"
	if p.HeldOut {
		split = "held-out"
	}
	return fmt.Sprintf("%s %s %s", split, p.Tier, p.Class)
}

// Figure counts values, each once a case.
type Figure struct {
	Wanted int
	Found  int
	False  int // reported though not wanted
	Half   int // of pairs that were not found whole: those with any part found
}

// Recall returns the share of what is wanted that was found, 0 to 1.
func (f Figure) Recall() float64 { return ratio(f.Found, f.Wanted) }

// Precision returns the share of what was reported that is wanted, 0 to 1.
func (f Figure) Precision() float64 { return ratio(f.Found, f.Found+f.False) }

func ratio(n, of int) float64 {
	if of == 0 {
		return 1
	}
	return float64(n) / float64(of)
}

// Note is one thing that went wrong.
type Note struct {
	Case *Case
	Text string
}

// Report is the outcome of Score.
type Report struct {
	Cases   int
	Figures map[Place]Figure
	Misses  []Note // wanted and not found
	Alarms  []Note // found and not wanted, or found at the wrong place
	Repeats []Note // credentials that took more than one finding to tell
}

// Score scans every case by itself and compares what is found with what is
// wanted, value by value.
func Score(s *scanner.Scanner, cases []Case) (*Report, error) {
	r := &Report{Cases: len(cases), Figures: make(map[Place]Figure)}
	for i := range cases {
		c := &cases[i]
		sample, err := c.Expand()
		if err != nil {
			return nil, err
		}
		g := &grader{report: r, c: c, sample: sample, seen: make(map[string]bool)}
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
	seen   map[string]bool // values that were reported
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
			g.alarm(class(f.Kind), fmt.Sprintf("%s on line %d: wrong place", f.Kind, f.Span.Line))
			continue
		}
		for _, p := range parts(f) {
			g.noteValue(class(p.Kind), p.Secret.Reveal(), f)
		}
		if f.Kind == patterns.KeyPair && !g.belongTogether(f.KeyID, f.Secret.Reveal()) {
			g.alarm(Pair, fmt.Sprintf("pair on line %d of halves that are not each other's", f.Span.Line))
		}
	}
	counted := make(map[string]bool)
	for _, w := range g.c.Wants {
		for i, name := range w.Names {
			if v := g.value(name); !counted[v] {
				counted[v] = true
				g.count(w.Classes[i], g.seen[v], false, fmt.Sprintf("%s %s", w.Classes[i], name))
			}
		}
		g.gradeWhole(w)
	}
}

// tell notes that a finding reports value.
func (g *grader) noteValue(as Class, value string, f *scanner.Finding) {
	if g.seen[value] {
		return
	}
	g.seen[value] = true
	isValue := func(name string) bool { return g.value(name) == value }
	wanted := slices.ContainsFunc(g.c.Wants, func(w Want) bool { return slices.ContainsFunc(w.Names, isValue) })
	if !wanted && !slices.ContainsFunc(g.c.May, isValue) {
		g.alarm(as, fmt.Sprintf("%s on line %d by %s", as, f.Span.Line, f.RuleID))
	}
}

// whole counts a wanted pair, and notes credentials reported more than once.
func (g *grader) gradeWhole(w Want) {
	telling, whole := 0, false
	for i := range g.found {
		told := 0
		for _, name := range w.Names {
			if slices.ContainsFunc(parts(&g.found[i]), func(p scanner.Part) bool { return p.Secret.Reveal() == g.value(name) }) {
				told++
			}
		}
		telling += min(told, 1)
		whole = whole || told == len(w.Names)
	}
	if w.Kind == "pair" {
		g.count(Pair, whole, telling > 0, fmt.Sprintf("pair %v", w.Names))
	}
	if whole && telling > 1 {
		g.report.Repeats = append(g.report.Repeats, Note{g.c, fmt.Sprintf("%s %v in %d findings", w.Kind, w.Names, telling)})
	}
}

// wants reports whether two values belong to one wanted credential.
func (g *grader) belongTogether(a, b string) bool {
	return slices.ContainsFunc(g.c.Wants, func(w Want) bool {
		has := func(v string) bool {
			return slices.ContainsFunc(w.Names, func(n string) bool { return g.value(n) == v })
		}
		return has(a) && has(b)
	})
}

// misplaced reports whether a finding's span is not where its secret stands.
func (g *grader) misplaced(f *scanner.Finding) bool {
	from, to := f.Span.Start, f.Span.End
	if from < 0 || from >= to || to > int64(len(g.sample.Text)) {
		return true
	}
	if f.DecodedFrom == "" && string(g.sample.Text[from:to]) != f.Secret.Reveal() {
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

func (g *grader) count(c Class, found, half bool, what string) {
	f := g.report.Figures[g.at(c)]
	f.Wanted++
	switch {
	case found:
		f.Found++
	case half:
		f.Half++
	}
	g.report.Figures[g.at(c)] = f
	if !found {
		g.report.Misses = append(g.report.Misses, Note{g.c, what})
	}
}

func (g *grader) alarm(c Class, what string) {
	f := g.report.Figures[g.at(c)]
	f.False++
	g.report.Figures[g.at(c)] = f
	g.report.Alarms = append(g.report.Alarms, Note{g.c, what})
}

// parts returns all that a finding tells, itself first.
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
