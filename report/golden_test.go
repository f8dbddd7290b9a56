package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

var update = flag.Bool("update", false, "write testdata anew")

// texts is a source of templates: what the reports tell about.
type texts []struct {
	origin   scanner.Origin
	template string
}

func (s texts) Blobs(context.Context) iter.Seq2[*scanner.Blob, error] {
	return func(yield func(*scanner.Blob, error) bool) {
		e := synth.New(1)
		for _, t := range s {
			text, err := e.Expand(t.template)
			open := func() (io.ReadCloser, error) { return scanner.InMemory([]byte(text)), err }
			if !yield(&scanner.Blob{Origin: t.origin, Open: open}, nil) {
				return
			}
		}
	}
}

// found is a scan of all that a report may have to tell.
func found() texts {
	date := time.Date(2024, 2, 29, 12, 30, 0, 0, time.FixedZone("", 3600))
	return texts{
		{scanner.Origin{Path: "deploy/main.tf"}, "access_key = \"{{akia#a}}\"\nsecret_key = \"{{secret#a1}}\" # {{secret#a1}}\n"},
		{scanner.Origin{Path: "deploy/main.tfvars"}, "a = 1\n\n  key_id = \"{{akia}}\""},
		{scanner.Origin{Path: ".env"}, "AWS_ACCESS_KEY_ID={{asia#b}}\nAWS_SECRET_ACCESS_KEY={{secret#b1}}\nAWS_SESSION_TOKEN={{token#b2}}\n"},
		{scanner.Origin{Path: "lone.py"}, "aws_secret_access_key = '{{secret#c1}}'\n"},
		{scanner.Origin{Path: "README.md"}, "AKIAIOSFODNN7EXAMPLE\nAKIAXXXXXXXXXXXXXXXX\n"},
		{scanner.Origin{Path: "windows.reg"}, "{{(}}id={{akia#d}}\nsecret={{secret#d1}}\n{{)|bom|utf16le}}"},
		{scanner.Origin{Path: "::error file=x,line=1::\x1b[31m\u009b\u202e\xff\r\n##[x]"}, "::warning::{{akia}} ##vso[x] \x1b[2J\u009b\u202e\r\n"},
		{scanner.Origin{Path: "old.yml", Object: "5d308e1d060b0c387d452cf4747f89ecb9935851", History: &scanner.History{
			Commit: "1f7a7a472abf3dd9643fd615f6da379c4acb3e3a", Author: "A Developer <a@example.com>", Date: date,
			Reachable: true, Commits: 3, Paths: []string{"older.yml"}, Branches: []string{"main", "topic"}, Tags: []string{"v1"},
		}}, "id: {{akia}}\n"},
		{scanner.Origin{Object: "8baef1b4abc478178b004d62031cf7fe6db6f903", History: &scanner.History{
			Commit: "d670460b4b4aece5915caf5c68d12f560a9fe3e4", Message: true, Author: "\x1b[1mEvil <e@example.com>", Date: date,
			Reachable: true, InHead: true, Commits: 1,
		}}, "fix {{akia}}\n"},
		{scanner.Origin{Object: "5716ca5987cbf97d6bb54920bea6adde242d87e6", History: &scanner.History{}}, "{{akia}}\n"},
		{scanner.Origin{Path: "caf\xe9.yml", Object: "5d308e1d060b0c387d452cf4747f89ecb9935851", History: &scanner.History{
			Commit: "9b1c6bf4b4aece5915caf5c68d12f560a9fe3e4a", AtOrBefore: true, Date: date, Reachable: true, Commits: 2, Paths: []string{"b.yml", "\xe9.yml"},
		}}, "id: {{akia}}\n"},
		{scanner.Origin{Path: "z.yml", Object: "5d308e1d060b0c387d452cf4747f89ecb9935851", History: &scanner.History{
			Commit: "0a1c6bf4b4aece5915caf5c68d12f560a9fe3e4a", Author: "Ren\xe9 <r@example.com>", Date: date, Reachable: true, InHead: true, Commits: 2,
			Branches: []string{"caf\xe9"}, Tags: []string{"\xe9", "v1"},
		}}, "id: {{akia}}\n"},
	}
}

// summary sums up results as the command does, and adds to them what they are
// not.
func summary(results []scanner.Result) report.Summary {
	s := report.Summary{Dropped: make(map[string]int), Duration: 1234 * time.Millisecond}
	for _, r := range results {
		s.Files++
		s.Bytes += r.Bytes
		s.Findings += len(r.Findings)
		for _, d := range r.Dropped {
			s.Dropped[d.Drop.Text]++
		}
	}
	return s
}

// TestFormats compares each format's report of each case with a file in
// testdata, which -update writes. None may hold a secret or what a terminal or
// a CI system would obey.
func TestFormats(t *testing.T) {
	incomplete := report.Summary{
		Files: 2, Bytes: 123456, Dropped: map[string]int{"placeholder": 2, "as ::they\x1b say\n##[x]": 1},
		Skipped: []scanner.Skipped{{Path: "x.\x1bpng", Reason: "compressed media"}, {Path: "both.txt", Reason: "un\rmerged"}},
		Errors:  []string{"read \x1b[31m.txt: permission denied"}, Partial: "interrupted", Duration: 61 * time.Second,
		Objects: &report.Objects{Commits: 1, Trees: 2, Blobs: 2, Tags: 1, Inflated: 123456, Scanned: 1234, Missing: 1, Shallow: true, Attribution: time.Second},
	}
	for _, c := range []struct {
		name    string
		options report.Options
		found   texts
		sum     *report.Summary
	}{
		{"findings", report.Options{}, found(), nil},
		{"why", report.Options{Why: true, Verbose: true}, found()[4:5], nil},
		{"hook", report.Options{Hook: report.CommitHook}, found()[:3], nil},
		{"colour", report.Options{Color: true, Why: true}, found()[1:5], nil},
		{"clean", report.Options{}, nil, nil},
		{"quiet", report.Options{Quiet: true}, nil, nil},
		{"incomplete", report.Options{Verbose: true, Quiet: true}, nil, &incomplete},
		{"incomplete-hook", report.Options{Hook: report.CommitHook}, nil, &incomplete},
	} {
		for _, f := range report.Formats() {
			t.Run(c.name+"/"+f.Name, func(t *testing.T) {
				c.options.Version = "1.2.3"
				got := write(t, f, c.options, c.found, c.sum)
				harmless(t, f, c.options, got)
				golden(t, filepath.Join("testdata", c.name+"."+f.Name), anonymous(withoutAssets(got)))
			})
		}
	}
}

func write(t *testing.T, f report.Format, o report.Options, found texts, sum *report.Summary) []byte {
	t.Helper()
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	results := slices.Collect(scanner.New(set, scanner.Options{}).Scan(context.Background(), found))
	if sum == nil {
		s := summary(results)
		sum = &s
	}
	var out bytes.Buffer
	w := f.New(&out, o)
	if err := w.Begin(); err != nil {
		t.Fatal(err)
	}
	for i := range results {
		if results[i].Err != nil {
			t.Fatal(results[i].Err)
		}
		if err := w.Findings(report.Findings(&results[i], o)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.End(*sum); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// harmless fails if a report could be obeyed, or tells a secret.
func harmless(t *testing.T, f report.Format, o report.Options, text []byte) {
	t.Helper()
	if o.Color { // what colour is made of is meant
		text = regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAll(text, nil)
	}
	if f.Name == "github" { // its own commands are meant
		text = regexp.MustCompile(`(?m)^::(error|warning|notice) (,?[a-zA-Z]+=[^,:\n]*)+::`).ReplaceAll(text, nil)
	}
	if m := regexp.MustCompile(`(?m)[^\P{C}\n\t]|[\x{202a}-\x{202e}]|^\s*::|##(?:\[|vso|teamcity)`).Find(text); m != nil || !isText(text) {
		t.Errorf("%s could be obeyed: %q in %q", f.Name, m, regexp.MustCompile(`(?m)^\s*::.*$`).Find(text))
	}
	for name, secret := range secrets(t) {
		if bytes.Contains(text, []byte(secret)) {
			t.Errorf("tells the secret %s", name)
		}
	}
	if f.Name == "json" && !json.Valid(text) {
		t.Error("is not JSON")
	}
}

func isText(b []byte) bool { return bytes.Equal(bytes.ToValidUTF8(b, nil), b) }

// secrets returns the secrets of the templates; those of key ids have a name
// without a digit.
func secrets(t *testing.T) map[string]string {
	t.Helper()
	e := synth.New(1)
	for _, text := range found() {
		if _, err := e.Expand(text.template); err != nil {
			t.Fatal(err)
		}
	}
	out := maps.Clone(e.Names())
	maps.DeleteFunc(out, func(name, _ string) bool { return len(name) == 1 })
	return out
}

// anonymous numbers the key ids: testdata holds nothing that looks like one.
func anonymous(text []byte) []byte {
	numbers := make(map[string]int)
	return regexp.MustCompile(`A[KS]IA[A-Z2-7]{16}`).ReplaceAllFunc(text, func(id []byte) []byte {
		if _, known := numbers[string(id)]; !known {
			numbers[string(id)] = len(numbers) + 1
		}
		return fmt.Appendf(nil, "<id %d>", numbers[string(id)])
	})
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, got, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v: go test ./report -update writes it", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("differs from %s, which -update would change:\n%s", name, got)
	}
}

// Reveal is the only way to secrets, and it is one in every format but those
// that are made to be passed on.
func TestReveal(t *testing.T) {
	for _, f := range report.Formats() {
		passedOn := f.Name == "agent" || f.Name == "markdown" || f.Name == "html"
		text := string(write(t, f, report.Options{Reveal: true}, found()[:4], nil))
		for name, secret := range secrets(t) {
			if shown := strings.Contains(text, secret); shown != (!passedOn && strings.Contains("a1 b1 b2 c1", name)) {
				t.Errorf("%s: %s shown: %v", f.Name, name, shown)
			}
		}
	}
}

// A writer that fails makes the report fail.
func TestWriteError(t *testing.T) {
	for _, f := range report.Formats() {
		w := f.New(failing{}, report.Options{})
		if err := errors.Join(w.Begin(), w.End(report.Summary{})); !errors.Is(err, errFull) {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}

var errFull = errors.New("no space left")

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFull }

func TestFormatNamed(t *testing.T) {
	for _, f := range report.Formats() {
		if got, err := report.FormatNamed(f.Name); err != nil || got.Name != f.Name || f.Description == "" {
			t.Errorf("%s: %v, %v", f.Name, got, err)
		}
	}
	if _, err := report.FormatNamed("xml"); err == nil || !strings.Contains(err.Error(), "text, json") {
		t.Errorf("xml: %v", err)
	}
}
