package hooks

import (
	"fmt"
	"strings"
)

const (
	shebang        = "#!/bin/sh\n"
	exampleCommand = `keyguard hook … "$@"`
)

// command is a line of sh that runs keyguard by its name, as the script is shared
// with others.
func command(h Hook, missing MissingPolicy) string {
	line := fmt.Sprintf(`keyguard hook %s "$@" || exit $?`, h)
	if missing == Allow {
		line = "! command -v keyguard >/dev/null || " + line
	}
	return line + "\n"
}

// code is a script or a configuration without its comments: those of sh, YAML and
// TOML, and lines of JSON's.
func withoutComments(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		if trimmed := strings.TrimSpace(line); strings.HasPrefix(trimmed, "#") || strings.HasPrefix(trimmed, "//") {
			continue
		}
		line, _, _ = strings.Cut(line, " #")
		out.WriteString(line + "\n")
	}
	return out.String()
}
