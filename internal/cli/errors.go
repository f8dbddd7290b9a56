package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/gitrepo/history"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/source"
)

// Cause returns the cause of an fs.PathError, without the operation and the path. It
// returns other errors unchanged.
func Cause(err error) error {
	if path := (*os.PathError)(nil); errors.As(err, &path) {
		return path.Err
	}
	return err
}

// Fail prints an error and its hint.
func (a *App) Fail(err error) {
	for line := range strings.SplitSeq(err.Error(), "\n") {
		fmt.Fprintf(a.Err, "keyguard: error: %s\n", report.Printable(line))
	}
	if h := Hint(err); h != "" && h != a.hinted {
		fmt.Fprintf(a.Err, "keyguard: hint: %s\n", h)
		a.hinted = h
	}
}

// hinted is an error with a hint.
type hinted struct {
	error
	hint string
}

func (h *hinted) Unwrap() error { return h.error }

// WithHint returns err with a hint: an imperative sentence that resolves it.
func WithHint(err error, hint string) error { return &hinted{err, hint} }

// IsHinted reports whether WithHint added a hint to err.
func IsHinted(err error) bool { return errors.As(err, new(*hinted)) }

// Hint returns the hint of an error. Every error has one.
func Hint(err error) string {
	var known *hinted
	var git *gitrepo.Error
	switch {
	case errors.As(err, &known):
		return known.hint
	case errors.Is(err, gitrepo.ErrNoGit):
		return "install git, or scan files by naming them: keyguard scan FILE…"
	case errors.Is(err, gitrepo.ErrNotRepo):
		return "run this inside a repository, or name a path: keyguard scan PATH"
	case errors.As(err, &git):
		return gitHint(git)
	case errors.Is(err, history.ErrMissing):
		return "run git fetch --refetch --no-filter in a partial clone; git fsck lists other missing objects"
	case errors.Is(err, gitrepo.ErrIndex):
		return indexHint
	case errors.As(err, new(*gitrepo.ObjectError)):
		return "run git fsck to list damaged objects, and fetch them from another clone"
	case errors.Is(err, source.ErrNoPatch), errors.Is(err, source.ErrBadPatch):
		return "pipe a whole diff into it, without colour: git diff | keyguard scan --patch"
	case errors.Is(err, source.ErrBinary):
		return "git diff --text puts it into the patch"
	case errors.Is(err, source.ErrEmpty):
		return "is it the right one? In a container the repository has to be mounted there, and a submodule has to be fetched"
	case errors.Is(err, source.ErrNotFile):
		return "pipe its content into keyguard scan -"
	case errors.Is(err, fs.ErrNotExist):
		return "check the path; without one, keyguard scan reads the current directory"
	case errors.Is(err, fs.ErrPermission):
		return "make it readable, or exclude it"
	}
	return "fix the cause, or exclude the input"
}

const indexHint = "the index may be damaged: recreate it with git read-tree HEAD, which changes no files"

// gitHint returns the hint for an error message of git.
func gitHint(err *gitrepo.Error) string {
	has := func(text string) bool { return strings.Contains(err.Message, text) }
	switch {
	case has("Permission denied"):
		return "make it readable, or exclude it"
	case has("dubious ownership"):
		return "the repository belongs to someone else; if you trust it: git config --global --add safe.directory DIRECTORY"
	case has("bare repository"), has("work tree"):
		return "no files are checked out: scan the history, or name files"
	case has("unknown revision"), has("bad revision"), has("ambiguous argument"):
		return "list the revisions with git branch -a and git tag"
	case has("index"):
		return indexHint
	}
	return "check that git status and git fsck work here"
}

// Usage returns an error in the command line. Its hint names the help of a command.
func Usage(command, format string, args ...any) error {
	return WithHint(fmt.Errorf(format, args...), "see keyguard "+command+" --help")
}
