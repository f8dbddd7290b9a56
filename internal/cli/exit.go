package cli

// Exit codes.
const (
	ExitClean       Exit = 0
	ExitFindings    Exit = 1
	ExitError       Exit = 2 // usage error, or an input could not be read
	ExitInterrupted Exit = 130
)

// Exit is an exit code as an error. It is not printed.
type Exit int

// Error implements error.
func (e Exit) Error() string { return "exit" }
