package unpack_test

import (
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/keyguard/keyguard/scanner/internal/archivetest"
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

func TestMembers(t *testing.T) {
	text := []byte("text")
	for _, c := range []struct {
		name   string
		data   []byte
		want   []string
		unread string
	}{
		{"text", text, nil, ""},
		{"zip", archivetest.Zip(t, "m", text), []string{"zip member m: text"}, ""},
		{"gzip", archivetest.Gzip(t, text), []string{"gzip: text"}, ""},
		{"tar", archivetest.Tar(t, "m", text), []string{"tar member m: text"}, ""},
		{"zip in gzip", archivetest.Gzip(t, archivetest.Zip(t, "m", text)), []string{"archive gzip", "gzip, zip member m: text"}, ""},
		{"tar in gzip", archivetest.Gzip(t, archivetest.Tar(t, "m", text)), []string{"stream gzip", "gzip, tar member m: text"}, ""},
		{"after a program", append([]byte("program"), archivetest.Zip(t, "m", text)...), []string{"zip member m: text"}, ""},
		{"truncated", archivetest.Gzip(t, text)[:20], nil, "not unpacked: gzip: damaged: unexpected EOF"},
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
		unpack.New(t.Context(), r, &state).Unpack(archivetest.Zip(t, "m", []byte("text")))
		if len(r.visits) != 1-want {
			t.Errorf("visited %q", r.visits)
		}
	}
}
