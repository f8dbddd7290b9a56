// Package redact masks credentials in a stream and passes on everything else byte
// for byte.
//
// A Filter keeps what it has passed on lately, as context, and what it has not
// passed on yet. What comes in bulk is searched in large windows and passed on when
// so much follows it that nothing further could change the result: it is then
// masked as the scanner finds it in the stream as a whole. What comes slowly cannot
// wait for that. The owner calls Tick some times a second, and a byte is passed on
// at the second tick after it came, except for a last word that may go on as a
// credential (hold.go). So the package has no clock, and what it does can be
// repeated.
//
// What was masked is remembered, within a bound, and masked again in what follows,
// bare or broken over lines (memory.go).
//
// The limit that follows: what only later text would show to be a credential, as a
// secret whose id comes half a second after it, is passed on.
//
// Memory is some 4 MiB, however long a line is, and a KiB or two for each credential
// in half a MiB of text. Time is that of scanning; around what was masked it is scanned
// again with the masks in place, until nothing more is found (mask.go).
package redact
