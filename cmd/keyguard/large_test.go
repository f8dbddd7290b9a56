package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/synth"
)

// repeated is a reader of size bytes, which repeat one text.
type repeated struct {
	text []byte
	at   int
	left int64
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(int64(len(p)), r.left)], r.text[r.at:])
	r.at = (r.at + n) % len(r.text)
	r.left -= int64(n)
	return n, nil
}

// place is where a finding is, as the JSON report tells it.
type place struct {
	Line, Column int
	KeyID        string `json:"access_key_id"`
}

// TestLarge: a whole gigabyte is scanned, and in memory that does not grow with
// it, whether it is one line or many, piped or a file. With KEYGUARD_TEST_LARGE
// set it is 4 GiB and a bit: more than 32 bits count.
func TestLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("scans gigabytes")
	}
	size, hole := int64(1<<30), int64(1<<27) // holes are read slowly
	if os.Getenv("KEYGUARD_TEST_LARGE") != "" {
		size, hole = 1<<32+1<<20, 1<<32+1<<20
	}
	e := synth.New(1)
	pair, err := e.Expand(" aws {{akia#id}} {{secret#key}} ")
	if err != nil {
		t.Fatal(err)
	}
	id, _ := e.Named("id")
	long := strings.Repeat("let some_name=[1,2,3].map(f);", 1<<16)
	short := strings.Repeat("let some_name=1\n", 1<<16)
	last := len(pair) + int(size) + 27 // the column of the second secret in one line
	sparse := filepath.Join(t.TempDir(), "sparse")
	if err := writeSparse(sparse, pair, hole); err != nil {
		t.Fatal(err)
	}
	ends := func(middle io.Reader) io.Reader {
		return io.MultiReader(strings.NewReader(pair), middle, strings.NewReader(pair))
	}
	for _, c := range []struct {
		name string
		args []string
		in   io.Reader
		want []place
	}{
		{"one line", []string{"-"}, ends(&repeated{text: []byte(long), left: size}),
			[]place{{1, 27, id}, {1, last, id}}},
		{"many lines", []string{"-"}, ends(&repeated{text: []byte(short), left: size}),
			[]place{{1, 27, id}, {1 + int(size)/16, 27, id}}},
		{"one line of a patch", []string{"--patch"}, io.MultiReader(strings.NewReader("+++ b/x\n@@ -0,0 +1 @@\n+"), ends(&repeated{text: []byte(long), left: size})),
			[]place{{1, 27, id}, {1, last, id}}},
		{"a sparse file", []string{sparse}, nil,
			[]place{{1, 27, id}, {1, int(hole) + 27, id}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			var out, errs bytes.Buffer
			a := &cli.App{In: c.in, Out: &out, Err: &errs, Env: func(string) string { return "" }}
			code := run(context.Background(), a, append([]string{"scan", "-f", "json", "-j", "1"}, c.args...))
			runtime.ReadMemStats(&after)
			var report struct{ Findings []place }
			if err := json.Unmarshal(out.Bytes(), &report); err != nil || code != cli.ExitFindings {
				t.Fatalf("exit code %d, %v, %s", code, err, errs.String())
			}
			if len(report.Findings) != 2 || report.Findings[0] != c.want[0] || report.Findings[1] != c.want[1] {
				t.Errorf("got %v, want %v", report.Findings, c.want)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 32<<20 {
				t.Errorf("%d MiB were allocated", used>>20)
			}
		})
	}
}

// writeSparse writes a file of zeros with text at both of its ends.
func writeSparse(name, text string, size int64) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if _, err := f.WriteString(text); err != nil {
		return err
	}
	if _, err := f.WriteAt([]byte(text), size); err != nil {
		return err
	}
	return f.Close()
}
