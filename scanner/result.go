package scanner

import (
	"cmp"
	"errors"
	"slices"
	"unsafe"
)

// Result is the result of a blob that was scanned or could not be opened.
type Result struct {
	Origin   Origin
	Findings []Finding // sorted by position
	Dropped  []Finding // candidates that are not findings, with the reason; maxDropped of each
	// Omitted is the number of further dropped candidates, by the text of the reason.
	Omitted  map[string]int
	Watched  []Watched
	Bytes    int64    // scanned
	Skipped  []string // reasons why parts of the blob were left out on purpose
	Unpacked error    // reason why an archive was not unpacked to its end; may be nil
	Err      error    // a *Skipped, or the reason why the blob was not scanned to its end

	dropped  map[string]int // number of candidates in Dropped, by the text of the reason
	zipEnds  bool           // a zip's directory ends near the end
	zipExact bool           // or at the end
}

// maxDropped is the number of dropped candidates that a result keeps for each reason. A
// file can be full of them.
const maxDropped = 1000

// addDropped adds dropped candidates. Those beyond maxDropped are only counted.
func (r *Result) addDropped(list []Finding) {
	if len(list) == 0 {
		return
	}
	if r.dropped == nil {
		r.countDropped()
	}
	for i := range list {
		reason := list[i].Drop.Text
		if r.dropped[reason] == maxDropped {
			r.omit(reason, 1)
			continue
		}
		r.dropped[reason]++
		r.Dropped = append(grown(r.Dropped, 1), list[i])
	}
}

func (r *Result) countDropped() {
	r.dropped = make(map[string]int)
	for i := range r.Dropped {
		r.dropped[r.Dropped[i].Drop.Text]++
	}
}

func (r *Result) omit(reason string, n int) {
	if r.Omitted == nil {
		r.Omitted = make(map[string]int)
	}
	r.Omitted[reason] += n
}

// addWide adds the result of the text as UTF-16 or UTF-32. It removes findings that
// keywords of an encoding revealed, if the result has them.
func (r *Result) addWide(wide Result) {
	known := wide.credentials()
	r.remove(func(f Finding) bool { return f.DecodedFrom.Outer().isWide() && known.contain(&f) })
	r.add(wide)
}

// withNew returns r with the new findings of another result. The members of an archive
// may be in its bytes as well: a tar is not compressed.
func (r Result) withNew(other Result) Result {
	if len(r.Findings)+len(r.Dropped) > 0 {
		known := r.credentials()
		other.remove(func(f Finding) bool { return known.contain(&f) })
	}
	r.add(other)
	return r
}

func (r *Result) remove(known func(Finding) bool) {
	r.Findings = slices.DeleteFunc(r.Findings, known)
	r.Dropped = slices.DeleteFunc(r.Dropped, known)
	r.dropped = nil
}

// credentials are the IDs and the secrets of findings.
type credentials struct{ ids, secrets map[string]bool }

func (r *Result) credentials() credentials {
	c := credentials{make(map[string]bool), make(map[string]bool)}
	for _, list := range [][]Finding{r.Findings, r.Dropped} {
		for i := range list {
			c.ids[list[i].KeyID] = true
			c.secrets[string(list[i].Secret)] = true
		}
	}
	return c
}

// contain reports whether the ID or the secret of a finding is in c.
func (c credentials) contain(f *Finding) bool {
	return f.KeyID != "" && c.ids[f.KeyID] || c.secrets[string(f.Secret)]
}

func (r *Result) add(other Result) {
	r.Findings = append(r.Findings, other.Findings...)
	r.addDropped(other.Dropped)
	for reason, n := range other.Omitted {
		r.omit(reason, n)
	}
	r.Skipped = append(r.Skipped, other.Skipped...)
	r.Unpacked = errors.Join(r.Unpacked, other.Unpacked)
	r.Err = cmp.Or(r.Err, other.Err)
}

// size returns the approximate number of bytes that r holds. The text of overlapping
// excerpts is shared, and counts once.
func (r *Result) size() (n int64) {
	end := int64(0) // of the counted text
	excerpt := func(e *Excerpt) {
		n += max(0, e.end()-max(e.start, end))
		end = max(end, e.end())
	}
	for _, list := range [][]Finding{r.Findings, r.Dropped} {
		n += int64(cap(list)) * int64(unsafe.Sizeof(Finding{}))
		end = 0
		for i := range list {
			f := &list[i]
			excerpt(&f.Excerpt)
			n += int64(len(f.Secret)+len(f.KeyID)) + int64(cap(f.Related))*int64(unsafe.Sizeof(Part{}))
			for k := range f.Related {
				excerpt(&f.Related[k].Excerpt)
			}
		}
	}
	for i := range r.Watched {
		n += int64(unsafe.Sizeof(Watched{})) + int64(len(r.Watched[i].Excerpt.text))
	}
	return n
}

func renumber(list []Finding, number func(int) int) {
	for i := range list {
		spans := []*Span{&list[i].Span}
		for k := range list[i].Related {
			spans = append(spans, &list[i].Related[k].Span)
		}
		for _, sp := range spans {
			sp.Line, sp.EndLine = number(sp.Line), number(sp.EndLine)
		}
	}
}

func onLines(list []Finding, lines Lines) []Finding {
	var out []Finding
	for _, f := range list {
		if f.Narrow(lines) {
			out = append(out, f)
		}
	}
	return out
}
