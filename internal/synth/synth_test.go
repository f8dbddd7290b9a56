package synth_test

import (
	"fmt"
	"regexp"
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
		"wrap at naught": "{{secret|wrap:0}}",
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
		{"{{(}}a?>{{)|base64url}}", "YT8-"},
		{"{{(}}a/\n{{)|quote}}", `a/\n`},
		{"{{(}}a/\n{{)|json|json}}", `a\\\/\\n`},
		{"{{(}}a\nb\n{{)|chomp|crlf}}", "a\r\nb"},
		{"{{(}}a\nb{{)|cr}}", "a\rb"},
		{"{{(}}a{{)|bom|utf16le}}", "\xff\xfea\x00"},
		{"{{(}}a/{{)|percent-lc}}", "a%2f"},
		{"{{(}}a{{)|percent-all}}", "%61"},
		{"{{(}}a+{{)|html-dec}}", "a&#43;"},
		{"{{(}}a={{)|qp}}", "a=3D"},
		{"{{(}}aZ{{)|octal-all}}", `\141\132`},
		{"{{(}}abcde{{)|wrap:2|indent:1}}", "ab\n cd\n e"},
		{"{{byte 65}}{{byte 0}}", "A\x00"},
		{"{{(}}ab{{)#n|upper}}{{(}}cd{{)#n}}{{hex 9#n}}", "ABabab"},
	} {
		if got, err := synth.New(1).Expand(c.template); err != nil || got != c.want {
			t.Errorf("%s: got %q, %v; want %q", c.template, got, err, c.want)
		}
	}
	if !strings.HasPrefix(mustExpand(t, "{{akia-old}}"), "AKIAJ") {
		t.Error("akia-old is not of the old generation")
	}
}

func TestTagsWithLength(t *testing.T) {
	for template, want := range map[string]string{
		"{{dna 9}}": `^[ACGT]{9}$`, "{{upnum 7}}": `^[A-Z0-9]{7}$`, "{{lines 2}}": `^(?:[a-z]+ = [a-z]+\n){2}$`,
		"{{(}}x{{)|gzip}}": "^\x1f\\x{FFFD}", "{{(}}x{{)|zip}}": "^PK\x03\x04",
	} {
		if got := mustExpand(t, template); !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("%s: got %q", template, got)
		}
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
