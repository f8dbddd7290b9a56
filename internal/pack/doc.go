// Package pack reads a git object store: packs, loose objects and alternates. It does not
// depend on the purpose of the reads.
//
// There are two entry points. [Store.Read] and its variants read one object by its ID,
// and touch only the index pages and pack bytes that this needs. [Walk] visits every
// object once, at a cost in proportion to the packs rather than to the objects: a delta
// is applied to a base that is still in memory, and its visitor learns which bytes were
// copied from that base and which are new.
//
// # The walk
//
// A [Catalog] holds the ID and the location of every object, in pack order. The walk
// reads the header of each entry, links deltas to their bases (deltatree.go), and
// distributes the roots, which are not deltas, to its workers (worker.go). A worker
// visits the deltas on a root depth first, so every base is in memory when its deltas
// follow, and each entry is inflated once. A buffer is released before the walk visits
// the last delta on it, so a chain of any length needs two buffers. A worker that has run
// out of roots takes over work from another (workqueue.go).
//
// Objects that cannot be read are recorded as a [Problem] in [Stats]; the others are
// visited all the same. A damaged object is read from another copy if there is one.
//
// # Concurrency
//
// A [Store] and a [Catalog] are safe for concurrent use. Walk calls its visitor from
// several goroutines, each with its number.
//
// # Cost
//
// Open reads only the lists of alternates. Reading one packed object takes about four
// small reads of the index and one or two for each delta of its chain. A walk needs 34
// bytes for each object (with SHA-1; 46 with SHA-256), mostly for its ID, the objects of
// the current delta chains, and packs of up to 64 MiB in full, or 2 MiB of larger ones
// for each worker. No file is mapped into memory. Objects that exceed
// [WalkOptions.MaxBuffer] are streamed, from temporary files if they have deltas.
//
// The formats are documented in gitformat-pack(5), gitrepository-layout(5) and, for loose
// objects, in git's documentation of the object store.
package pack
