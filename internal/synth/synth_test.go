package synth_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/synth"
)

func Example() {
	e := synth.New(1)
	a, _ := e.Expand("id={{akia#k}}")
	b, _ := e.Expand("id={{akia#k}}")
	fmt.Println(a == b, len(a), a[:7])
	// Output: true 23 id=AKIA
}

func TestExpandIsTheSameForTheSameSeed(t *testing.T) {
	const template = "{{akia}} {{secret|percent}} {{token}} {{hex 40}} {{(}}k={{secret#s}}{{)|base64}}"
	a, err := synth.New(7).Expand(template)
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := synth.New(7).Expand(template); a != b {
		t.Errorf("seed 7 gave %q, then %q", a, b)
	}
	if c, _ := synth.New(8).Expand(template); a == c {
		t.Error("seeds 7 and 8 gave the same text")
	}
}

func TestExpandKeepsForeignBraces(t *testing.T) {
	const text = "{{ var }} ${{ secrets.X }} {{resolve:secretsmanager:x}}"
	if got, err := synth.New(1).Expand(text); err != nil || got != text {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestExpandErrors(t *testing.T) {
	for name, template := range map[string]string{
		"unknown tag":    "{{nonsense}}",
		"unknown filter": "{{secret|rot13}}",
		"open group":     "{{(}}x",
		"closed twice":   "x{{)}}",
		"slice too long": "{{hex 4|slice:0:9}}",
	} {
		if got, err := synth.New(1).Expand(template); err == nil {
			t.Errorf("%s: %q expanded to %q", name, template, got)
		}
	}
}

func TestFilters(t *testing.T) {
	for _, c := range []struct{ template, want string }{
		{"{{(}}a/b{{)|percent}}", "a%2Fb"},
		{"{{(}}a/b{{)|unicode}}", `a\u002Fb`},
		{"{{(}}a/b{{)|base64}}", "YS9i"},
		{"{{(}}ab{{)|utf16le}}", "a\x00b\x00"},
		{"{{(}}ab{{)|utf16be}}", "\x00a\x00b"},
		{"{{(}}abc{{)|reverse|slice:0:2}}", "cb"},
	} {
		if got, err := synth.New(1).Expand(c.template); err != nil || got != c.want {
			t.Errorf("%s: got %q, %v; want %q", c.template, got, err, c.want)
		}
	}
	if !strings.HasPrefix(mustExpand(t, "{{akia-old}}"), "AKIAJ") {
		t.Error("akia-old is not of the old generation")
	}
}

func mustExpand(t *testing.T, template string) string {
	t.Helper()
	s, err := synth.New(1).Expand(template)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
