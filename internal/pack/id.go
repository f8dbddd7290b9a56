package pack

import (
	"encoding/hex"
	"fmt"
	"hash"
)

// Format is a repository's object format, which determines the length of its IDs.
type Format uint8

const (
	SHA1   Format = iota // 20-byte IDs
	SHA256               // 32-byte IDs
)

// Size returns the length of an ID in bytes.
func (f Format) Size() int {
	if f == SHA256 {
		return 32
	}
	return 20
}

// ID is the ID of an object in either format. It is comparable. The zero ID names no
// object.
type ID struct {
	sum  [32]byte
	size uint8
}

// NewID returns the ID with the given 20 or 32 bytes, or the zero ID for any other
// length.
func NewID(sum []byte) ID {
	var id ID
	if len(sum) == SHA1.Size() || len(sum) == SHA256.Size() {
		id.size = uint8(copy(id.sum[:], sum))
	}
	return id
}

// ParseID parses an ID of 40 or 64 hexadecimal digits.
func ParseID(s string) (ID, error) {
	var sum [32]byte
	if len(s) != 2*SHA1.Size() && len(s) != 2*SHA256.Size() {
		return ID{}, fmt.Errorf("object id %q: want 40 or 64 hexadecimal digits", s)
	}
	n, err := hex.Decode(sum[:], []byte(s))
	if err != nil {
		return ID{}, fmt.Errorf("object id %q: %w", s, err)
	}
	return NewID(sum[:n]), nil
}

// Bytes returns a copy of the ID's bytes.
func (id ID) Bytes() []byte { return append([]byte(nil), id.sum[:id.size]...) }

// IsZero reports whether id names no object: it is the zero ID, or all bytes are zero, as
// git writes it.
func (id ID) IsZero() bool { return id.sum == [32]byte{} }

// newHash returns a hash that has read an object's header. The ID is the hash of the
// header and the object.
func (id ID) newHash(typ Type, size int64) hash.Hash {
	format := SHA1
	if int(id.size) == SHA256.Size() {
		format = SHA256
	}
	h := format.newHash()
	fmt.Fprintf(h, "%v %d\x00", typ, size)
	return h
}

// names reports whether id is the ID of an object.
func (id ID) names(typ Type, data []byte) bool {
	h := id.newHash(typ, int64(len(data)))
	h.Write(data)
	return NewID(h.Sum(nil)) == id
}

// String returns the ID in hexadecimal.
func (id ID) String() string { return hex.EncodeToString(id.sum[:id.size]) }

// Type is the type of an object, numbered as in a pack.
type Type uint8

const (
	Commit Type = 1
	Tree   Type = 2
	Blob   Type = 3
	Tag    Type = 4

	// Deltas, which name their base by its distance in the pack or by its ID.
	offsetDelta Type = 6
	refDelta    Type = 7
)

// String returns git's name for the type.
func (t Type) String() string {
	switch t {
	case Commit:
		return "commit"
	case Tree:
		return "tree"
	case Blob:
		return "blob"
	case Tag:
		return "tag"
	}
	return fmt.Sprintf("type %d", uint8(t))
}

// whole reports whether t is not a delta.
func (t Type) whole() bool { return t >= Commit && t <= Tag }
