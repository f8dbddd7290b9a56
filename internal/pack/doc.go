// Package pack reads a git object store: packs, loose objects and alternates.
// It knows nothing of what the objects are read for.
//
// There are two ways in. [Store.Read] and its kin fetch one object by id, and
// touch nothing but the index pages and pack bytes that this takes. [Walk]
// visits every object once, at the cost of the packs rather than of the
// objects: a delta is applied to a base that is still at hand, and its visitor
// is told which bytes of the object were copied from that base and which are
// new.
//
// # How a walk goes
//
// A [Catalog] holds the id and place of every object, in the order in which
// they lie in the packs. The walk reads each entry's header, links deltas to
// their bases, and hands the entries that are no deltas, the roots, to its
// workers. A worker goes through a root's tree depth first, so every base is
// in memory when its deltas come, and each entry is inflated exactly once. A
// buffer is given back before the walk goes on with the last of its deltas, so
// a chain of any length takes two buffers. When there are no roots left, a worker
// that has finished takes over a part of another's tree.
//
// What cannot be read is a [Problem] in [Stats]; the rest is visited all the
// same. If there is another copy of a broken object, that one is used.
//
// # Concurrency
//
// A [Store] and a [Catalog] may be used by any number of goroutines. Walk
// calls its visitor from several goroutines at once, each with its number.
//
// # Cost
//
// Open lists nothing and opens nothing. Reading one packed object takes some
// four small reads of the index and one or two for each link of the delta
// chain. A walk keeps 34 bytes for each object (with SHA-1; 46 with SHA-256),
// most of that the id, the objects on the way from the present one up to its
// root, and packs of up to 64 MiB whole, or 2 MiB of larger ones for each worker.
// No file is mapped. Objects beyond [WalkOptions.MaxBuffer] are streamed, by way of
// temporary files where deltas are built on them.
//
// The formats are those of gitformat-pack(5), gitrepository-layout(5) and, for
// loose objects, of git's documentation on the object store.
package pack
