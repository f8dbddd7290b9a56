package pack

import (
	"bytes"
	"hash/maphash"
	"math/bits"
)

// idSet maps IDs to their numbers. It is a hash table with open addressing that holds
// numbers of a table of IDs. IDs are hashed, although they are hashes, because those in a
// hostile index may be chosen to collide.
//
// A slot holds a number plus one in its low bits and a part of the hash in the others.
// The part avoids most comparisons with other IDs.
type idSet struct {
	ids     []byte // all IDs, concatenated
	size    int    // of an ID, in bytes
	seed    maphash.Seed
	slots   []uint32
	numBits int
}

// newIDSet returns a set for n IDs of size bytes.
func newIDSet(n, size int) *idSet {
	return &idSet{
		size: size, seed: maphash.MakeSeed(),
		slots:   make([]uint32, n+n/4+1),
		numBits: bits.Len(uint(n)),
	}
}

// place returns the first slot of an ID, and the part of its hash that a slot holds.
func (s *idSet) place(sum []byte) (slot int, tag uint32) {
	h := maphash.Bytes(s.seed, sum)
	hi, _ := bits.Mul64(h, uint64(len(s.slots)))
	return int(hi), uint32(h) >> s.numBits << s.numBits
}

// is reports whether the ID with number num is sum. num may be out of range, from a slot
// with another tag.
func (s *idSet) is(num uint32, sum []byte) bool {
	return num < 1<<s.numBits && bytes.Equal(s.ids[int(num)*s.size:][:s.size], sum)
}

// find returns the number of an ID. If the set lacks it, slot is its free slot and tag
// the part of its hash.
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

// batch is the number of IDs that findAll looks up at once.
const batch = 64

// findAll calls visit for each of the IDs concatenated in sums, in order. Their slots are
// in distant memory, which the processor fetches for a batch at once.
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
			if !ok { // it may be in a later slot
				num, ok, _, _ = s.find(part[i*s.size:][:s.size])
			}
			visit(from+i, num, ok)
		}
	}
}

// add adds the ID with number num. If the set has the ID under another number, add
// returns that.
func (s *idSet) add(num uint32) (other uint32, dup bool) {
	other, dup, slot, tag := s.find(s.ids[int(num)*s.size:][:s.size])
	if !dup {
		s.slots[slot] = tag | (num + 1)
	}
	return other, dup
}
