package scanner

import "testing"

// TestLinesAround: the lines around a range, which is X, but at most from [ to ].
func TestLinesAround(t *testing.T) {
	const text = "a\nbb\nccc\ndXd\neee\nff\ng"
	const start, end = 10, 11
	for _, c := range []struct {
		name          string
		from, to, n   int
		before, after string
	}{
		{"its own line", 0, len(text), 0, "d", "d"},
		{"and one more", 0, len(text), 1, "ccc\nd", "d\neee"},
		{"and two more", 0, len(text), 2, "bb\nccc\nd", "d\neee\nff"},
		{"as many as there are", 0, len(text), 3, "a\nbb\nccc\nd", "d\neee\nff\ng"},
		{"more than there are", 0, len(text), 9, "a\nbb\nccc\nd", "d\neee\nff\ng"},
		{"at most a distance", 3, 18, 9, "b\nccc\nd", "d\neee\nf"},
		{"a distance within the line", 10, 11, 1, "", ""},
		{"a distance to a line break", 8, 13, 1, "\nd", "d\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := text[linesBefore([]byte(text), c.from, start, c.n):start]; got != c.before {
				t.Errorf("before: %q, want %q", got, c.before)
			}
			if got := text[end:linesAfter([]byte(text), end, c.to, c.n)]; got != c.after {
				t.Errorf("after: %q, want %q", got, c.after)
			}
		})
	}
}
