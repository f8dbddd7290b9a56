package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/keyguard/keyguard/patterns"
)

// RemoteWidth is the length up to which lines are not wrapped after git's prefix "remote:
// ".
const RemoteWidth = 72

// maxRemote is the number of findings that are listed.
const maxRemote = 5

// Remote is a Writer for the author of a rejected push. It writes few and short lines
// without color.
type Remote struct {
	noHeader
	W      io.Writer
	Bypass bool              // describe the bypass
	FailOn patterns.Severity // findings below it are not listed

	kinds map[string]int
	err   error
}

func (r *Remote) printf(format string, args ...any) {
	if r.err == nil {
		_, r.err = fmt.Fprintf(r.W, format, args...)
	}
}

// line writes a line, truncated to RemoteWidth.
func (r *Remote) line(indent, text string) {
	if most := RemoteWidth - len(indent); utf8.RuneCountInString(text) > most {
		text = string([]rune(text)[:most-1]) + "…"
	}
	r.printf("%s%s\n", indent, text)
}

// Findings implements Writer.
func (r *Remote) Findings(list []Finding) error {
	if r.kinds == nil {
		r.kinds = make(map[string]int)
	}
	for i := range list {
		f := &list[i]
		if f.Dropped != "" || f.Severity < r.FailOn {
			continue
		}
		r.kinds[f.Title]++
		if r.total() <= maxRemote {
			r.finding(f)
		}
	}
	return r.err
}

func (r *Remote) total() (n int) {
	for _, k := range r.kinds {
		n += k
	}
	return n
}

func (r *Remote) finding(f *Finding) {
	place := []rune(f.Place()) // the end is more specific
	if n := len(place) - RemoteWidth; n > 0 {
		place = append([]rune("…"), place[n+1:]...)
	}
	r.printf("%s\n", string(place))
	credential := Printable(f.Title)
	if f.AccessKeyID != "" {
		credential += ", " + Printable(f.AccessKeyID)
	}
	if f.AccountID != "" {
		credential += " (account " + Printable(f.AccountID) + ")"
	}
	r.line("  ", credential)
	switch h := f.History; {
	case h == nil:
	case h.Commit != "" && h.AtOrBefore:
		r.line("  ", "at or before commit "+short(h.Commit))
	case h.Commit != "":
		r.line("  ", fmt.Sprintf("in commit %s, %s", short(h.Commit), Printable(h.Author)))
	case h.Tag != "":
		r.line("  ", "in the message of tag "+Printable(h.Tag))
	}
	if r.Bypass {
		r.line("  ", "fingerprint "+Printable(f.Fingerprint))
	}
}

// End implements Writer.
func (r *Remote) End(s Summary) error {
	n := r.total()
	if n > maxRemote {
		r.printf("and %d more\n", n-maxRemote)
	}
	if n == 0 {
		return r.err
	}
	r.printf("\nkeyguard: push refused: %s\n", strings.TrimSpace(titles(r.kinds)))
	r.printf("  Remove it from the commits: git commit --amend for the last\n")
	r.printf("  one, otherwise git rebase -i COMMIT^. Then push again.\n")
	r.printf("  Rotate the key, too: it has left your machine.\n")
	if r.Bypass {
		r.printf("  False positive? git push -o keyguard.allow=FINGERPRINT (logged)\n")
	} else {
		r.printf("  False positive? Ask the server's administrators to allow it.\n")
	}
	return r.err
}

// Narrow returns a writer that wraps lines at RemoteWidth, between words. It does not
// break longer words. Each call of Write must contain whole lines.
func Narrow(w io.Writer) io.Writer { return narrow{w} }

type narrow struct{ w io.Writer }

func (n narrow) Write(p []byte) (int, error) {
	var out strings.Builder
	for line := range strings.Lines(string(p)) {
		text := strings.TrimRight(line, "\n")
		if utf8.RuneCountInString(text) <= RemoteWidth {
			out.WriteString(line)
			continue
		}
		room := RemoteWidth
		for word := range strings.FieldsSeq(text) {
			size := utf8.RuneCountInString(word) + 1
			if size > room+1 && room < RemoteWidth {
				out.WriteString("\n  ")
				room = RemoteWidth - 2
			} else if room < RemoteWidth {
				out.WriteByte(' ')
			}
			out.WriteString(word)
			room -= size
		}
		out.WriteByte('\n')
	}
	_, err := io.WriteString(n.w, out.String())
	return len(p), err
}
