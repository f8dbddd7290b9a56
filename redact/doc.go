// Package redact masks credentials in a stream and passes on all other bytes unchanged.
//
// A Filter keeps the text that it passed on last, as context, and waiting text. Text that
// arrives in bulk is searched in large windows, and passed on when enough text follows it
// that nothing further could change the result: the scanner masks it as it would in the
// whole stream. Text that arrives slowly cannot wait that long. The caller runs Tick
// several times per second, and a byte is passed on at the second tick after its arrival,
// except for a last word that may continue as a credential (hold.go). The package
// contains no clock, so its behavior is reproducible.
//
// Masked values are remembered, up to a limit, and masked again in later text, without a
// name or wrapped over lines (memory.go).
//
// Limitation: a credential that only later text identifies, such as a secret half a
// second before its key ID, is passed on.
//
// A Filter uses about 4 MiB, whatever the length of lines, plus one or two KiB per
// credential in half a MiB of text. It takes as long as a scan; around masks the text
// is scanned again with the masks in place, until nothing more is found (search.go).
package redact
