package config_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/scanner"
)

// files is a store in memory.
type files map[string]string

func (f files) Read(name string, limit int64) ([]byte, error) {
	text, ok := f[path.Clean(name)]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return []byte(text), nil
}

func (f files) Label(name string) string { return path.Clean(name) }

func load(f files) (*config.Config, error) {
	return config.Load([]config.Source{{Store: f, Name: "user.toml", Optional: true}, {Store: f, Name: "main.toml"}}, nil)
}

// What is wrong is told with its place and a way out.
func TestFaults(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"unknown key", "[scan]\nexclud = ['x']\n", `main.toml:2:1: unknown key "exclud"; did you mean "exclude"?
    2 | exclud = ['x']
      | ^^^^^^`},
		{"unknown key in the second entry", "[[allow]]\nreason='x'\nrules=['aws-key-pair']\n[[allow]]\nreason='x'\naccount=['123456789012']\npaths=['x']\n", `main.toml:6:1: unknown key "account"; did you mean "accounts"?
    6 | account=['123456789012']
      | ^^^^^^^`},
		{"unknown table", "[skan]\nx=1\ny=2\n", `main.toml:1:1: unknown key "skan"; did you mean "scan"?
    1 | [skan]
      | ^^^^^^`},
		{"syntax", "a = \n", `main.toml:1:5: expected value but found '\n' instead
    1 | a = 
      |     ^`},
		{"type, in the first of two entries", "[[allow]]\nreason='x'\nrules='aws-key-pair'\n[[allow]]\nreason='y'\nrules=['aws-key-pair']\n", `main.toml:3:1: found string, want list
    3 | rules='aws-key-pair'
      | ^^^^^`},
		{"regex", "[[allow]]\nreason='x'\nregexes=['ok',\n '(']\n", "main.toml:4:2: missing closing ): `(`\n    4 |  '(']\n      |  ^^^"},
		{"date", "[[allow]]\nreason='x'\naccounts=['123456789012']\nexpires='soon'\n", `main.toml:4:1: want a date, such as 2027-01-31
    4 | expires='soon'
      | ^^^^^^^`},
		{"impossible date", "[[allow]]\nexpires=2027-13-01\n", ""},
		{"no reason", "[[allow]]\naccounts=['123456789012']\n", `main.toml:1:1: missing reason: reason = "…"
    1 | [[allow]]
      | ^^^^^^^^^`},
		{"no condition", "[[allow]]\nreason='x'\n", ""},
		{"account", "[[allow]]\nreason='x'\naccounts=['1234']\n", ""},
		{"rule that is none", "[rules]\ndisable=['aws-acess-key-id']\n", `main.toml:2:10: unknown rule "aws-acess-key-id"; did you mean "aws-access-key-id"?
    2 | disable=['aws-acess-key-id']
      |          ^^^^^^^^^^^^^^^^^^`},
		{"severity of a rule that is none", "[rules.severity]\nnope='low'\n", ""},
		{"severity that is none", "[rules.severity]\naws-access-key-id='lowest'\n", ""},
		{"rule without bound", "[[rule]]\nid='x'\nkeywords=['word']\nregex='word.*'\n", ""},
		{"id with a blank", "[[rule]]\nid='x y'\nkeywords=['word']\nregex='word'\n", "main.toml:2:1: an ID must not contain blanks, which separate the fields of a baseline\n    2 | id='x y'\n      | ^^"},
		{"id with a line break", "[[rule]]\nid=\"x\\ny\"\nkeywords=['word']\nregex='word'\n", ""},
		{"id that is taken", "[[rule]]\nid='aws-access-key-id'\nkeywords=['word']\nregex='word'\n", ""},
		{"missing base", "extends='base.toml'\n", `main.toml:1:1: read base.toml: file does not exist
    1 | extends='base.toml'
      | ^^^^^^^`},
		{"nested too deep", "x=1\na=[[[\n" + strings.Repeat("[", 62), "main.toml:3:62: arrays and tables are nested more than 64 deep\n    3 | " + strings.Repeat("[", 62) + "\n      | " + strings.Repeat(" ", 61) + "^"},
		{"too many dots", "a" + strings.Repeat(".a", 65) + "=1\n", ""},
		{"long regex", "[[allow]]\nreason='x'\nregexes=['" + strings.Repeat("a", 10_000_000) + "']\n", ""},
		{"rather long regex", "[[allow]]\nreason='x'\nregexes=['" + strings.Repeat("a", 100_000) + "']\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := load(files{"main.toml": c.text})
			if err == nil {
				t.Fatal("no error")
			}
			if c.want != "" && err.Error() != c.want {
				t.Errorf("got:\n%v\nwant:\n%s", err, c.want)
			}
			if len(err.Error()) > 1000 || !strings.HasPrefix(err.Error(), "main.toml") {
				t.Errorf("%.1000v", err)
			}
		})
	}
}

// TestFaultsShowNoSecret: errors quote neither a file that is not TOML by its name nor a
// line on which a scan finds a secret.
func TestFaultsShowNoSecret(t *testing.T) {
	expander := synth.New(1)
	for _, c := range []struct{ name, file, text, want string }{
		{"a string without quotes", "x.env", "PASSWORD=hunter22", "x.env:1:10: expected value but found … instead"},
		{"a number", "x.env", "PIN=0815", "x.env:1:5: Invalid integer …: cannot have leading zeroes"},
		{"a key", "sub/netrc", "hunter22=1", "sub/netrc:1:1: unknown key …"},
		{"one character", "x.env", "machine x", "x.env:1:9: expected '.' or '=', but got 'x' instead"},
		{"a name alone", "x.toml", "PASSWORD=1", "x.toml:1:1: unknown key \"PASSWORD\"\n    1 | PASSWORD=1\n      | ^^^^^^^^"},
		{"a secret", "x.toml", "aws_secret_access_key='{{secret#s}}'", "x.toml:1:1: unknown key …"},
		{"a secret without quotes", "x.toml", "aws_secret_access_key={{secret#s}}", "x.toml:1:23: expected value but found … instead"},
		{"a secret in escapes", "x.toml", "[scan]\naws_secret_access_key='%2F{{secret#s}}'\njobs='x'", "x.toml:3:1: found string, want integer"},
		{"a secret elsewhere", "x.toml", "[[allow]]\nreason='{{akia}} aws_secret_access_key={{secret#s}}'\n[scan]\nexclud=['x']", ""},
		{"an id", "x.toml", "[scan]\nexclud='{{akia#id}}'", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, err := expander.Expand(c.text)
			if err != nil {
				t.Fatal(err)
			}
			_, err = config.Parse(c.file, []byte(text))
			if err == nil {
				t.Fatal("no error")
			}
			if c.want != "" && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got:\n%v\nwant:\n%s", err, c.want)
			}
			if secret, ok := expander.Named("s"); ok && strings.Contains(err.Error(), secret[:8]) {
				t.Error("it shows a secret")
			}
		})
	}
}

// TestErrorsKeepTheirCause: errors of a store are wrapped, because the hints of the
// command line depend on them.
func TestErrorsKeepTheirCause(t *testing.T) {
	if _, err := load(files{"main.toml": "extends='base.toml'\n"}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestExtends(t *testing.T) {
	c, err := load(files{
		"main.toml":   "extends=['sub/a.toml']\n[rules]\nenable=['aws-access-key-id']\n[scan]\njobs=3\n",
		"sub/a.toml":  "extends='b.toml'\n[rules]\ndisable=['aws-access-key-id']\n[scan]\njobs=2\nexclude=['x']\n",
		"sub/b.toml":  "[scan]\njobs=1\ntimeout='1m'\nexclude=['y']\n",
		"user.toml":   "[scan]\njobs=9\nmax_file_size='1kB'\n",
		"ignored.txt": "",
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.Jobs != 3 || c.Timeout != time.Minute || c.MaxFileSize != 1000 {
		t.Errorf("got %+v", c)
	}
	if at, _ := c.Exclude.Match("y"); at != "sub/b.toml:4" {
		t.Errorf("y is excluded by %q", at)
	}
	if _, err := c.Set.Rule("aws-access-key-id"); err != nil {
		t.Error(err)
	}
}

func TestExtendsInACircle(t *testing.T) {
	_, err := load(files{"main.toml": "extends='a.toml'", "a.toml": "extends='main.toml'"})
	if err == nil || !strings.Contains(err.Error(), "main.toml extends itself: main.toml > a.toml > main.toml") {
		t.Errorf("got %v", err)
	}
	deep := files{"main.toml": "extends='0.toml'"}
	for i := range 20 {
		deep[fmt.Sprintf("%d.toml", i)] = fmt.Sprintf("extends='%d.toml'", i+1)
	}
	if _, err := load(deep); err == nil || !strings.Contains(err.Error(), "more than 8 deep") {
		t.Errorf("got %v", err)
	}
}

func TestRulesAddUp(t *testing.T) {
	plain, err := load(files{"main.toml": ""})
	if err != nil {
		t.Fatal(err)
	}
	c, err := load(files{"main.toml": "[rules]\ndisable=['aws-secret-access-key']\nseverity={aws-access-key-id='critical'}\n[[rule]]\nid='mine'\nkeywords=['mine']\nregex='mine[0-9]{8}'\n"})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Set.Rules()) != len(plain.Set.Rules()) {
		t.Errorf("%d rules", len(c.Set.Rules()))
	}
	if found := scanner.New(c.Set, scanner.Options{}).ScanBytes([]byte("x mine12345678\n")); len(found) != 1 || found[0].RuleID != "mine" {
		t.Errorf("found %v", found)
	}
	r, err := c.Set.Rule("aws-access-key-id")
	if err != nil || r.Severity.String() != "critical" {
		t.Errorf("severity %v, error %v", r.Severity, err)
	}
}

func TestLastDayOfAnEntry(t *testing.T) {
	for _, date := range []string{"2026-05-31", "'2026-05-31'"} {
		c, err := load(files{"main.toml": "[[allow]]\nreason='x'\naccounts=['123456789012']\nexpires=" + date})
		if err != nil {
			t.Fatal(err)
		}
		e := &c.Allow[0]
		if e.Expired(time.Date(2026, 5, 31, 23, 0, 0, 0, time.UTC)) || !e.Expired(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%s: expires %v", date, e.Expires)
		}
	}
}

// What is shown is a configuration that says the same.
func TestShowCanBeReadAgain(t *testing.T) {
	c, err := load(files{"main.toml": `extends = "base.toml"
[rules]
severity = { aws-access-key-id = "low" }
[[allow]]
reason = "a \"test\""
paths = ["a b/", "*.txt"]
expires = 2030-01-02
[[rule]]
id = "mine"
kind = "api_key"
near = { kind = "access_key_id", lines = 3, bytes = 100 }
regex = '[0-9]{20}'
`, "base.toml": "[scan]\nexclude=['q\"']\njobs=2\n", "user.toml": "[inline]\nforeign=false"})
	if err != nil {
		t.Fatal(err)
	}
	var shown strings.Builder
	if err := c.Show(&shown); err != nil {
		t.Fatal(err)
	}
	again, err := load(files{"main.toml": shown.String()})
	if err != nil {
		t.Fatalf("%v\n%s", err, shown.String())
	}
	if len(again.Allow) != 1 || again.Allow[0].Reason != `a "test"` || again.Jobs != 2 || !again.Inline.KeyguardOnly || len(again.Set.Rules()) != len(c.Set.Rules()) || !again.Allow[0].Expires.Equal(c.Allow[0].Expires) {
		t.Errorf("got %+v from\n%s", again, shown.String())
	}
	for _, want := range []string{"jobs = 2 # base.toml:3", "foreign = false # user.toml:2", "marks = true # default", "[[allow]] # main.toml:4"} {
		if !strings.Contains(shown.String(), want) {
			t.Errorf("no %q in\n%s", want, shown.String())
		}
	}
}

func TestTemplateIsRight(t *testing.T) {
	if _, err := load(files{"main.toml": config.Template}); err != nil {
		t.Error(err)
	}
	var live []string // the same with everything but prose uncommented
	for line := range strings.Lines(config.Template) {
		text := strings.TrimPrefix(strings.TrimPrefix(line, "# "), "extends")
		if strings.Contains(text, " = ") && !strings.HasPrefix(text, " = ") || strings.HasPrefix(text, "[") {
			live = append(live, text)
		}
	}
	c, err := load(files{"main.toml": strings.Join(live, "")})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Allow) != 2 {
		t.Errorf("%d entries", len(c.Allow))
	}
	for _, f := range c.Files {
		for _, r := range f.Rule {
			if err := r.Check(); err != nil {
				t.Error(err)
			}
		}
	}
}

// The schema has the keys of the types, no more and no less, and a description
// for each of the configuration's own.
func TestSchema(t *testing.T) {
	data, err := config.Schema()
	if err != nil {
		t.Fatal(err)
	}
	type node struct {
		Properties  map[string]node
		Items       *node
		Description string
	}
	var root node
	if err := json.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	var check func(path string, n node, typ reflect.Type)
	check = func(path string, n node, typ reflect.Type) {
		want := make(map[string]reflect.Type)
		for i := range typ.NumField() {
			if key := typ.Field(i).Tag.Get("toml"); key != "" {
				want[key] = typ.Field(i).Type
			}
		}
		for key, t2 := range want {
			child, ok := n.Properties[key]
			if !ok || child.Description == "" {
				t.Errorf("%s%s: in the schema %v, description %q", path, key, ok, child.Description)
			}
			if slices.Contains([]string{"scan", "rules", "inline"}, key) && path == "" {
				check(key+".", child, t2)
			}
			if key == "allow" {
				check(key+".", *child.Items, t2.Elem())
			}
		}
		if len(n.Properties) != len(want) {
			t.Errorf("%s: %d keys, want %d", path, len(n.Properties), len(want))
		}
	}
	check("", root, reflect.TypeFor[config.File]())
}

func TestErrorsAreOfTheirType(t *testing.T) {
	_, err := load(files{"main.toml": "x = 1\ny = 2\n"})
	var e *config.Error
	if !errors.As(err, &e) || e.Line != 1 || strings.Count(err.Error(), "unknown key") != 2 {
		t.Errorf("got %v", err)
	}
}

func entries(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "[[allow]]\nreason = \"entry %d\"\npaths = [\"folder%d/**/*.txt\"]\nregexes = ['^x%d[a-z]{3}$']\nrules = [\"aws-key-pair\"]\n", i, i, i)
	}
	return b.String()
}

func TestTenThousandEntries(t *testing.T) {
	c, err := load(files{"main.toml": entries(10_000)})
	if err != nil {
		t.Fatal(err)
	}
	if last := c.Allow[9999]; last.Place != "main.toml:49996" {
		t.Errorf("the last is at %s", last.Place)
	}
}

func BenchmarkLoadThousandEntries(b *testing.B) {
	f := files{"main.toml": entries(1000)}
	b.SetBytes(int64(len(f["main.toml"])))
	for b.Loop() {
		if _, err := load(f); err != nil {
			b.Fatal(err)
		}
	}
}

// Whatever a file holds, there is an error or a configuration, and a place is
// within the file.
func FuzzParse(f *testing.F) {
	for _, s := range []string{config.Template, "a=[1,{b='''x''''}]\n[[allow]]\n", "[a.'b'.\"c\"]\nx=\"\"\"\\\"\"\"\"\"\n", "allow=[{reason='x',rules=['aws-key-pair']}]", "\x120"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, err := config.Parse("x", []byte(text))
		var e *config.Error
		if err != nil && errors.As(err, &e) && e.Line > strings.Count(text, "\n")+1 {
			t.Errorf("line %d", e.Line)
		}
	})
}

func TestPlacesOfEntries(t *testing.T) {
	const entry = "reason='x'\naccounts=['123456789012']\n"
	for name, c := range map[string]struct{ text, want string }{
		"plain":           {"\n[[allow]]\n" + entry + "[[allow]]\n" + entry, "2 5"},
		"indented":        {"\n[[allow]]\n" + entry + "  [[ allow ]]\n" + entry, "2 5"},
		"in a string":     {"[[allow]]\n" + entry + "stopwords=['''\n[[allow]]\n''']\n[[allow]]\n" + entry, "1 7"},
		"inline":          {"allow=[{reason='x',accounts=['123456789012']},\n\n{reason='x',accounts=['123456789012']}]\n", "1 3"},
		"string, not one": {"[[rule]]\nid='x'\nkeywords=['word']\nregex='word'\ndescription='''\n[[allow]]\n'''\n [[allow]]\n" + entry, "8"},
	} {
		f, err := load(files{"main.toml": c.text})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var got []string
		for _, e := range f.Allow {
			got = append(got, strings.TrimPrefix(e.Place, "main.toml:"))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %v, want %s", name, got, c.want)
		}
	}
}
