package scanner_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/scanner"
	"github.com/keyguard/keyguard/scanner/internal/archivetest"
)

// named returns a gzip whose header has a file's name, as gzip(1) writes it.
func named(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Name = "credentials"
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// twoMembers returns a zip with two members.
func twoMembers(t *testing.T, first, second []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, data := range map[string][]byte{"first": first, "second": second} {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// wrapped cuts a text into lines of n bytes.
func wrapped(s string, n int) string {
	var lines []string
	for part := range slices.Chunk([]byte(s), n) {
		lines = append(lines, string(part))
	}
	return strings.Join(lines, "\n")
}

// TestEncodedArchives: the content of a gzip or a zip in base64 is found, and omissions
// are recorded.
func TestEncodedArchives(t *testing.T) {
	s := newScanner(t)
	key := []byte(expand(t, "aws_access_key_id={{akia}}\naws_secret_access_key={{secret}}\n"))
	noise := make([]byte, 100_000)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = "0123456789abcdef"[random.IntN(16)]
	}
	b64, hexa := base64.StdEncoding.EncodeToString, hex.EncodeToString
	plain := bytes.Repeat([]byte("nothing to see here\n"), 10)
	for _, c := range []struct {
		name, text string
		decoded    string // encodings of the finding; empty if not found
		skipped    string
	}{
		{"a gzip in base64", "data: " + b64(archivetest.Gzip(t, key)), "base64, gzip", ""},
		{"one with a file's name", b64(named(t, key)), "base64, gzip", ""},
		{"one in lines", wrapped(b64(archivetest.Gzip(t, key)), 76), "base64, gzip", ""},
		{"one in base64 twice", b64([]byte(b64(archivetest.Gzip(t, key)))), "base64, base64, gzip", ""},
		{"a tar in a gzip", b64(archivetest.Gzip(t, archivetest.Tar(t, "m", key))), "base64, gzip", ""},
		{"a zip in base64", "zip=" + b64(archivetest.Zip(t, "m", key)), "base64, zip", ""},
		{"the second member of a zip", b64(twoMembers(t, plain, key)), "base64, zip", ""},
		{"a zip in a gzip", b64(archivetest.Gzip(t, archivetest.Zip(t, "m", key))), "", "gzip in base64: an archive within it is not unpacked"},
		{"a gzip in a zip", b64(archivetest.Zip(t, "m", archivetest.Gzip(t, key))), "", "zip in base64: an archive within it is not unpacked"},
		{"a zip that stores its member", b64(archivetest.ZipOf(t, &zip.FileHeader{Name: "m"}, key)), "base64", ""},
		{"one that stores a gzip", b64(archivetest.ZipOf(t, &zip.FileHeader{Name: "m"}, archivetest.Gzip(t, key))), "", "zip in base64: an archive within it is not unpacked"},
		{"an encrypted zip", b64(method(archivetest.Zip(t, "m", key), 8, 1)), "", "zip in base64: a member is encrypted, or compressed by a method that is not supported"},
		{"a long gzip", b64(archivetest.Gzip(t, join(key, noise))), "base64, gzip", "gzip in base64: only its beginning was unpacked"},
		{"a long zip", b64(archivetest.Zip(t, "m", join(key, noise))), "base64, zip", "zip in base64: only its beginning was unpacked"},
		{"a long text in a gzip", b64(archivetest.Gzip(t, join(key, bytes.Repeat(plain, 1000)))), "base64, gzip", "gzip in base64: only its first 64 KiB were searched"},
		{"bzip2 in base64", b64([]byte("BZh91AY&SY and so on, for a while")), "", "bzip2 in base64 is not unpacked"},
		{"xz in base64", b64([]byte("\xfd7zXZ\x00 and so on, for a while")), "", "xz in base64 is not unpacked"},
		{"base64 in a gzip in base64 twice", b64([]byte(b64(archivetest.Gzip(t, []byte(b64(key)))))), "", "encoded text within two encodings is not decoded"},
		{"no gzip", b64(archivetest.Gzip(t, plain))[:12] + strings.Repeat("A", 100), "", ""},
		{"nothing in a gzip", b64(archivetest.Gzip(t, plain)), "", ""},
		{"wrapped hexadecimal", wrapped(hexa(key), 60), "hex", ""},
		{"indented", strings.ReplaceAll(wrapped(hexa(key), 64), "\n", "\n\t"), "hex", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := []byte("before\n" + c.text + "\nafter\n")
			_, tracked := s.NewTracker(t.Context()).Scan(data, nil, nil)
			for how, r := range map[string]scanner.Result{"read": s.ScanReader(bytes.NewReader(data)), "tracked": tracked} {
				if strings.Join(r.Skipped, "; ") != c.skipped || r.Unpacked != nil {
					t.Errorf("%s: skipped %q, %v, want %q", how, r.Skipped, r.Unpacked, c.skipped)
				}
				switch {
				case c.decoded == "" && len(r.Findings) == 0:
				case len(r.Findings) != 1 || r.Findings[0].DecodedFrom.String() != c.decoded:
					t.Errorf("%s: got %s, want one, decoded from %q", how, describe(r.Findings), c.decoded)
				}
			}
		})
	}
}
