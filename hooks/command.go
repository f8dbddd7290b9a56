package hooks

import (
	"fmt"
	"strings"
)

const (
	shebang        = "#!/bin/sh\n"
	exampleCommand = `keyguard hook … "$@"`
)

// command returns a line of sh that runs keyguard by name, as the script is shared with
// others.
func command(h Hook, missing MissingPolicy) string {
	line := fmt.Sprintf(`keyguard hook %s "$@" || exit $?`, h)
	if missing == Allow {
		line = "! command -v keyguard >/dev/null || " + line
	}
	return line + "\n"
}

// withoutComments returns a script or a configuration without comments of sh, YAML, TOML
// and JSON.
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
