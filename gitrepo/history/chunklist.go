package history

// chunkList is a list that grows by chunks and never moves. A slice needs over twice the
// memory while it grows.
type chunkList[T any] struct {
	chunks []*[listChunk]T
	n      int
}

const listChunk = 1 << 12

func (l *chunkList[T]) add(item T) {
	if l.n/listChunk == len(l.chunks) {
		l.chunks = append(l.chunks, new([listChunk]T))
	}
	l.n++
	*l.at(l.n - 1) = item
}

// at returns a pointer to an item, which stays valid.
func (l *chunkList[T]) at(i int) *T { return &l.chunks[i/listChunk][i%listChunk] }
