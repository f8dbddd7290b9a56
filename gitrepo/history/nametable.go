package history

// names numbers hashes of names in the order in which they come up first. Those of
// files that stand together in a folder get numbers that follow one another, as a rule.
type nameTable struct {
	hashes  []uint64
	numbers map[uint64]uint32
}

// maxNames is how many names are numbered. It is enough for a work tree of as many files;
// others are noted in full.
const maxNames = 1 << 16

// number returns that of a name, which is likely to be the one after another.
func (t *nameTable) number(hash uint64, after uint32) (uint32, bool) {
	if next := after + 1; int(next) < len(t.hashes) && t.hashes[next] == hash {
		return next, true
	}
	i, ok := t.numbers[hash]
	if !ok && len(t.hashes) < maxNames {
		if t.numbers == nil {
			t.numbers = make(map[uint64]uint32)
		}
		i, ok = uint32(len(t.hashes)), true
		t.numbers[hash] = i
		t.hashes = append(t.hashes, hash)
	}
	return i, ok
}
