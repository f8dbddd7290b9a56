package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/keyguard/keyguard/gitrepo"
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
		return "run this inside a repository, or name what to scan: keyguard scan PATH"
	case errors.As(err, &git):
		return gitHint(git)
	case errors.Is(err, gitrepo.ErrMissing):
		return "git fetch --refetch --no-filter brings what a partial clone left out, and git fsck tells what else is missing"
	case errors.Is(err, gitrepo.ErrIndex):
		return indexHint
	case errors.As(err, new(*gitrepo.ObjectError)):
		return "git fsck tells what else is damaged; another clone may have it"
	case errors.Is(err, source.ErrNoPatch), errors.Is(err, source.ErrBadPatch):
		return "pipe a whole diff into it, without colour: git diff | keyguard scan --patch"
	case errors.Is(err, source.ErrBinary):
		return "git diff --text puts it into the patch"
	case errors.Is(err, source.ErrEmpty):
		return "is it the right one? In a container the repository has to be mounted there, and a submodule has to be fetched"
	case errors.Is(err, source.ErrNotFile):
		return "pipe what it holds into it: … | keyguard scan -"
	case errors.Is(err, fs.ErrNotExist):
		return "check the name; a scan without a path takes the current folder"
	case errors.Is(err, fs.ErrPermission):
		return "make it readable, or leave it out"
	}
	return "mend that, or leave it out: keyguard passes nothing that it has not read"
}

const indexHint = "the index may be damaged: git read-tree HEAD makes it anew, without touching files"

// gitHint returns the hint for an error message of git.
func gitHint(err *gitrepo.Error) string {
	has := func(text string) bool { return strings.Contains(err.Message, text) }
	switch {
	case has("Permission denied"):
		return "make it readable, or leave it out"
	case has("dubious ownership"):
		return "the repository belongs to someone else; if you trust it: git config --global --add safe.directory FOLDER"
	case has("bare repository"), has("work tree"):
		return "there are no files checked out here: scan its history, or name files"
	case has("unknown revision"), has("bad revision"), has("ambiguous argument"):
		return "there is no such revision here: git branch -a and git tag list what there is"
	case has("index"):
		return indexHint
	}
	return "see whether git status works here, and git fsck"
}

// Usage returns an error in the command line. Its hint names the help of a command.
func Usage(command, format string, args ...any) error {
	return WithHint(fmt.Errorf(format, args...), "see keyguard "+command+" --help")
}
