// Package report writes findings: one file per format, and one table of formats for the
// command line, its help and the tests.
//
// NewFinding converts a scanner finding to a Finding, the record that all formats write.
// It alone decides which fields are shown, and masks secrets unless Options.Reveal is
// set. Writers escape names and text from the repository, so that neither a terminal nor
// a CI system interprets them. A Writer must be used by one goroutine, and does not keep
// the findings that it receives.
//
// Start at format.go for a format, at finding.go for a field, at result.go for the way
// from a scan, and at read.go for the way from a JSON report.
package report
