package githooks

import (
	"slices"
	"strings"

	"github.com/keyguard/keyguard/internal/cli"
)

// isSkipped reports whether SKIP contains keyguard, as in the pre-commit framework.
// Servers ignore it.
func isSkipped(a *cli.App) bool {
	names := strings.FieldsFunc(a.Env("SKIP"), func(r rune) bool { return r == ',' || r == ' ' })
	return slices.Contains(names, "keyguard")
}
