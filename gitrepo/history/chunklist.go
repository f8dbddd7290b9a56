package history

// longList is a list that grows by a piece at a time: one that is moved when it grows takes
// more than twice the memory meanwhile.
type chunkList[T any] struct {
	chunks []*[listChunk]T
	n      int
}

const listChunk = 1 << 12

// add appends an item.
func (l *chunkList[T]) add(item T) {
	if l.n/listChunk == len(l.chunks) {
		l.chunks = append(l.chunks, new([listChunk]T))
	}
	l.n++
	*l.at(l.n - 1) = item
}

// at returns an item's place, which it keeps.
func (l *chunkList[T]) at(i int) *T { return &l.chunks[i/listChunk][i%listChunk] }
