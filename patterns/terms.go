package patterns

import "strings"

// terms are those of a vocabulary by their first two bytes: a name is short, and they
// are many.
type terms map[[2]byte][]string

// newTerms takes terms of two bytes or more.
func newTerms(list []string) terms {
	t := make(terms)
	for _, term := range list {
		begin := [2]byte{term[0], term[1]}
		t[begin] = append(t[begin], term)
	}
	return t
}

// at reports whether one of the terms begins at an offset in a name. Those without an
// underscore are asked for if crossing, else the others.
func (t terms) at(id string, i int, crossing bool) bool {
	for _, term := range t[[2]byte{id[i], id[i+1]}] {
		if crossing == (strings.IndexByte(term, '_') < 0) && strings.HasPrefix(id[i:], term) {
			return true
		}
	}
	return false
}

// last returns where the last of the terms in a name begins, counted without the
// underscores, or -1.
func (t terms) last(id, squeezed string) int {
	at := len(squeezed) - 2
	for at >= 0 && !t.at(squeezed, at, true) {
		at--
	}
	at = max(at, -1)
	for i := len(id) - 2; i >= 0; i-- {
		if t.at(id, i, false) {
			return max(at, i-strings.Count(id[:i], "_"))
		}
	}
	return at
}

// squeeze returns a name without the underscores.
func joinWords(id string) string { return strings.ReplaceAll(id, "_", "") }
