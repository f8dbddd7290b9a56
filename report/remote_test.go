package report_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/keyguard/keyguard/report"
)

// TestRemote: what a pusher is told is short, whatever the repository holds.
func TestRemote(t *testing.T) {
	var list []report.Finding
	for i := range 7 {
		list = append(list, report.Finding{
			Title: "AWS key pair", Path: fmt.Sprintf("%sé\x1b[31m/%d.env", strings.Repeat("deep/", 7*i), i), Span: report.Span{Line: i + 1, Column: 3},
			AccessKeyID: "KEYID", AccountID: "123456789012", Fingerprint: strings.Repeat("0", 32),
			History: &report.History{Commit: strings.Repeat("a", 40), Author: "Someone with a name that does not end <and@an.address.like.it.example>"},
		})
	}
	list = append(list, report.Finding{Title: "dropped", Dropped: "a test"})
	for _, bypass := range []bool{false, true} {
		var out bytes.Buffer
		r := report.Remote{W: &out, Bypass: bypass}
		if err := r.Findings(list[:3]); err != nil {
			t.Fatal(err)
		}
		if err := r.Findings(list[3:]); err != nil {
			t.Fatal(err)
		}
		if err := r.End(report.Summary{}); err != nil {
			t.Fatal(err)
		}
		text := out.String()
		for line := range strings.Lines(text) {
			if n := utf8.RuneCountInString(line) - 1; n > report.RemoteWidth {
				t.Errorf("%d characters: %s", n, line)
			}
		}
		if strings.Contains(text, "\x1b") || strings.Contains(text, "dropped") || !strings.Contains(text, "and 2 more\n") ||
			!strings.Contains(text, "push refused: 7 × AWS key pair\n") || strings.Contains(text, "keyguard.allow") != bypass {
			t.Errorf("bypass %v:\n%s", bypass, text)
		}
	}
}

func TestRemoteIsSilentWhenClean(t *testing.T) {
	var out bytes.Buffer
	r := report.Remote{W: &out}
	if err := r.End(report.Summary{}); err != nil || out.Len() > 0 {
		t.Errorf("%v, %q", err, out.String())
	}
}

func ExampleNarrow() {
	w := report.Narrow(os.Stdout)
	fmt.Fprintln(w, "a short line stays")
	fmt.Fprintln(w, "a line that is too long for git's remote prefix is broken between two of its words and goes on below")
	// Output:
	// a short line stays
	// a line that is too long for git's remote prefix is broken between two of
	//   its words and goes on below
}
