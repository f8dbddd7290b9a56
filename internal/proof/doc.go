// Package proof decides whether a value is a credential by its structure: a checksum, the
// equations of a key, or claims. It reads no files, contacts no service, and never returns
// a secret.
//
// A [Proof] is the TOML table [rule.proof] of a rule:
//
//	[rule.proof]
//	kind = "crc32"
//	prefixes = ["npm_"]
//	lengths = [36]
//	encoding = "base62"
//	effect = "drop"
//
// [Proof.Check] returns a [Verdict]. Unknown means that the value does not have the shape
// that the proof covers, so the proof decides nothing. Refuted and Proven apply to values
// of the shape alone. A caller can therefore drop refuted values, if the provider documents
// the structure.
//
// A proof is as strong as the redundancy of the structure. A CRC-32 admits one of 2^32
// values. A time in an ObjectId admits one of eight. [Proof.Bits] returns the exponent, and
// callers must not trust few bits alone.
//
// # Files
//
// kinds.go has the table of all kinds. checksum.go has CRC-32, azure.go has Marvin32, and
// coin.go has bech32 and Base58Check. block.go reads PEM text, and der.go the keys in it.
// openssh.go, ppk.go and pgp.go read keys of other formats. jwt.go, macaroon.go and object.go
// read tokens with claims. shape.go has the others.
//
// # Cost
//
// A check is linear in the value, with two exceptions. Base58Check is quadratic in at most
// 128 bytes, and keys need arithmetic on numbers of at most 16,384 bits. Values of more
// than [MaxValue] bytes are not read. A check does not panic for any value. A Proof is safe
// for concurrent use.
package proof
