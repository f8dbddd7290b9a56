package corpus_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/corpus"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

func newScanner(t testing.TB) *scanner.Scanner {
	t.Helper()
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return scanner.New(set, scanner.Options{})
}

func load(t testing.TB) []corpus.Case {
	t.Helper()
	cases, err := corpus.Load()
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// TestFloors prints the table and what went wrong with -v.
func TestFloors(t *testing.T) {
	report, err := corpus.Score(newScanner(t), load(t))
	if err != nil {
		t.Fatal(err)
	}
	floors, err := corpus.LoadFloors()
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := report.Write(&text); err != nil {
		t.Fatal(err)
	}
	reached := report.Reached()
	below, above := floors.Compare(reached)
	for _, s := range below {
		t.Errorf("below its floor: %s", s)
	}
	for _, n := range report.Strays {
		t.Errorf("case %s/%s: %s; add a family line", n.Case.Group, n.Case.Name, n.Text)
	}
	small := report.SmallFamilies(families(t))
	for _, name := range slices.Sorted(maps.Keys(small)) {
		t.Logf("warning: family %s has %d cases, too few for a floor", name, small[name])
	}
	for _, s := range above {
		t.Logf("floor can be raised: %s", s)
	}
	if len(above)+len(below) > 0 {
		text.WriteString("\nreached, in the form of floors.toml:\n")
		if err := reached.Write(&text); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("\n%s", &text)
}

// families returns the families of the built-in rules.
func families(t *testing.T) []string {
	t.Helper()
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, r := range set.Rules() {
		seen[r.Family] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

func TestCorpusIsLargeAndSplit(t *testing.T) {
	layouts, encodings, other, negatives, held := 0, 0, 0, 0, 0
	cases := load(t)
	for _, c := range cases {
		switch {
		case len(c.Wants) == 0:
			negatives++
		case c.Tier == corpus.Plain:
			layouts++
		case c.Tier == corpus.Encoded:
			encodings++
		default:
			other++
		}
		if c.HeldOut {
			held++
		}
	}
	if layouts < 150 || encodings < 60 || other < 30 || negatives < 150 {
		t.Errorf("%d layouts, %d encodings, %d other credentials, %d negatives", layouts, encodings, other, negatives)
	}
	if held*5 < len(cases) || held*3 > len(cases) {
		t.Errorf("%d of %d cases are held out", held, len(cases))
	}
	t.Logf("%d layouts, %d encodings, %d other credentials, %d negatives; %d of %d held out", layouts, encodings, other, negatives, held, len(cases))
}

// TestTreeHoldsNoCredential scans the templates themselves: nothing in the
// project may have the shape of a key.
func TestTreeHoldsNoCredential(t *testing.T) {
	names, err := filepath.Glob("cases/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatalf("found %d files, %v", len(names), err)
	}
	s := newScanner(t)
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range s.ScanBytes(data) {
			t.Errorf("%s:%d: %s; break it with a tag: AKIA{{(}}…{{)}}", name, f.Span.Line, f.RuleID)
		}
	}
}

func TestExpandIsTheSameEachTime(t *testing.T) {
	for _, c := range load(t) {
		a, err := c.Expand()
		if err != nil {
			t.Fatal(err)
		}
		if b, _ := c.Expand(); string(a.Text) != string(b.Text) {
			t.Errorf("case %s has two texts", c.Name)
		}
		c.Round++
		if b, err := c.Expand(); err != nil || len(c.Wants) > 0 && string(a.Text) == string(b.Text) {
			t.Errorf("case %s has the text of its first round in the next; %v", c.Name, err)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"unknown header", "-- a --\nfile: x\nwhat: y\n\ntext\n", `x.txt:3: unknown header "what"`},
		{"no origin", "-- a --\nfile: x\n\ntext\n", "case a: file or from is missing"},
		{"no text", "-- a --\nfile: x\nfrom: y\ntext: z\n", "unknown header"},
		{"empty text", "-- a --\nfile: x\nfrom: y\n\n\n", "case a: no text"},
		{"bad name", "-- A b --\nfile: x\nfrom: y\n\ntext\n", "a name contains only"},
		{"bad tier", "tier: odd\n\n-- a --\nfile: x\nfrom: y\n\ntext\n", `unknown tier "odd"`},
		{"half a pair", "-- a --\nwant: pair k\n", `x.txt:2: bad want "pair k"`},
		{"unknown kind", "-- a --\nwant: password p\n", `bad want "password p"`},
		{"empty want", "-- a --\nwant:\n", "an empty want"},
		{"bad lines", "-- a --\nwant: pair k s @3-2\n", `bad lines "@3-2"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := corpus.Parse("x.txt", c.text); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q in it", err, c.want)
			}
		})
	}
}

func TestWantedNameMustBeInTheText(t *testing.T) {
	cases, err := corpus.Parse("x.txt", "-- a --\nfile: x\nfrom: y\nwant: id k\n\n{{akia}}\n")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cases[0].Expand(); err == nil || !strings.Contains(err.Error(), "no value k") {
		t.Errorf("got %v", err)
	}
}

func TestScore(t *testing.T) {
	const pair = "key={{akia#k}}\nsecret={{secret#s}}\n"
	for _, c := range []struct {
		name, header, text    string
		class                 corpus.Class
		wanted, found, false_ int
	}{
		{"a pair", "want: pair k s", pair, corpus.Pair, 1, 1, 0},
		{"its id", "want: pair k s", pair, corpus.ID, 1, 1, 0},
		{"nothing wanted", "", pair, corpus.Secret, 0, 0, 1},
		{"may be", "may: k s", pair, corpus.Secret, 0, 0, 0},
		{"halves that are not each other's", "want: id k\nwant: secret s", pair, corpus.Pair, 0, 0, 1},
		{"missed", "want: secret s", "{{secret#s}}\n", corpus.Secret, 1, 0, 0},
		{"on the right line", "want: pair k s @2", pair, corpus.Secret, 1, 1, 0},
		{"on the wrong line", "want: pair k s @1", pair, corpus.Secret, 1, 0, 0},
		{"a key with its owner", "want: key s k", pair, corpus.Key, 1, 1, 0},
		{"the whole text encoded", "want: pair k s\nas: utf16le", pair, corpus.Pair, 1, 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			cases, err := corpus.Parse("x.txt", "-- a --\nfile: x\nfrom: y\n"+c.header+"\n\n"+c.text)
			if err != nil {
				t.Fatal(err)
			}
			report, err := corpus.Score(newScanner(t), cases)
			if err != nil {
				t.Fatal(err)
			}
			got := report.Sum(corpus.Plain, c.class)
			if got.Wanted != c.wanted || got.Found != c.found || got.False != c.false_ {
				t.Errorf("got %+v, want %d wanted, %d found, %d false", got, c.wanted, c.found, c.false_)
			}
		})
	}
}

func TestFamilies(t *testing.T) {
	const text = "from: y\nfile: x\n\n" +
		"-- found --\nwant: pair k s\n\nkey={{akia#k}}\nsecret={{secret#s}}\n\n" +
		"-- missed --\nfamily: acme\nwant: key a\n\nacme={{hex 8#a}}\n\n" +
		"-- empty --\ntier: other\n\nacme\n\n" +
		"-- unwanted --\n\nkey={{akia}}\nsecret={{secret}}\n\n" +
		"-- stray --\nfamily: acme\nwant: id k\n\nkey={{akia#k}}\n"
	cases, err := corpus.Parse("x.txt", text)
	if err != nil {
		t.Fatal(err)
	}
	report, err := corpus.Score(newScanner(t), cases)
	if err != nil {
		t.Fatal(err)
	}
	for family, want := range map[string]corpus.FamilyFigure{
		"aws":  {Figure: corpus.Figure{Wanted: 3, Found: 3, False: 2}, Cases: 3},
		"acme": {Figure: corpus.Figure{Wanted: 1}, Cases: 1},
		"x":    {Cases: 1},
	} {
		if got := report.Families[family]; got != want {
			t.Errorf("family %s: got %+v, want %+v", family, got, want)
		}
	}
	if len(report.Strays) != 1 || report.Strays[0].Case.Name != "stray" || !strings.Contains(report.Strays[0].Text, "of the family aws, not acme") {
		t.Errorf("strays: got %v", report.Strays)
	}
}

func TestSmallFamiliesHaveNoFloor(t *testing.T) {
	r := &corpus.Report{Families: map[string]corpus.FamilyFigure{"a": {Cases: 19}, "b": {Figure: corpus.Figure{Wanted: 4, Found: 3, False: 1}, Cases: 20}}}
	if got := r.Reached(); len(got) != 1 || got["family b"] != [2]float64{0.75, 0.75} {
		t.Errorf("reached: got %v", got)
	}
	if got := r.SmallFamilies([]string{"a", "b", "c"}); !maps.Equal(got, map[string]int{"a": 19, "c": 0}) {
		t.Errorf("small families: got %v", got)
	}
}

func TestFloorsCompare(t *testing.T) {
	floors := corpus.Floors{"tune plain id": {0.9, 0.9}, "tune plain secret": {0.9, 0.9}, "tune plain token": {0.9, 0.9}}
	reached := corpus.Floors{"tune plain id": {0.8, 1}, "tune plain secret": {0.9, 0.95}, "tune plain token": {0.905, 0.9}, "tune plain key": {1, 1}}
	below, above := floors.Compare(reached)
	if len(below) != 2 || !strings.HasPrefix(below[0], "tune plain id:") || below[1] != "tune plain key has no floor" {
		t.Errorf("below: %q", below)
	}
	if len(above) != 1 || !strings.HasPrefix(above[0], "tune plain secret:") {
		t.Errorf("above: %q", above)
	}
}
