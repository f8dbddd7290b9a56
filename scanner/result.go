package scanner

import (
	"cmp"
	"errors"
	"slices"
	"unsafe"
)

// Result is the outcome of scanning one blob, or of failing to open it.
type Result struct {
	Origin   Origin
	Findings []Finding // in the order of their place
	Dropped  []Finding // candidates that are no findings, with the reason
	Watched  []Watched
	Bytes    int64    // scanned
	Skipped  []string // reasons why parts of the blob were left out by intent, such as a format that is not unpacked
	Unpacked error    // why an archive was not unpacked to its end; nil if it was, or is none
	Err      error    // a *Skipped, or why the blob was not scanned to its end

	zipEnds  bool // the end of a zip's directory is near its end
	zipExact bool // or at it
}

// addWide adds what was found in the text as UTF-16 or UTF-32, and forgets what of it
// was found before by way of single words.
func (r *Result) addWide(wide Result) {
	known := wide.credentials()
	r.remove(func(f Finding) bool { return f.DecodedFrom.Outer().isWide() && known.contain(&f) })
	r.add(wide)
}

// with returns r and what another result has besides. What is in the members of
// an archive may be in its bytes as well: those of a tar are not compressed.
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
}

// credentials are the ids and the secrets of findings.
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

// has reports whether a finding is of one of the credentials.
func (c credentials) contain(f *Finding) bool {
	return f.KeyID != "" && c.ids[f.KeyID] || c.secrets[string(f.Secret)]
}

func (r *Result) add(other Result) {
	r.Findings = append(r.Findings, other.Findings...)
	r.Dropped = append(r.Dropped, other.Dropped...)
	r.Skipped = append(r.Skipped, other.Skipped...)
	r.Unpacked = errors.Join(r.Unpacked, other.Unpacked)
	r.Err = cmp.Or(r.Err, other.Err)
}

// size returns how many bytes r holds, about. Excerpts that overlap share their
// text, which counts once.
func (r *Result) size() (n int64) {
	end := int64(0) // of the text that was counted
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
