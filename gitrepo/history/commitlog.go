package history

// commit is what the graph of history is made of.
type commit struct {
	num  uint32
	tree uint32 // noObject if it is missing
	time int64
}

// chronicle notes the commits that a surveyor reads: number, tree, time, how many parents
// there are, and these.
type commitLog struct {
	varintLog
}

// note adds a commit.
func (l *commitLog) add(c commit, parents []uint32) {
	l.put(uint64(c.num))
	l.put(encodeDistance(c.tree, c.num))
	l.put(zigzag(c.time))
	l.put(uint64(len(parents)))
	for _, p := range parents {
		l.put(encodeDistance(p, c.num))
	}
}

// each calls visit with every commit. The parents are valid during the visit.
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
