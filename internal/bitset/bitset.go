// Package bitset implements sets of small numbers, with one bit for each number below a
// bound.
package bitset

import "sync/atomic"

// Set is a set of numbers below the bound given to [New].
type Set []uint64

// New returns an empty set for numbers below n.
func New(n int) Set { return make(Set, (n+63)/64) }

// Add adds i, which must be below the bound.
func (s Set) Add(i uint32) { s[i/64] |= 1 << (i % 64) }

// Has reports whether i was added. It must be below the bound.
func (s Set) Has(i uint32) bool { return s[i/64]>>(i%64)&1 == 1 }

// Shared is a set that is safe for concurrent use.
type Shared []atomic.Uint64

// NewShared returns an empty set for numbers below n.
func NewShared(n int) Shared { return make(Shared, (n+63)/64) }

// Add adds i, which must be below the bound.
func (s Shared) Add(i uint32) { s[i/64].Or(1 << (i % 64)) }

// Has reports whether i was added. It must be below the bound.
func (s Shared) Has(i uint32) bool { return s[i/64].Load()>>(i%64)&1 == 1 }
