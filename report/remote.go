package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// RemoteWidth is how long lines may be to stay whole behind git's "remote: ".
const RemoteWidth = 72

// maxRemote is how many findings a pusher is told.
const maxRemote = 5

// Remote writes for someone whose push a server refused: few lines, narrow ones,
// no colour. It is a Writer.
type Remote struct {
	noHeader
	W      io.Writer
	Bypass bool // tell how to push all the same

	kinds map[string]int
	err   error
}

func (r *Remote) printf(format string, args ...any) {
	if r.err == nil {
		_, r.err = fmt.Fprintf(r.W, format, args...)
	}
}

// line writes a line that is cut if it is too long.
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
		if f.Dropped != "" {
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
	place := []rune(f.Place()) // its end tells more
	if n := len(place) - RemoteWidth; n > 0 {
		place = append([]rune("…"), place[n+1:]...)
	}
	r.printf("%s\n", string(place))
	what := Printable(f.Title)
	if f.AccessKeyID != "" {
		what += ", " + Printable(f.AccessKeyID)
	}
	if f.AccountID != "" {
		what += " (account " + Printable(f.AccountID) + ")"
	}
	r.line("  ", what)
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
	r.printf("\nkeyguard: push refused: %s.\n", strings.TrimSpace(titles(r.kinds)))
	r.printf("  Take it out of the commits: git commit --amend if it is in\n")
	r.printf("  the last one, else git rebase -i COMMIT^. Then push again.\n")
	r.printf("  And rotate the key: it has left your machine.\n")
	if r.Bypass {
		r.printf("  False alarm? git push -o keyguard.allow=FINGERPRINT (logged)\n")
	} else {
		r.printf("  False alarm? Ask those who run this server to allow it.\n")
	}
	return r.err
}

// Narrow returns a writer that breaks lines between words to fit RemoteWidth.
// Words that are longer stay whole. Every Write must be of whole lines.
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
