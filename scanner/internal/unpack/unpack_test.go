package unpack_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/keyguard/keyguard/scanner/internal/unpack"
)

// recorder records the texts and archives that it visits.
type recorder struct{ visits []string }

func (r *recorder) Text(name string, in io.Reader) error {
	data, err := io.ReadAll(in)
	r.visits = append(r.visits, fmt.Sprintf("%s: %s", name, data))
	return err
}

func (r *recorder) Archive(name string, _ []byte, members func()) error {
	r.visits = append(r.visits, "archive "+name)
	members()
	return nil
}

func (r *recorder) Stream(name string, members func(io.Writer)) error {
	r.visits = append(r.visits, "stream "+name)
	members(io.Discard)
	return nil
}

func (r *recorder) Reported() int { return 0 }

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
	_, err := w.Write(data)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tarred(t *testing.T, name string, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(data)), Mode: 0o644})
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

func TestMembers(t *testing.T) {
	text := []byte("text")
	for _, c := range []struct {
		name   string
		data   []byte
		want   []string
		unread string
	}{
		{"text", text, nil, ""},
		{"zip", zipped(t, "m", text), []string{"zip member m: text"}, ""},
		{"gzip", gzipped(t, text), []string{"gzip: text"}, ""},
		{"tar", tarred(t, "m", text), []string{"tar member m: text"}, ""},
		{"zip in gzip", gzipped(t, zipped(t, "m", text)), []string{"archive gzip", "gzip, zip member m: text"}, ""},
		{"tar in gzip", gzipped(t, tarred(t, "m", text)), []string{"stream gzip", "gzip, tar member m: text"}, ""},
		{"after a program", append([]byte("program"), zipped(t, "m", text)...), []string{"zip member m: text"}, ""},
		{"truncated", gzipped(t, text)[:20], nil, "not unpacked: gzip: damaged: unexpected EOF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := new(recorder)
			u := unpack.New(t.Context(), r, new(unpack.State))
			u.Unpack(c.data)
			u.AppendedZip(c.data)
			unread := ""
			if err := u.Err(); err != nil {
				unread = err.Error()
			}
			if unread != c.unread || c.unread == "" && !slices.Equal(r.visits, c.want) {
				t.Errorf("visited %q, want %q; unread %q", r.visits, c.want, unread)
			}
		})
	}
}

// TestStateSkipsMembers: a packed member without reports is not visited again.
func TestStateSkipsMembers(t *testing.T) {
	var state unpack.State
	for want := range 2 {
		r := new(recorder)
		unpack.New(t.Context(), r, &state).Unpack(zipped(t, "m", []byte("text")))
		if len(r.visits) != 1-want {
			t.Errorf("visited %q", r.visits)
		}
	}
}
