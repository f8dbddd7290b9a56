package cli

import (
	"fmt"
	"os"

	"github.com/mattn/go-isatty"
)

// colorful decides on colour as the conventions have it: the flag, then
// NO_COLOR, then FORCE_COLOR, then whether it goes to a terminal.
func (a *App) Colorful(flag string, terminal bool) (bool, error) {
	switch flag {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
	default:
		return false, Usage("scan", "--color is %q: it takes auto, always or never", flag)
	}
	if a.Env("NO_COLOR") != "" {
		return false, nil
	}
	if a.Env("FORCE_COLOR") != "" {
		return true, nil
	}
	return terminal && a.Env("TERM") != "dumb", nil
}

// isTerminal reports whether a reader or writer is one.
func IsTerminal(stream any) bool {
	if c, ok := stream.(*Checked); ok {
		stream = c.Writer
	}
	f, ok := stream.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

// plural counts things: 1 rule, 2 rules.
func Plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
