package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/mattn/go-isatty"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/source"
)

// fail prints an error, and what to do about it if that is known.
func (a *app) fail(err error) {
	for line := range strings.SplitSeq(err.Error(), "\n") {
		fmt.Fprintf(a.err, "keyguard: error: %s\n", report.Printable(line))
	}
	if h := hint(err); h != "" && h != a.hinted {
		fmt.Fprintf(a.err, "keyguard: hint: %s\n", h)
		a.hinted = h
	}
}

// hinted is an error that knows its remedy.
type hinted struct {
	error
	hint string
}

func (h *hinted) Unwrap() error { return h.error }

func hint(err error) string {
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
	case errors.Is(err, errOutside):
		return outsideHint
	case errors.Is(err, errDangling):
		return "restore the file that it leads to, or remove the link"
	case errors.Is(err, errNotFile):
		return "put a file in its place, or remove it"
	case errors.Is(err, fs.ErrNotExist):
		return "check the name; a scan without a path takes the current folder"
	case errors.Is(err, fs.ErrPermission):
		return "make it readable, or leave it out"
	}
	return "mend that, or leave it out: keyguard passes nothing that it has not read"
}

const indexHint = "the index may be damaged: git read-tree HEAD makes it anew, without touching files"

// gitHint is what to do about git's refusal.
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

// usage wraps an error in the command line with where to read on.
func usage(verb, format string, args ...any) error {
	return &hinted{fmt.Errorf(format, args...), "see keyguard " + verb + " --help"}
}

// colorful decides on colour as the conventions have it: the flag, then
// NO_COLOR, then FORCE_COLOR, then whether it goes to a terminal.
func (a *app) colorful(flag string, terminal bool) (bool, error) {
	switch flag {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
	default:
		return false, usage("scan", "--color is %q: it takes auto, always or never", flag)
	}
	if a.env("NO_COLOR") != "" {
		return false, nil
	}
	if a.env("FORCE_COLOR") != "" {
		return true, nil
	}
	return terminal && a.env("TERM") != "dumb", nil
}

// isTerminal reports whether a reader or writer is one.
func isTerminal(stream any) bool {
	if c, ok := stream.(*checked); ok {
		stream = c.Writer
	}
	f, ok := stream.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

// plural counts things: 1 rule, 2 rules.
func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
