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
		slots:   make([]uint32, n+n/4+1),
		numBits: bits.Len(uint(n)),
	}
}

// place returns the slot where an id is or goes, if no other is there, and the part
// of its hash that belongs into it.
func (s *idSet) place(sum []byte) (slot int, tag uint32) {
	h := maphash.Bytes(s.seed, sum)
	hi, _ := bits.Mul64(h, uint64(len(s.slots)))
	return int(hi), uint32(h) >> s.numBits << s.numBits
}

// is reports whether num, a slot's value less a tag and one, is the number of sum. If
// the tag was not that of the slot, it is no number at all.
func (s *idSet) is(num uint32, sum []byte) bool {
	return num < 1<<s.numBits && bytes.Equal(s.ids[int(num)*s.size:][:s.size], sum)
}

// find returns the number of an id. If it is not in the set, slot is where it
// goes, and tag belongs to it.
func (s *idSet) find(sum []byte) (num uint32, ok bool, slot int, tag uint32) {
	slot, tag = s.place(sum)
	for {
		v := s.slots[slot]
		if v == 0 {
			return 0, false, slot, tag
		}
		if num = v - tag - 1; s.is(num, sum) {
			return num, true, slot, tag
		}
		if slot++; slot == len(s.slots) {
			slot = 0
		}
	}
}

// batch is how many ids findAll looks for at a time.
const batch = 64

// findAll calls visit for ids, end to end in sums, in their order. What it looks at
// is far away in memory; the processor fetches it for a batch at once.
func (s *idSet) findAll(sums []byte, visit func(i int, num uint32, ok bool)) {
	var values, tags [batch]uint32
	for from := 0; len(sums) > 0; from += batch {
		part := sums[:min(len(sums), batch*s.size)]
		sums = sums[len(part):]
		n := len(part) / s.size
		for i := range n {
			slot, tag := s.place(part[i*s.size:][:s.size])
			values[i], tags[i] = s.slots[slot], tag
		}
		var found [batch]bool
		for i := range n {
			if values[i] > 0 {
				values[i] -= tags[i] + 1
				found[i] = s.is(values[i], part[i*s.size:][:s.size])
			}
		}
		for i := range n {
			num, ok := values[i], found[i]
			if !ok { // it may be in a slot farther on
				num, ok, _, _ = s.find(part[i*s.size:][:s.size])
			}
			visit(from+i, num, ok)
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
