// Package report writes findings: a file a format, and one table of formats
// that the command line, its help and the tests range over.
//
// NewFinding turns what the scanner found into a Finding, the record that all
// formats write from; it alone decides what is shown, and masks secrets unless
// Options.Reveal is set. What a scanned repository can choose, names and text,
// writers make harmless to terminals and to CI systems that read commands from
// logs. Writers are used by one goroutine, get findings as they come and keep
// none of them.
package report
