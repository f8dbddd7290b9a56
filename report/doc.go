// Package report writes findings: a file a format, and one table of formats
// that the command line, its help and the tests range over.
//
// Secrets are masked unless Options.Reveal is set. What a scanned repository
// can choose, names and text, is made harmless to terminals and to CI systems
// that read commands from logs. Writers are used by one goroutine, get results
// as they come and keep none of them.
package report
