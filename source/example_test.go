package source_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
	"github.com/keyguard/keyguard/source"
)

// A patch is scanned for credentials that it adds; the removed key is not reported.
func ExamplePatch() {
	diff, err := synth.New(1).Expand(`--- a/settings
+++ b/settings
@@ -1,2 +1,2 @@
 region = eu-west-1
-aws_access_key_id = {{akia}}
+aws_access_key_id = {{akia}}
`)
	if err != nil {
		panic(err)
	}
	set, err := patterns.Builtin()
	if err != nil {
		panic(err)
	}
	patch := source.Patch{R: strings.NewReader(diff)}
	for r := range scanner.New(set, scanner.Options{}).Scan(context.Background(), patch) {
		if r.Err != nil {
			panic(r.Err)
		}
		for _, f := range r.Findings {
			fmt.Printf("%s:%d: %s\n", f.Origin.Path, f.Span.Line, f.Title)
		}
	}
	// Output: settings:2: AWS access key id
}
