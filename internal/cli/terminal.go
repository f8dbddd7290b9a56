package cli

import (
	"fmt"
	"os"

	"github.com/mattn/go-isatty"
)

// Colorful reports whether output has color. The flag takes precedence, then NO_COLOR,
// then FORCE_COLOR; otherwise only a terminal has color.
func (a *App) Colorful(flag string, terminal bool) (bool, error) {
	switch flag {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
	default:
		return false, Usage("scan", "invalid --color %q: must be auto, always or never", flag)
	}
	if a.Env("NO_COLOR") != "" {
		return false, nil
	}
	if a.Env("FORCE_COLOR") != "" {
		return true, nil
	}
	return terminal && a.Env("TERM") != "dumb", nil
}

// IsTerminal reports whether a reader or writer is a terminal.
func IsTerminal(stream any) bool {
	if c, ok := stream.(*Checked); ok {
		stream = c.Writer
	}
	f, ok := stream.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

// Plural returns a number with its noun: 1 rule, 2 rules.
func Plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
