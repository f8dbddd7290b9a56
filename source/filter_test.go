package source_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/scanner"
	"github.com/keyguard/keyguard/source"
)

// A file of a patch that is left out does not stop those after it.
func TestFilterOfPatch(t *testing.T) {
	const patch = "--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+one\n--- a/y\n+++ b/y\n@@ -0,0 +1 @@\n+two\n"
	f := source.Filter{Source: source.Patch{R: strings.NewReader(patch)}, Skip: func(path string) string {
		if path == "x" {
			return "because"
		}
		return ""
	}}
	var got []string
	for blob, err := range f.Blobs(t.Context()) {
		var skipped *scanner.Skipped
		if errors.As(err, &skipped) {
			got = append(got, skipped.Path+" "+skipped.Reason)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := blob.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, blob.Origin.Path+" "+string(text))
	}
	if want := "x because|y two\n"; strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", strings.Join(got, "|"), want)
	}
}
