package report_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"slices"

	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

// pages is a source of a program's own: texts by their names.
type pages map[string]string

// Blobs implements scanner.Source.
func (p pages) Blobs(context.Context) iter.Seq2[*scanner.Blob, error] {
	return func(yield func(*scanner.Blob, error) bool) {
		for _, name := range slices.Sorted(maps.Keys(p)) { // in the same order each time
			text := p[name]
			open := func() (io.ReadCloser, error) { return scanner.InMemory([]byte(text)), nil }
			if !yield(&scanner.Blob{Origin: scanner.Origin{Path: name}, Open: open}, nil) {
				return
			}
		}
	}
}

// A program that keeps texts of its own, a wiki say, has them scanned and gets a
// report.
func Example() {
	set, err := patterns.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	format, err := report.FormatNamed("agent")
	if err != nil {
		fmt.Println(err)
		return
	}
	text, _ := synth.New(1).Expand("[default]\naws_secret_access_key = {{secret}}\n")
	wiki := pages{"How to deploy": text}

	options := report.Options{}
	out := format.New(os.Stdout, options)
	if err := out.Begin(); err != nil {
		fmt.Println(err)
		return
	}
	sum := report.Summary{}
	for r := range scanner.New(set, scanner.Options{}).Scan(context.Background(), wiki) {
		if err := errors.Join(r.Err, r.Unpacked); err != nil { // there may be findings all the same
			sum.Errors = append(sum.Errors, err.Error())
		}
		sum.Files++
		sum.Bytes += r.Bytes
		sum.Findings += len(r.Findings)
		if err := out.Findings(report.Findings(&r, options)); err != nil {
			fmt.Println(err)
			return
		}
	}
	if err := out.End(sum); err != nil {
		fmt.Println(err)
	}
	// Output:
	// How to deploy:2:25	high	secret_access_key	-	fb25b52c3cf48eeb6d6298e20d1f628d	-	read it from the environment, an AWS profile or Secrets Manager; a role needs no key
	// keyguard: 1 finding: 1 file (75 B) scanned in 0s; remove each credential and read it at run time; do not encode, split or move it; tell the user to rotate keys that were pushed
}
