package allow_test

import (
	"strings"
	"testing"

	"github.com/keyguard/keyguard/allow"
)

func TestBaselineKeepsItsText(t *testing.T) {
	b := allow.NewBaseline("b")
	f := finding()
	if !b.Add(&f) || b.Add(&f) {
		t.Error("a finding is new once")
	}
	other := finding()
	other = clone(other, "another")
	other.Origin.Path = "with blanks/and\nbreaks"
	b.Add(&other)
	text := b.Bytes()
	again, err := allow.ParseBaseline("b", text)
	if err != nil {
		t.Fatal(err)
	}
	if string(again.Bytes()) != string(text) {
		t.Errorf("got %q, want %q", again.Bytes(), text)
	}
	if strings.Contains(string(text), f.Secret.Reveal()) {
		t.Error("it holds a secret")
	}
	if again.Match(&f) == nil || len(again.Unused()) != 1 {
		t.Errorf("%d unused", len(again.Unused()))
	}
}

func TestBaselineAfterUnionMerge(t *testing.T) {
	fp := strings.Repeat("ab", 16)
	b, err := allow.ParseBaseline("b", []byte("# head\n"+fp+" false r p\n"+strings.Repeat("0", 32)+" ? r\n"+fp+" leak r p\n"+fp+" ? r p\n"))
	if err != nil {
		t.Fatal(err)
	}
	if b.Len() != 2 || b.Sorted()[1].Label != allow.Leak {
		t.Errorf("%d entries, label %s", b.Len(), b.Sorted()[1].Label)
	}
}

func TestBaselineWithByteOrderMark(t *testing.T) {
	f := finding()
	b := allow.NewBaseline("b")
	b.Add(&f)
	b.History = true
	for name, text := range map[string]string{
		"before the first line": string(b.Bytes()),
		"before an entry":       f.Fingerprint() + " ? r p\n",
	} {
		marked, err := allow.ParseBaseline("b", []byte("\ufeff"+text))
		if err != nil || marked.Match(&f) == nil || marked.History != strings.HasPrefix(text, "#") {
			t.Errorf("%s: got %+v, error %v", name, marked, err)
		}
	}
}

func TestBaselineErrors(t *testing.T) {
	for text, want := range map[string]string{
		"\nabc ? r p\n":                             "b:2: not a line of a baseline: fingerprint, label, rule, path",
		strings.Repeat("0", 32) + " maybe r p\n":    "b:1: unknown label (known: leak, ?, false)",
		"<<<<<<< HEAD\n":                            "b:1: a merge conflict; keep the lines of both sides, in any order",
		strings.Repeat("A", 32) + " ? r upper case": "b:1: not a line of a baseline: fingerprint, label, rule, path",
	} {
		if _, err := allow.ParseBaseline("b", []byte(text)); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

// FuzzBaseline: what can be read is written in a form that says the same.
func FuzzBaseline(f *testing.F) {
	f.Add("# keyguard baseline of the history\n" + strings.Repeat("0", 32) + " ? rule a path\n" + strings.Repeat("1", 32) + " leak rule\n")
	f.Fuzz(func(t *testing.T, text string) {
		b, err := allow.ParseBaseline("b", []byte(text))
		if err != nil {
			return
		}
		again, err := allow.ParseBaseline("b", b.Bytes())
		if err != nil || string(again.Bytes()) != string(b.Bytes()) || again.Len() != b.Len() {
			t.Errorf("%q became %q, error %v", text, b.Bytes(), err)
		}
	})
}
