package history

import (
	"slices"
	"testing"

	"github.com/keyguard/keyguard/internal/pack"
)

// TestChangedEntries: an entry is new if the other tree has another object under its name, or
// none, or something of another type.
func TestChangedEntries(t *testing.T) {
	one, two := objectID(pack.Blob, []byte("1")), objectID(pack.Blob, []byte("2"))
	tree := func(lines ...treeLine) []byte { return treeData(lines) }
	a, b, c := treeLine{"100644 a", one}, treeLine{"100644 b", one}, treeLine{"100644 c", one}
	for name, tc := range map[string]struct {
		tree, old []byte
		want      []string
	}{
		"the same":      {tree(a, b, c), tree(a, b, c), nil},
		"no other":      {tree(a, b), nil, []string{"a", "b"}},
		"first":         {tree(treeLine{"100644 a", two}, b, c), tree(a, b, c), []string{"a"}},
		"middle":        {tree(a, treeLine{"100644 b", two}, c), tree(a, b, c), []string{"b"}},
		"added":         {tree(a, b, c), tree(a, c), []string{"b"}},
		"removed":       {tree(a, c), tree(a, b, c), nil},
		"last":          {tree(a, b, c), tree(a, b), []string{"c"}},
		"executable":    {tree(treeLine{"100755 a", one}), tree(a), nil},
		"file to tree":  {tree(treeLine{"40000 a", one}), tree(a), []string{"a"}},
		"link to file":  {tree(a), tree(treeLine{"120000 a", one}), []string{"a"}},
		"order of tree": {tree(treeLine{"100644 a.b", two}, treeLine{"40000 a", one}), tree(treeLine{"40000 a", one}), []string{"a.b"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, d := range changedEntries(tc.tree, tc.old, len(one.Bytes())) {
				got = append(got, string(d.name))
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("%q, want %q", got, tc.want)
			}
		})
	}
}
