package pack

import (
	"context"
	"path"
	"slices"
	"testing"
)

// A worker that has nothing left goes on with the lowest base of another's stack.
func TestLowestBaseIsGiven(t *testing.T) {
	n := int64(len(hello))
	entries := []crafted{{name: "root", kind: Blob, body: []byte(hello)}}
	for _, object := range []string{"root/light", "light/a", "light/b", "root/heavy", "heavy/c", "heavy/d", "heavy/e"} {
		entries = append(entries, crafted{
			name: path.Base(object), kind: offsetDelta, base: path.Dir(object), body: delta(n, n, copyFrom(0, int(n))),
		})
	}
	s := openStore(t, Options{Dir: craft(t, t.TempDir(), "pack-1", entries...)})
	c, err := s.Catalog(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var opts WalkOptions
	opts.fill()
	walk, work := newWalkState(context.Background(), s, c, opts), newWorkQueue[string](2)
	var workers [2]worker[string]
	var visited [2][]string
	for i := range workers {
		workers[i] = worker[string]{objectReader: walk.reader(), workQueue: work, num: i, visit: func(worker int, e *Entry, base string) string {
			name := path.Join(base, entries[e.Index].name)
			visited[worker] = append(visited[worker], name)
			return name
		}}
	}
	taken := make(chan bool)
	go func() { workers[1].takeOver(); close(taken) }()

	giver := &workers[0]
	root, err := giver.root(0)
	giver.visitObject(0, root, err, nil)
	giver.visitNext()
	for len(giver.stack) == 2 { // until the other waits
		giver.offer()
	}
	giver.visitDeltas()
	giver.takeOver()
	<-taken
	want := [2][]string{
		{"root", "root/light", "root/light/a", "root/light/b"},
		{"root/heavy", "root/heavy/c", "root/heavy/d", "root/heavy/e"},
	}
	for i := range want {
		slices.Sort(visited[i])
		if !slices.Equal(visited[i], want[i]) {
			t.Errorf("worker %d visited %q, want %q", i, visited[i], want[i])
		}
	}
}
