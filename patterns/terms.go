package patterns

import "strings"

// terms holds the terms of a vocabulary by their first two bytes, because names are short
// and terms are many.
type terms [1 << 10][]string

// newTerms returns the terms in list, which must have two bytes or more.
func newTerms(list []string) *terms {
	t := new(terms)
	for _, term := range list {
		same := t.startingLike(term)
		*same = append(*same, term)
	}
	return t
}

// startingLike returns the list of the terms that start like a name of two bytes or more.
// Names consist of lower-case letters, digits and underscores, which differ enough in
// their low five bits.
func (t *terms) startingLike(name string) *[]string {
	return &t[int(name[0]&31)<<5|int(name[1]&31)]
}

// at reports whether a term starts at id[i:]. crossing selects the terms without an
// underscore, which may cross words, or else the other terms.
func (t *terms) at(id string, i int, crossing bool) bool {
	for _, term := range *t.startingLike(id[i:]) {
		if crossing == (strings.IndexByte(term, '_') < 0) && strings.HasPrefix(id[i:], term) {
			return true
		}
	}
	return false
}

// last returns the offset of the last term in a name, in the name without underscores
// (joined), or -1.
func (t *terms) last(id, joined string) int {
	at := len(joined) - 2
	for at >= 0 && !t.at(joined, at, true) {
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

// joinWords returns a name without underscores.
func joinWords(id string) string { return strings.ReplaceAll(id, "_", "") }
