package history

// longList is a list that grows by a piece at a time: one that is moved when it grows takes
// more than twice the memory meanwhile.
type longList[T any] struct {
	pieces []*[longPiece]T
	n      int
}

const longPiece = 1 << 12

// add appends an item.
func (l *longList[T]) add(item T) {
	if l.n/longPiece == len(l.pieces) {
		l.pieces = append(l.pieces, new([longPiece]T))
	}
	l.n++
	*l.at(l.n - 1) = item
}

// at returns an item's place, which it keeps.
func (l *longList[T]) at(i int) *T { return &l.pieces[i/longPiece][i%longPiece] }
