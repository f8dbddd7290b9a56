package pack

import (
	"bytes"
	"hash/maphash"
	"math/bits"
)

// idSet finds the number of an id among those that were added: a hash table with
// open addressing, of numbers into a table of ids that is kept elsewhere. Ids
// are hashed, though they look like hashes already, because those in a hostile
// index may be chosen to collide.
//
// A slot holds a number plus one in its low bits, and a part of the hash in the
// rest, which spares most looks at ids that are not the one sought.
type idSet struct {
	ids     []byte // all ids, end to end
	size    int    // of an id
	seed    maphash.Seed
	slots   []uint32
	numBits int
}

// newIDSet returns a set for n ids of the given size.
func newIDSet(n, size int) *idSet {
	return &idSet{
		size: size, seed: maphash.MakeSeed(),
		slots:   make([]uint32, n+n/2+1),
		numBits: bits.Len(uint(n)),
	}
}

// find returns the number of an id. If it is not in the set, slot is where it
// goes, and tag belongs to it.
func (s *idSet) find(sum []byte) (num uint32, ok bool, slot int, tag uint32) {
	h := maphash.Bytes(s.seed, sum)
	hi, _ := bits.Mul64(h, uint64(len(s.slots)))
	slot, tag = int(hi), uint32(h)>>s.numBits<<s.numBits
	for {
		v := s.slots[slot]
		if v == 0 {
			return 0, false, slot, tag
		}
		if num = v - tag - 1; num < 1<<s.numBits && bytes.Equal(s.ids[int(num)*s.size:][:s.size], sum) {
			return num, true, slot, tag
		}
		if slot++; slot == len(s.slots) {
			slot = 0
		}
	}
}

// add adds the id with this number, unless it is there already, under another
// number, which it returns.
func (s *idSet) add(num uint32) (other uint32, dup bool) {
	other, dup, slot, tag := s.find(s.ids[int(num)*s.size:][:s.size])
	if !dup {
		s.slots[slot] = tag | (num + 1)
	}
	return other, dup
}
