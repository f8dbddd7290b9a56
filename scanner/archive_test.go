package scanner_test

import (
	"archive/tar"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/scanner"
	"github.com/keyguard/keyguard/scanner/internal/archivetest"
)

// method sets the compression method and the flags of a zip's only member.
func method(zip []byte, method, flags uint16) []byte {
	out := bytes.Clone(zip)
	for _, at := range []int{bytes.Index(out, []byte("PK\x03\x04")) + 6, bytes.Index(out, []byte("PK\x01\x02")) + 8} {
		binary.LittleEndian.PutUint16(out[at:], binary.LittleEndian.Uint16(out[at:])|flags)
		binary.LittleEndian.PutUint16(out[at+2:], method)
	}
	return out
}

// headless returns a zip without its directory.
func headless(zip []byte) []byte { return zip[:bytes.Index(zip, []byte("PK\x01\x02"))] }

// listed sets a field of a zip's directory, by its offset in an entry.
func listed(data []byte, field int, value uint32) []byte {
	binary.LittleEndian.PutUint32(data[bytes.Index(data, []byte("PK\x01\x02"))+field:], value)
	return data
}

func commented(t *testing.T, comment string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.WriteHeader(&tar.Header{Name: "x", Format: tar.FormatPAX, PAXRecords: map[string]string{"comment": comment}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// old changes the header of the first member of a tar to the format before POSIX.
func old(tar []byte) []byte {
	clear(tar[257:512])
	copy(tar[148:156], "        ")
	sum := 0
	for _, c := range tar[:512] {
		sum += int(c)
	}
	copy(tar[148:156], fmt.Sprintf("%06o\x00 ", sum))
	return tar
}

// folder renames a zip's member d! to d/.
func folder(zip []byte) []byte { return bytes.ReplaceAll(zip, []byte("d!"), []byte("d/")) }

// stored changes the directory of a zip, but not the header of its only member: the
// content is uncompressed, with its packed size and without a checksum.
func stored(zip []byte) []byte {
	at := bytes.Index(zip, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(zip[at+8:], 0) // flags, method
	return listed(listed(zip, 16, 0), 24, binary.LittleEndian.Uint32(zip[at+20:]))
}

// longer inserts more after the content of a zip's only member, and adds its length to
// the size in the directory.
func longer(zip, more []byte) []byte {
	at := bytes.Index(zip, []byte("PK\x07\x08")) // of the descriptor after the content
	content := binary.LittleEndian.Uint32(zip[at+8:])
	out := listed(join(zip[:at], more, zip[at:]), 20, content+uint32(len(more)))
	offset := out[bytes.LastIndex(out, []byte("PK\x05\x06"))+16:]
	binary.LittleEndian.PutUint32(offset, binary.LittleEndian.Uint32(offset)+uint32(len(more)))
	return out
}

// wide sets the size in the header of a zip member to the value that refers to the zip64
// fields.
func wide(zip []byte) []byte {
	binary.LittleEndian.PutUint16(zip[6:], 0)
	binary.LittleEndian.PutUint32(zip[18:], 1<<32-1)
	return zip
}

// odd changes the bytes of a gzip's header that describe its writer.
func odd(gzip []byte) []byte {
	gzip[8], gzip[9] = 1, 99
	return gzip
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func TestArchives(t *testing.T) {
	s := newScanner(t)
	key := []byte(expand(t, "\nid={{akia}}\nsecret={{secret}}\n"))
	deep := key
	for range 4 {
		deep = archivetest.Zip(t, "in.zip", deep)
	}
	nested := key
	for range 40 {
		nested = archivetest.Tar(t, "in.tar", nested)
	}
	clean := []byte("nothing\n")
	bz2, err := base64.StdEncoding.DecodeString("QlpoOTFBWSZTWb+HtY4AAALBgAAQAOGEACAAIg09AhgOINkou5IpwoSF/D2scA==")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		data     []byte
		findings int
		decoded  string
		unread   string
	}{
		{"zip", archivetest.Zip(t, "a/b.env", key), 1, "zip member a/b.env, line 3", ""},
		{"gzip", archivetest.Gzip(t, key), 1, "gzip, line 3", ""},
		{"tar.gz", archivetest.Gzip(t, archivetest.Tar(t, "b.env", key)), 1, "gzip, tar member b.env, line 3", ""},
		{"tar shows it by itself, once", archivetest.Tar(t, "b.env", key), 1, "", ""},
		{"zip in zip in zip", archivetest.Zip(t, "x.zip", archivetest.Zip(t, "y.jar", archivetest.Zip(t, "c", key))), 1, "zip member x.zip, zip member y.jar, zip member c, line 3", ""},
		{"bzip2", bz2, 0, "", ""},
		{"too deep", deep, 0, "", "zip member in.zip, zip member in.zip, zip member in.zip: " + tooMuch},
		{"tar in tar, too deep", archivetest.Gzip(t, nested), 1, "", "gzip, tar member in.tar, tar member in.tar: " + tooMuch},

		{"behind a false mark", join([]byte("PK\x03\x04"), key), 1, "", "zip: damaged: zip: not a valid zip file"},
		{"behind a false mark in a gzip", archivetest.Gzip(t, join([]byte("BZh91AY&SY"), key)), 1, "gzip, line 3", "gzip, bzip2: damaged: bzip2 data invalid: block checksum mismatch"},
		{"behind a false mark in a zip", archivetest.Zip(t, "m", join([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"), key)), 1, "zip member m, line 3", "zip member m, gzip: damaged: flate: corrupt input before offset 7"},
		{"behind a tar's end", archivetest.Gzip(t, join(archivetest.Tar(t, "x", clean), key)), 1, "gzip, line 4", ""},
		{"in the second tar", archivetest.Gzip(t, join(archivetest.Tar(t, "x", clean), archivetest.Tar(t, "y", archivetest.Gzip(t, key)))), 1, "gzip, tar member y, gzip, line 3", ""},
		{"in a tar's comment", archivetest.Gzip(t, commented(t, strings.TrimSpace(string(key)))), 1, "gzip, line 2", ""},
		{"in the second gzip", join(archivetest.Gzip(t, clean), archivetest.Gzip(t, key)), 1, "gzip, line 3", ""},
		{"in a zip behind a gzip", join(archivetest.Gzip(t, clean), archivetest.Zip(t, "m", key)), 1, "gzip, behind its end, zip member m, line 3", ""},
		{"in a zip behind a program", join([]byte("MZ program"), archivetest.Zip(t, "m", key)), 1, "zip member m, line 3", ""},
		{"in a zip without a directory", headless(archivetest.Zip(t, "m", key)), 1, "zip member m, line 3", "zip: damaged: zip: not a valid zip file"},
		{"in a member that the directory has not", join(headless(archivetest.Zip(t, "hidden", key)), archivetest.Zip(t, "m", clean)), 1, "zip member hidden, line 3", ""},
		{"encrypted", method(archivetest.Zip(t, "m", clean), 8, 1), 0, "", "zip member m: encrypted"},
		{"an unknown method", method(archivetest.Zip(t, "m", clean), 99, 0), 0, "", "zip member m: compression method 99 is not supported"},
		{"a checksum that is not so", listed(archivetest.Zip(t, "m", key), 16, 1), 1, "zip member m, line 3", "zip member m: damaged: zip: checksum error"},
		{"a size that is not so", listed(archivetest.Zip(t, "m", key), 24, 1), 1, "zip member m, line 3", "zip member m: damaged: zip: not a valid zip file"},
		{"in a folder", folder(listed(archivetest.Zip(t, "d!", key), 24, 0)), 1, "zip member d/, line 3", "zip member d/: damaged: zip: not a valid zip file"},
		{"a folder as Java writes it", folder(archivetest.Zip(t, "d!", nil)), 0, "", ""},
		{"another method in the directory", stored(archivetest.Zip(t, "m", key)), 1, "zip member m, line 3", ""},
		{"another size in the directory", longer(archivetest.Zip(t, "m", clean), headless(archivetest.Zip(t, "hidden", key))), 1, "zip member m, zip member hidden, line 3", ""},
		{"behind a member whose header has zip64's size", join(wide(headless(archivetest.Zip(t, "wide", clean))), headless(archivetest.Zip(t, "hidden", key)), archivetest.Zip(t, "m", clean)), 1, "zip member hidden, line 3", ""},
		{"two members of a name", join(headless(archivetest.Zip(t, "m", key)), archivetest.Zip(t, "m", clean)), 1, "zip member m, line 3", ""},
		{"in a member that the directory has not, behind a program", join([]byte("MZ program"), headless(archivetest.Zip(t, "hidden", key)), archivetest.Zip(t, "m", clean)), 1, "zip member hidden, line 3", ""},
		{"in a zip within other data", join([]byte("MZ program"), archivetest.Zip(t, "m", key), clean), 1, "zip member m, line 3", ""},
		{"in a zip before other data", join(archivetest.Zip(t, "m", key), clean), 1, "zip member m, line 3", ""},
		{"in a zip behind a gzip and text", join(archivetest.Gzip(t, clean), clean, archivetest.Zip(t, "m", key)), 1, "zip member m, line 3", ""},
		{"in a gzip behind zeros", join(archivetest.Gzip(t, clean), make([]byte, 1000), archivetest.Gzip(t, key)), 1, "gzip, line 3", ""},
		{"in a gzip of an odd program", odd(archivetest.Gzip(t, key)), 1, "gzip, line 3", ""},
		{"in a tar without ustar", archivetest.Gzip(t, old(archivetest.Tar(t, "b.gz", archivetest.Gzip(t, key)))), 1, "gzip, tar member b.gz, gzip, line 3", ""},
		{"cut short", archivetest.Gzip(t, join(key, bytes.Repeat(key, 9)))[:100], 1, "", "gzip: damaged: unexpected EOF"},
		{"no gzip", join([]byte("\x1f\x8b\x08\xff and so on"), key), 1, "", ""},
		{"no bzip2", join([]byte("BZhello"), key), 1, "", ""},
		{"no end of a zip", join(key, []byte("PK\x05\x06 and so on, for long enough")), 1, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := s.ScanReader(bytes.NewReader(c.data))
			if len(r.Findings) != c.findings || unread(r) != c.unread {
				t.Fatalf("%d findings, unread: %q", len(r.Findings), unread(r))
			}
			if c.decoded != "" && r.Findings[0].DecodedFrom.String() != c.decoded {
				t.Errorf("decoded from %q, want %q", r.Findings[0].DecodedFrom, c.decoded)
			}
			if got := s.ScanBytes(c.data); len(got) != c.findings {
				t.Errorf("whole: %d findings", len(got))
			}
			tracker := s.NewTracker(t.Context())
			for range 2 { // the second scan skips clean members
				if _, got := tracker.Scan(c.data, nil, nil); len(got.Findings) != c.findings || unread(got) != c.unread {
					t.Errorf("tracked: %d findings, unread: %q", len(got.Findings), unread(got))
				}
			}
		})
	}
}

const tooMuch = "an archive too large, or too deep in others, to be unpacked"

func unread(r scanner.Result) string {
	if r.Unpacked == nil {
		return ""
	}
	return strings.TrimPrefix(r.Unpacked.Error(), "not unpacked: ")
}

func TestWhatIsNotUnpackedIsSkipped(t *testing.T) {
	s := newScanner(t)
	xz := []byte("\xfd7zXZ\x00 and so on")
	pointer := "version https://git-lfs.github.com/spec/v1\noid sha256:" + strings.Repeat("0", 64) + "\nsize 12345\n"
	const asIs, lfs = " is not unpacked; its bytes were scanned as they are", "content is in LFS; only its pointer was scanned"
	for _, c := range []struct {
		name, data string
		want       string
	}{
		{"xz", string(xz), "xz" + asIs},
		{"xz in a zip", string(archivetest.Zip(t, "m", xz)), "zip member m: xz" + asIs},
		{"a package", "!<arch>\ndebian-binary   ", "deb" + asIs},
		{"objects of git", "PACK\x00\x00\x00\x02", "git pack" + asIs},
		{"a pointer of LFS", pointer, lfs},
		{"an older one", strings.Replace(pointer, "git-lfs", "hawser", 1), lfs},
		{"one with an extension", strings.Replace(pointer, "oid", "ext-0-foo sha256:0\noid", 1), lfs},
		{"one in a tar", string(archivetest.Tar(t, "m", []byte(pointer))), "tar member m: " + lfs},
		{"a text that begins like one", pointer + strings.Repeat("\n", 1024-len(pointer)), ""},
		{"a text about one", "\n" + pointer, ""},
		{"another version", strings.Replace(pointer, "git-lfs", "example", 1), ""},
		{"a static library", "!<arch>\nx.o", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := strings.FieldsFunc(c.want, func(r rune) bool { return r == 0 })
			_, tracked := s.NewTracker(t.Context()).Scan([]byte(c.data), nil, nil)
			for how, r := range map[string]scanner.Result{"read": s.ScanReader(strings.NewReader(c.data)), "tracked": tracked} {
				if !slices.Equal(r.Skipped, want) || r.Unpacked != nil {
					t.Errorf("%s: got %q, %v, want %q", how, r.Skipped, r.Unpacked, want)
				}
			}
		})
	}
}

// TestZipBehindAStream: a zip at the end of a stream, which cannot be read twice, is
// reported as not unpacked.
func TestZipBehindAStream(t *testing.T) {
	data := join([]byte("MZ program"), archivetest.Zip(t, "m", []byte("nothing")))
	if r := newScanner(t).ScanReader(io.MultiReader(bytes.NewReader(data))); r.Unpacked == nil {
		t.Error("not reported")
	}
}

// TestArchiveBomb: content beyond the limit is reported as not unpacked.
func TestArchiveBomb(t *testing.T) {
	if testing.Short() {
		t.Skip("unpacks 256 MiB")
	}
	big := archivetest.Gzip(t, bytes.Repeat([]byte(strings.Repeat("0", 1<<10)), 300<<10))
	if r := newScanner(t).ScanReader(bytes.NewReader(big)); r.Unpacked == nil {
		t.Errorf("%d bytes became 300 MiB, not reported", len(big))
	}
}

// FuzzArchives: an archive, intact or damaged, does not stop the scan or hide text in its
// bytes. All ways of reading it have the same result.
func FuzzArchives(f *testing.F) {
	s := newScanner(f)
	key := []byte(expand(f, "\nid={{akia}}\nsecret={{secret}}\n"))
	f.Add([]byte("PK\x03\x04"), []byte("PK\x05\x06"))
	f.Add(bytes.Repeat([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"), 3), []byte("BZh91AY&SY"))
	f.Add(append(make([]byte, 257), "ustar"...), []byte{})
	f.Fuzz(func(t *testing.T, before, after []byte) {
		data := join(before, []byte("\n"), key, after)
		want := s.ScanBytes(data)
		if len(want) == 0 {
			t.Fatalf("nothing found in %q", data)
		}
		r := s.ScanReader(bytes.NewReader(data))
		if len(r.Findings) != len(want) {
			t.Errorf("read %s, whole %s", describe(r.Findings), describe(want))
		}
		if _, got := s.NewTracker(t.Context()).Scan(data, nil, nil); len(got.Findings) != len(want) || unread(got) != unread(r) {
			t.Errorf("tracked %s, %v, read %s, %v", describe(got.Findings), got.Unpacked, describe(want), r.Unpacked)
		}
	})
}
