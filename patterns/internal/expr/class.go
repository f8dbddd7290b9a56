package expr

import (
	"math"
	"regexp/syntax"
	"slices"
	"unicode"
)

// class is a set of bytes, a bit for each.
type class [4]uint64

// asciiClass returns the set of a character class that has only ASCII characters.
func asciiClass(re *syntax.Regexp) (c class, ok bool) {
	if re.Op != syntax.OpCharClass || len(re.Rune) == 0 || re.Rune[len(re.Rune)-1] > math.MaxInt8 {
		return c, false
	}
	for i := 0; i < len(re.Rune); i += 2 {
		c.addRange(re.Rune[i], re.Rune[i+1])
	}
	return c, true
}

func (c *class) has(b byte) bool { return c[b>>6]&(1<<(b&63)) != 0 }

// addRange adds the first bytes of runes in UTF-8. Runes beyond ASCII share all bytes
// beyond ASCII.
func (c *class) addRange(lo, hi rune) {
	for r := lo; r <= min(hi, math.MaxInt8); r++ {
		c[r>>6] |= 1 << (r & 63)
	}
	if hi > math.MaxInt8 {
		c[2], c[3] = math.MaxUint64, math.MaxUint64
	}
}

func (c class) union(other *class) class {
	for i := range c {
		c[i] |= other[i]
	}
	return c
}

// intersects reports whether two classes have a byte in common.
func (c *class) intersects(other *class) bool {
	for i := range c {
		if c[i]&other[i] != 0 {
			return true
		}
	}
	return false
}

// isSubset reports whether all bytes of the class are in another.
func (c *class) isSubset(other *class) bool {
	for i := range c {
		if c[i]&^other[i] != 0 {
			return false
		}
	}
	return true
}

// intersectsRunes reports whether a byte of the class is in ranges of runes.
func (c *class) intersectsRunes(ranges []rune) bool {
	for i := 0; i < len(ranges); i += 2 {
		for r := ranges[i]; r <= min(ranges[i+1], math.MaxInt8); r++ {
			if c.has(byte(r)) {
				return true
			}
		}
	}
	return false
}

// hasFold reports whether the class has r in any case.
func (c *class) hasFold(r rune) bool {
	return slices.ContainsFunc(foldings(r), func(f rune) bool { return f <= math.MaxInt8 && c.has(byte(f)) })
}

// foldings returns the runes that equal r if case is ignored, r first.
func foldings(r rune) []rune {
	all := []rune{r}
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		all = append(all, f)
	}
	return all
}

// maxRunPast limits a run to more bytes than a secret has whose surroundings decide.
// Without it, a text that is one long run would be read once per keyword in it.
const maxRunPast = 1 << 10

// nextRun returns the first maximal run of at least n bytes of the class that starts in
// text[from:to], or less than n bytes after it. The run ends at most n + past bytes after
// to. Only each n-th byte is tested until one is in the class, because most words are
// shorter than n.
func (c *class) nextRun(text []byte, from, to, n, past int) (start, end int, ok bool) {
	limit := min(len(text), to+n+past)
	for i := from + n - 1; i < len(text) && i < to+n-1; {
		if !c.has(text[i]) {
			i += n
			continue
		}
		start = i
		for start > from && c.has(text[start-1]) {
			start--
		}
		end = i + 1
		for end < limit && c.has(text[end]) {
			end++
		}
		if end-start >= n {
			return start, end, true
		}
		i = end + n
	}
	return 0, 0, false
}
