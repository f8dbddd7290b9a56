package scanner_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
)

func zipped(t *testing.T, name string, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create(name)
	if err == nil {
		_, err = f.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tarred(t *testing.T, name string, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(data)), Mode: 0o644, Format: tar.FormatUSTAR})
	if err == nil {
		_, err = w.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestArchives(t *testing.T) {
	s := newScanner(t)
	key := []byte(expand(t, "\nid={{akia}}\nsecret={{secret}}\n"))
	deep := key
	for range 4 {
		deep = zipped(t, "in.zip", deep)
	}
	nested := key
	for range 40 {
		nested = tarred(t, "in.tar", nested)
	}
	for _, c := range []struct {
		name     string
		data     []byte
		findings int
		decoded  string
		unpacked bool
	}{
		{"zip", zipped(t, "a/b.env", key), 1, "zip member a/b.env, line 3", true},
		{"gzip", gzipped(t, key), 1, "gzip, line 3", true},
		{"tar.gz", gzipped(t, tarred(t, "b.env", key)), 1, "gzip, tar member b.env, line 3", true},
		{"tar shows it by itself, once", tarred(t, "b.env", key), 1, "", true},
		{"zip in zip in zip", zipped(t, "x.zip", zipped(t, "y.jar", zipped(t, "c", key))), 1, "zip member x.zip, zip member y.jar, zip member c, line 3", true},
		{"too deep is said", deep, 0, "", false},
		{"tar in tar, too deep, is said", gzipped(t, nested), 1, "", false},
		{"a damaged zip is scanned as bytes", append([]byte("PK\x03\x04"), key...), 1, "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := s.ScanReader(bytes.NewReader(c.data))
			if len(r.Findings) != c.findings || (r.Unpacked == nil) != c.unpacked {
				t.Fatalf("%d findings, unpacked: %v", len(r.Findings), r.Unpacked)
			}
			if c.decoded != "" && r.Findings[0].DecodedFrom != c.decoded {
				t.Errorf("decoded from %q, want %q", r.Findings[0].DecodedFrom, c.decoded)
			}
			if got := s.ScanBytes(c.data); len(got) != c.findings {
				t.Errorf("whole: %d findings", len(got))
			}
			if _, got := s.NewTracker(t.Context()).Scan(c.data, nil, nil); len(got.Findings) != c.findings {
				t.Errorf("tracked: %d findings", len(got.Findings))
			}
		})
	}
}

// TestArchiveBomb: what unpacks to more than the limit is left, and said.
func TestArchiveBomb(t *testing.T) {
	if testing.Short() {
		t.Skip("unpacks 256 MiB")
	}
	big := gzipped(t, bytes.Repeat([]byte(strings.Repeat("0", 1<<10)), 300<<10))
	if r := newScanner(t).ScanReader(bytes.NewReader(big)); r.Unpacked == nil {
		t.Errorf("%d bytes became 300 MiB, and nothing was said", len(big))
	}
}
