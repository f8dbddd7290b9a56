package cli

// Exit codes. Each means one thing.
const (
	ExitClean       Exit = 0
	ExitFindings    Exit = 1
	ExitError       Exit = 2 // wrong usage, or anything that was not read
	ExitInterrupted Exit = 130
)

// exit is an error that only carries an exit code: all has been said.
type Exit int

func (e Exit) Error() string { return "exit" }
