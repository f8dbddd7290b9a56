package report

import "github.com/keyguard/keyguard/patterns"

// Writer writes one report: Begin once, Findings any number of times, End once. It must
// not be used after an error.
type Writer interface {
	// Begin writes the text that precedes the findings.
	Begin() error
	// Findings writes findings of one blob as they arrive: reported findings first, then
	// those with Dropped set. A blob with many findings takes several calls.
	Findings(list []Finding) error
	// End writes the summary and completes the report.
	End(s Summary) error
}

// noHeader is embedded in writers that write nothing before the findings.
type noHeader struct{}

// Begin implements Writer.
func (noHeader) Begin() error { return nil }

// Options control the contents of a report.
type Options struct {
	Version string // of keyguard
	Reveal  bool   // print secrets
	Why     bool   // include dropped candidates, with their reasons
	Color   bool
	Quiet   bool // no summary after a clean scan
	Verbose bool
	// NoFingerprints leaves out fingerprints, which take about a millisecond each.
	NoFingerprints bool
	// Repository is the scanned repository; nil if unknown.
	Repository *Repository
	Hook       Hook
	FailOn     patterns.Severity // the lowest severity that stops the operation of Hook
	Below      bool              // the reader is in a subdirectory, and paths start at the top of the repository
}

// Hook is the operation that a git hook stopped. The text format then ends with
// instructions.
type Hook int

const (
	NoHook      Hook = iota
	CommitHook       // a commit, because of staged changes
	MergeHook        // a merge without conflicts, because of staged changes
	MessageHook      // a commit, because of its message
	PushHook         // a push, on the client
)
