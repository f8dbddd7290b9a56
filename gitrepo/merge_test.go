package gitrepo

import (
	"reflect"
	"testing"

	"github.com/keyguard/keyguard/scanner"
)

// ranges makes a set of lines from the first and last of each range.
func ranges(ends ...int) (out scanner.Lines) {
	for i := 0; i < len(ends); i += 2 {
		out = append(out, scanner.LineRange{First: ends[i], Last: ends[i+1]})
	}
	return out
}

func TestBoth(t *testing.T) {
	for _, c := range []struct {
		name       string
		a, b, want scanner.Lines
	}{
		{"nothing", nil, ranges(1, 2), nil},
		{"the same", ranges(1, 2, 4, 4), ranges(1, 2, 4, 4), ranges(1, 2, 4, 4)},
		{"side by side", ranges(1, 2), ranges(3, 4), nil},
		{"one line", ranges(1, 3), ranges(3, 4), ranges(3, 3)},
		{"within", ranges(1, 9), ranges(2, 3, 5, 6, 9, 12), ranges(2, 3, 5, 6, 9, 9)},
		{"the same from the other side", ranges(2, 3, 5, 6, 9, 12), ranges(1, 9), ranges(2, 3, 5, 6, 9, 9)},
		{"unordered, and one line twice", ranges(5, 6, 1, 3, 2, 2), ranges(2, 5), ranges(2, 3, 5, 5)},
		{"all lines", ranges(1, 1<<63-1), ranges(7, 7), ranges(7, 7)},
	} {
		if got := intersect(c.a, c.b); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
