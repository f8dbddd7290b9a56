package report_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

// withoutAssets leaves style, script and their hashes out of a page, which are
// the same in all of them.
func withoutAssets(page []byte) []byte {
	for _, cut := range []string{`(?s)(<style>).*?(</style>)`, `(?s)(<script>).*?(</script>)`, `(sha256-)[\w&#;/=]*()`} {
		page = regexp.MustCompile(cut).ReplaceAll(page, []byte("$1…$2"))
	}
	return page
}

// foreign is a finding as a repository, or a report that was read, may have it.
func foreign(text string) report.Finding {
	no := false
	return report.Finding{
		RuleID: "aws-key-pair" + text, Kind: "key_pair", Title: text, Description: text, Path: text, AccessKeyID: text, AccountID: text, LongTerm: &no,
		Fingerprint: text, Excerpt: text, DecodedFrom: text, Note: text, Fix: text, Object: text,
		Related: []report.Part{{RuleID: text, Kind: "key_pair"}}, Evidence: &report.Evidence{KeyID: text, Parts: []report.PartEvidence{{RuleID: text}}},
		History: &report.History{
			Commit: text, Author: text, Date: text, Tag: text, Reachable: true, Removed: text, RemovedDate: text,
			Paths: []string{text}, Branches: []string{text}, Tags: []string{text},
		},
	}
}

func page(t *testing.T, o report.Options, s report.Summary, list ...report.Finding) string {
	t.Helper()
	var b bytes.Buffer
	format, err := report.FormatNamed("html")
	if err != nil {
		t.Fatal(err)
	}
	w := format.New(&b, o)
	if err := w.Begin(); err != nil {
		t.Fatal(err)
	}
	if err := w.Findings(list); err != nil {
		t.Fatal(err)
	}
	if err := w.End(s); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// breakouts try to leave each of the page's contexts.
func breakouts() []string {
	return []string{
		`</script><script>alert(1)</script>`, `</noscript><img src=x onerror=alert(1)>`, `<!--<script>`, `-->`, `]]>`,
		`"><svg onload=alert(1)>`, `' onmouseover='alert(1)`, `</title></style><b>`, `javascript:alert(1)`, `{{.}}`, `${alert(1)}`,
		"\u2028\u2029", "\u202e\u2066txt.exe", "\x1b]0;x\a\x1b[2J", "\x00\xff", `\u003c/script>`, `$(touch x)`, "`x`; rm -rf ~",
	}
}

// TestPageIsInert: nothing that findings hold makes an element, ends one, or
// reaches the page unseen.
func TestPageIsInert(t *testing.T) {
	count := func(text string) map[string]int {
		n := make(map[string]int)
		for _, tag := range regexp.MustCompile(`(?i)<[!/a-z][a-z]*`).FindAllString(text, -1) {
			n[tag]++
		}
		return n
	}
	summary := func(s string) report.Summary {
		return report.Summary{Errors: []string{s}, Partial: s, Stale: []report.Stale{{Place: s, Problem: s, Reason: s}}, Dropped: map[string]int{s: 1}}
	}
	options := func(s string) report.Options {
		return report.Options{Version: s, Why: true, Repository: &report.Repository{URI: s, Branch: s, Revision: s}}
	}
	plain := fmt.Sprint(count(page(t, options("x"), summary("x"), foreign("x"))))
	for _, text := range breakouts() {
		got := page(t, options(text), summary(text), foreign(text))
		if tags := fmt.Sprint(count(got)); tags != plain {
			t.Errorf("%q makes tags\n%s, want\n%s", text, tags, plain)
		}
		if m := regexp.MustCompile(`[^\P{C}\n]|[\x{2028}\x{2029}]`).FindString(got); m != "" {
			t.Errorf("%q: %q is in the page", text, m)
		}
	}
}

// TestPageData: the block of JSON can be read, by more than the page's script.
func TestPageData(t *testing.T) {
	for _, text := range breakouts() {
		m := regexp.MustCompile(`(?s)<script type="application/json" id="data">(.*?)</script>`).FindStringSubmatch(page(t, report.Options{}, report.Summary{}, foreign(text)))
		var data struct {
			Findings []report.Finding `json:"findings"`
		}
		if m == nil {
			t.Fatalf("%q: no data", text)
		}
		if err := json.Unmarshal([]byte(m[1]), &data); err != nil || len(data.Findings) != 1 {
			t.Fatalf("%q: %d findings, %v", text, len(data.Findings), err)
		}
		if want := strings.ToValidUTF8(text, "\ufffd"); data.Findings[0].Path != want {
			t.Errorf("path %q, want %q", data.Findings[0].Path, want)
		}
	}
}

// TestPageSteps: findings of a kind share what there is to do, and a record
// without its secret, as reports hold it, still tells.
func TestPageSteps(t *testing.T) {
	e := synth.New(1)
	var list []report.Finding
	for range 3 {
		id, err := e.Expand("{{akia}}")
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, report.Finding{RuleID: "aws-key-pair", Kind: patterns.KeyPair, AccessKeyID: id, AccountID: patterns.ParseKeyID(id).Account})
	}
	list = append(list, report.Finding{RuleID: "aws-bedrock-api-key", Kind: patterns.APIKey})
	text := page(t, report.Options{}, report.Summary{}, list...)
	for _, command := range []string{"aws iam update-access-key --user-name USER --access-key-id {ID} --status Inactive", "aws iam update-service-specific-credential"} {
		if n := strings.Count(text, command); n != 1 {
			t.Errorf("%d times %q", n, command)
		}
	}
}

// TestPageCommands: what is no id gets into no command that somebody may copy.
func TestPageCommands(t *testing.T) {
	for _, rule := range []string{"aws-key-pair", "aws-access-key-id", "aws-service-credential", "aws-bedrock-api-key", "x"} {
		for _, kind := range []patterns.Kind{patterns.KeyPair, patterns.AccessKeyID, patterns.APIKey} {
			text := page(t, report.Options{}, report.Summary{}, report.Finding{RuleID: rule, Kind: kind, AccessKeyID: "$(evil)", AccountID: "$(evil)"})
			if _, steps, ok := strings.Cut(text, `"steps":[[`); !ok || strings.Contains(steps, "evil") {
				t.Errorf("%s, %s: %.300s", rule, kind, steps)
			}
		}
	}
}

// TestPagePolicy: the policy names the style and the script that are there, and
// allows nothing else.
func TestPagePolicy(t *testing.T) {
	text := page(t, report.Options{}, report.Summary{})
	hash := func(element string) string {
		m := regexp.MustCompile("(?s)<" + element + ">(.*?)</" + element + ">").FindStringSubmatch(text)
		sum := sha256.Sum256([]byte(m[1]))
		return base64.StdEncoding.EncodeToString(sum[:])
	}
	policy := html.UnescapeString(regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(text)[1])
	want := fmt.Sprintf("default-src 'none'; script-src 'sha256-%s'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'", hash("script"), hash("style"))
	if policy != want {
		t.Errorf("policy %s\nwant   %s", policy, want)
	}
	if m := regexp.MustCompile(`https?://|(?i)\ssrc=|@import|url\(`).FindString(text); m != "" {
		t.Errorf("the page names something to load: %s", m)
	}
}

// TestPageKeepsSecrets: pages are passed on, so not even Reveal shows a secret.
func TestPageKeepsSecrets(t *testing.T) {
	const secret = "what nobody may know"
	f := report.NewFinding(&scanner.Finding{Kind: "key_pair", Secret: scanner.Secret(secret)}, report.Options{Reveal: true})
	f.Excerpt = "key = " + secret
	if strings.Contains(page(t, report.Options{Reveal: true}, report.Summary{}, f), secret) {
		t.Error("the page tells a secret")
	}
}

// browser opens pages in a headless Chromium.
func browser(t *testing.T) func(name string) string {
	t.Helper()
	var chromium string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil && chromium == "" {
			chromium = path
		}
	}
	if chromium == "" || testing.Short() || runtime.GOOS == "windows" {
		t.Skip("NOT TESTED IN A BROWSER: there is no chromium in PATH, or -short was given")
	}
	return func(name string) string {
		cmd := exec.CommandContext(t.Context(), chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
			"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+t.TempDir(),
			"--virtual-time-budget=2000", "--enable-logging=stderr", "--dump-dom", "file://"+name)
		var log bytes.Buffer
		cmd.Stderr = &log
		cmd.WaitDelay = 10 * time.Second
		dom, err := cmd.Output()
		if err != nil {
			t.Fatalf("chromium: %v\n%s", err, &log)
		}
		if m := regexp.MustCompile(`(?m)^.*(?:CONSOLE|Refused|Uncaught).*$`).FindString(log.String()); m != "" {
			t.Errorf("the console says: %s", m)
		}
		return string(dom)
	}
}

// TestPageInBrowser opens pages with nothing, with one finding, with thousands
// and with hostile ones, and looks at what the script made of them.
func TestPageInBrowser(t *testing.T) {
	open := browser(t)
	many := make([]report.Finding, 2000)
	for i := range many {
		many[i] = foreign(breakouts()[i%len(breakouts())])
		many[i].Severity, many[i].Line = 3, i
		many[i].Date = time.Date(2015, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(time.RFC3339)
	}
	for _, c := range []struct {
		name     string
		fragment string
		findings []report.Finding
		want     []string
		rows     int
	}{
		{"none", "", nil, []string{"No credentials found", "◐ Auto"}, 0},
		{"one", "", []report.Finding{foreign("x")}, []string{"1 leaked credential<", "1 finding<", `class="sheet"`}, 1},
		{"hostile", "", many[:len(breakouts())], []string{"\\u202e", "\\u001b", "&lt;/script&gt;"}, len(breakouts())},
		{"many", "#q=onload", many, []string{"111 of 2000 findings", "11 left", `aria-label="2015`}, 100},
	} {
		t.Run(c.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "page.html")
			if err := os.WriteFile(name, []byte(page(t, report.Options{}, report.Summary{}, c.findings...)), 0o600); err != nil {
				t.Fatal(err)
			}
			dom := open(name + c.fragment)
			for _, want := range c.want {
				if !strings.Contains(dom, want) {
					t.Errorf("there is no %q in the page", want)
				}
			}
			if n := strings.Count(dom, `<tr class="row`); n != c.rows {
				t.Errorf("%d rows, want %d", n, c.rows)
			}
			if m := regexp.MustCompile(`(?i)<(?:img|svg|b)\b|<[^>]*\son\w+=`).FindString(regexp.MustCompile(`"[^"]*"`).ReplaceAllString(dom, `""`)); m != "" {
				t.Errorf("foreign markup: %s", m)
			}
		})
	}
}
