package unpack_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/scanner/internal/archivetest"
	"github.com/keyguard/keyguard/scanner/internal/unpack"
)

// reporter counts the texts that it visits. Reported returns the result of report.
type reporter struct {
	recorder
	report func() int
}

func (r *reporter) Reported() int { return r.report() }

// many returns a tar with n empty members.
func many(t *testing.T, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for range n {
		if err := w.WriteHeader(&tar.Header{Name: "m", Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestLimits: the limits of members and of reports are inclusive.
func TestLimits(t *testing.T) {
	for _, c := range []struct {
		name              string
		members, reported int
		visited           int
		tooMuch           bool
	}{
		{"as many members as allowed", 10_000, 0, 10_000, false},
		{"one member more", 10_001, 0, 10_000, true},
		{"as many reports as allowed", 2, 50_000, 2, false},
		{"one report more", 2, 50_001, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &reporter{report: func() int { return c.reported }}
			u := unpack.New(t.Context(), r, new(unpack.State))
			u.Unpack(many(t, c.members))
			err := u.Err()
			if tooMuch := err != nil && strings.Contains(err.Error(), unpack.ErrTooMuch.Error()); tooMuch != c.tooMuch || len(r.visits) != c.visited {
				t.Errorf("visited %d members, error %v", len(r.visits), err)
			}
		})
	}
}

// TestStateKeepsReports: a packed member is visited again if it had reports, or if the
// scan ended.
func TestStateKeepsReports(t *testing.T) {
	for _, c := range []struct {
		name      string
		reports   int // per visit
		interrupt bool
		limit     int // reports before the archive
		visits    int // of two scans
	}{
		{"nothing to report", 0, false, 0, 1},
		{"a report", 1, false, 0, 2},
		{"the context is done after it", 0, true, 0, 2},
		{"beyond the limit", 0, false, 50_001, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var state unpack.State
			data, visits := archivetest.Zip(t, "m", []byte("text")), 0
			for range 2 {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				r := new(reporter)
				r.report = func() int {
					if c.interrupt && len(r.visits) > 0 {
						cancel()
					}
					return c.limit + c.reports*len(r.visits)
				}
				u := unpack.New(ctx, r, &state)
				u.Unpack(data)
				visits += len(r.visits)
				if tooMuch := u.Err() != nil; tooMuch != (c.limit > 0) {
					t.Errorf("error %v", u.Err())
				}
			}
			if visits != c.visits {
				t.Errorf("visited %d times, want %d", visits, c.visits)
			}
		})
	}
}

// large is a text of zeros with another text at its end.
type large struct {
	zeros int64
	end   []byte
}

func (l large) size() int64 { return l.zeros + int64(len(l.end)) }

func (l large) ReadAt(p []byte, at int64) (n int, err error) {
	clear(p)
	if from := max(at, l.zeros); from < at+int64(len(p)) {
		copy(p[from-at:], l.end[min(from-l.zeros, int64(len(l.end))):])
	}
	if left := l.size() - at; left <= int64(len(p)) {
		return int(max(left, 0)), io.EOF // also if all bytes of p are read
	}
	return len(p), nil
}

// failing is a text that cannot be read.
type failing struct{}

func (failing) ReadAt([]byte, int64) (int, error) { return 0, errors.New("a broken disk") }

// TestAppendedZipAt: a zip at the end of a text of any size is unpacked.
func TestAppendedZipAt(t *testing.T) {
	data := archivetest.Zip(t, "m", []byte("text"))
	for _, c := range []struct {
		name   string
		r      io.ReaderAt
		size   int64
		want   []string
		unread string
	}{
		{"after a program", large{100, data}, large{100, data}.size(), []string{"zip member m: text"}, ""},
		{"after one that is too large for memory", large{unpack.MaxSize, data}, large{unpack.MaxSize, data}.size(), []string{"zip member m: text"}, ""},
		{"no zip", large{100, []byte("text")}, 104, nil, ""},
		{"a text that cannot be read", failing{}, 100, nil, "not unpacked: zip: damaged: a broken disk"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := new(recorder)
			u := unpack.New(t.Context(), r, new(unpack.State))
			u.AppendedZipAt(c.r, c.size)
			unread := ""
			if err := u.Err(); err != nil {
				unread = err.Error()
			}
			if unread != c.unread || !slices.Equal(r.visits, c.want) {
				t.Errorf("visited %q, want %q; unread %q", r.visits, c.want, unread)
			}
		})
	}
}

// rawMember returns a zip with one member, by its packed content and its header.
func rawMember(t *testing.T, header *zip.FileHeader, packed []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.CreateRaw(header)
	if err == nil {
		_, err = f.Write(packed)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestUnlistedMembers: members that only their own headers reveal are visited, as a reader
// of the stream visits them.
func TestUnlistedMembers(t *testing.T) {
	listed, hidden := archivetest.Zip(t, "listed", []byte("text")), archivetest.Zip(t, "hidden", []byte("secret"))
	local := hidden[:bytes.Index(hidden, []byte("PK\x01\x02"))] // without a directory
	// The packed content of a member, and a member after its end.
	start, end := bytes.Index(listed, []byte("listed"))+len("listed"), bytes.Index(listed, []byte("PK\x07\x08"))
	after := slices.Concat(listed[start:end], local)
	text := zip.FileHeader{Name: "m", Method: zip.Deflate, UncompressedSize64: 4, CRC32: crc32.ChecksumIEEE([]byte("text")), CompressedSize64: uint64(len(after))}
	unsummed := text
	unsummed.CRC32 = 0 // is not compared
	for _, c := range []struct {
		name string
		data []byte
		want []string
	}{
		{"before a zip", slices.Concat(local, listed), []string{"zip member listed: text", "zip member hidden: secret"}},
		{"after the content of another", rawMember(t, &text, after), []string{"zip member m: text", "zip member m, zip member hidden: secret"}},
		{"after content without a checksum", rawMember(t, &unsummed, after), []string{"zip member m: text", "zip member m, zip member hidden: secret"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := new(recorder)
			u := unpack.New(t.Context(), r, new(unpack.State))
			u.Unpack(c.data)
			if !slices.Equal(r.visits, c.want) {
				t.Errorf("visited %q, want %q; unread %v", r.visits, c.want, u.Err())
			}
		})
	}
}

// TestZipEnd: the end of a zip is 22 bytes and the comment after the mark.
func TestZipEnd(t *testing.T) {
	end := unpack.ZipEndMark + strings.Repeat("\x00", 16)
	for _, c := range []struct {
		name string
		text string
		at   int
		want int
	}{
		{"without a comment", end + "\x00\x00", 0, 22},
		{"after a text", "text" + end + "\x00\x00", 4, 26},
		{"with a comment", "text" + end + "\x07\x00comment", 4, 33},
		{"with a long comment", end + "\x01\x02", 0, 22 + 0x201},
		{"truncated", "text" + end + "\x00", 4, 0},
	} {
		if got := unpack.ZipEnd([]byte(c.text), c.at); got != c.want {
			t.Errorf("%s: ends at %d, want %d", c.name, got, c.want)
		}
	}
}

// TestEndsInZip: readers find the end of a zip after a comment of at most 65,535 bytes.
func TestEndsInZip(t *testing.T) {
	for _, c := range []struct {
		at, size int64
		want     bool
	}{
		{-1, 100, false},
		{0, 22, true},
		{1000, 1022 + 65_535, true},
		{1000, 1023 + 65_535, false},
	} {
		if got := unpack.EndsInZip(c.at, c.size); got != c.want {
			t.Errorf("%s: %t", fmt.Sprint(c.at, " of ", c.size), got)
		}
	}
}
