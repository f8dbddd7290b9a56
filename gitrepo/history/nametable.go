package history

// nameTable numbers the hashes of names in order of first use. Files of one directory
// usually get consecutive numbers.
type nameTable struct {
	hashes  []uint64
	numbers map[uint64]uint32
}

// maxNames is the number of names that get numbers. It suffices for a working tree with
// as many files.
const maxNames = 1 << 16

// number returns the number of a name. It tries the number after the given one first.
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
