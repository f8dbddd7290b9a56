package history

// commit is a node of the graph.
type commit struct {
	num  uint32
	tree uint32 // noObject if it is missing
	time int64
}

// commitLog records the commits that a worker reads: number, tree, time, number of
// parents, and the parents.
type commitLog struct {
	varintLog
}

func (l *commitLog) add(c commit, parents []uint32) {
	l.put(uint64(c.num))
	l.put(encodeDistance(c.tree, c.num))
	l.put(zigzag(c.time))
	l.put(uint64(len(parents)))
	for _, p := range parents {
		l.put(encodeDistance(p, c.num))
	}
}

// each calls visit for every commit. The slice of parents is valid during the call.
func (l *commitLog) each(visit func(c commit, parents []uint32)) {
	var parents []uint32
	for r := l.readFrom(0); r.pos() < l.size; {
		c := commit{num: uint32(r.next())}
		c.tree, c.time = decodeDistance(c.num, r.next()), unzigzag(r.next())
		parents = parents[:0]
		for range r.next() {
			parents = append(parents, decodeDistance(c.num, r.next()))
		}
		visit(c, parents)
	}
}
