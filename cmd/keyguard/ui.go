package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/mattn/go-isatty"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/source"
)

// fail prints an error, and what to do about it if that is known.
func (a *app) fail(err error) {
	for line := range strings.SplitSeq(err.Error(), "\n") {
		fmt.Fprintf(a.err, "keyguard: error: %s\n", printable(line))
	}
	if h := hint(err); h != "" {
		fmt.Fprintf(a.err, "keyguard: hint: %s\n", h)
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
	case errors.Is(err, source.ErrNoPatch):
		return "pipe a diff into it: git diff | keyguard scan --patch"
	case errors.As(err, &git) && strings.Contains(git.Message, "dubious ownership"):
		return "the repository belongs to someone else; if you trust it: git config --global --add safe.directory FOLDER"
	case errors.As(err, &git) && strings.Contains(git.Message, "index"):
		return "the index may be damaged: git read-tree HEAD makes it anew, without touching files"
	case errors.Is(err, fs.ErrPermission):
		return "make it readable, or leave it out"
	}
	return ""
}

// usage wraps an error in the command line with where to read on.
func usage(verb, format string, args ...any) error {
	return &hinted{fmt.Errorf(format, args...), "see keyguard " + verb + " --help"}
}

// printable makes foreign text harmless for a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return '?'
		}
		return r
	}, s)
}

// colorful decides on colour as the conventions have it: the flag, then
// NO_COLOR, then FORCE_COLOR, then whether w is a terminal.
func (a *app) colorful(flag string, w io.Writer) (bool, error) {
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
	return a.env("TERM") != "dumb" && isTerminal(w), nil
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}
