package inflate

import (
	"bytes"
	"compress/zlib"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A packed entry is a zlib stream, followed by more of the pack.
type packed struct {
	src  []byte
	size int
}

// BenchmarkZlib inflates entries of a pack, beside compress/zlib: whole files (Go's own
// source) and small deltas on them. It also reports the time of one entry.
func BenchmarkZlib(b *testing.B) {
	files := sources(b)
	for _, kind := range []struct {
		name    string
		entries []packed
	}{
		{"file", pack(b, files)},
		{"delta", pack(b, deltas(files, 4000))},
	} {
		total := 0
		for _, e := range kind.entries {
			total += e.size
		}
		dst := make([]byte, 100<<10)
		run := func(name string, inflate func(dst, src []byte) error) {
			b.Run(kind.name+"/"+name, func(b *testing.B) {
				b.SetBytes(int64(total))
				for b.Loop() {
					for _, e := range kind.entries {
						if err := inflate(dst[:e.size], e.src); err != nil {
							b.Fatal(err)
						}
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(kind.entries)), "ns/entry")
			})
		}
		var fast Decoder
		run("inflate", func(dst, src []byte) error {
			_, err := fast.Zlib(dst, src)
			return err
		})
		run("compress-zlib", stdInflate())
	}
}

// stdInflate returns compress/zlib used as well as it can be.
func stdInflate() func(dst, src []byte) error {
	var std Decoder
	return func(dst, src []byte) error {
		_, err := std.slowZlib(dst, src)
		return err
	}
}

// sources returns some Go source files of 1 to 100 KB.
func sources(tb testing.TB) [][]byte {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		tb.Skip("no go command to tell where source code is")
	}
	var files [][]byte
	dir := filepath.Join(strings.TrimSpace(string(root)), "src", "net")
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") {
			return err
		}
		data, err := os.ReadFile(path)
		if len(data) >= 1<<10 && len(data) <= 100<<10 {
			files = append(files, data)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		tb.Skipf("no source code in %s: %v", dir, err)
	}
	return files
}

// deltas returns n payloads of 60 to 500 bytes in the form of gitformat-pack(5): copies
// from a base between insertions of text.
func deltas(files [][]byte, n int) [][]byte {
	r := rand.New(rand.NewPCG(4, 4))
	all := make([][]byte, n)
	for i := range all {
		size := 60 + r.IntN(440)
		var d []byte
		for len(d) < size {
			d = append(d, 0xb3, byte(r.Uint32()), byte(r.IntN(80)), byte(r.Uint32()), byte(r.IntN(8)))
			file := files[r.IntN(len(files))]
			insert := 5 + r.IntN(122)
			from := r.IntN(len(file) - insert)
			d = append(d, byte(insert))
			d = append(d, file[from:from+insert]...)
		}
		all[i] = d[:size]
	}
	return all
}

// pack deflates contents and concatenates them.
func pack(tb testing.TB, contents [][]byte) []packed {
	var all bytes.Buffer
	starts := make([]int, len(contents))
	w := zlib.NewWriter(io.Discard)
	for i, data := range contents {
		starts[i] = all.Len()
		w.Reset(&all)
		if _, err := w.Write(data); err != nil {
			tb.Fatal(err)
		}
		if err := w.Close(); err != nil {
			tb.Fatal(err)
		}
	}
	all.Write(make([]byte, 20)) // the pack's own checksum
	entries := make([]packed, len(contents))
	for i, data := range contents {
		entries[i] = packed{all.Bytes()[starts[i]:], len(data)}
	}
	return entries
}
