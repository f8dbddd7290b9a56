package report

// Writer writes one report: Begin once, Findings any number of times, End once. It must
// not be used after an error.
type Writer interface {
	// Begin writes the text that precedes the findings.
	Begin() error
	// Findings writes findings of one blob as results arrive, at most all of the blob's:
	// reported findings first, then those with Dropped set.
	Findings(list []Finding) error
	// End writes the summary and completes the report.
	End(s Summary) error
}

// noHeader is embedded in writers that write nothing before the findings.
type noHeader struct{}

// Begin implements Writer.
func (noHeader) Begin() error { return nil }

// Options say how a report looks.
type Options struct {
	Version string // of keyguard
	Reveal  bool   // print secrets
	Why     bool   // tell each dropped candidate with its reason
	Color   bool
	Quiet   bool // no summary after a clean scan
	Verbose bool
	// Repository is what is scanned; nil if it is none, or not known.
	Repository *Repository
	Hook       Hook
	Below      bool // whoever reads it is in a folder, and paths are from the top of the repository
}

// Hook says what of the reader's was just stopped, if it is a git hook that
// reports: the text then tells how to go on.
type Hook int

const (
	NoHook      Hook = iota
	CommitHook       // a commit, for what is staged
	MergeHook        // a merge without conflicts, for what is staged
	MessageHook      // a commit, for its message
	PushHook         // a push, on the developer's side
)
