package report

import (
	"fmt"
	"strings"

	"github.com/keyguard/keyguard/patterns"
)

// help returns the steps after a leak of a kind, in Markdown: the steps of its
// family, or general ones.
func help(kind patterns.Kind, family string) []string {
	if own := patterns.FamilyOf(family).Help[string(kind)]; own != nil {
		return own
	}
	if kind == patterns.Sensitive {
		return []string{
			"Treat its contents as leaked, and replace them in the services that issued them. Deleting the file does not help: history contains it.",
			"Remove it from the repository, and add its name to `.gitignore`.",
		}
	}
	return []string{
		"It grants access alone: treat it as leaked. Deleting the line does not help: history contains it.",
		"Reset or delete it in the service that issued it, and distribute a new one through a secret store.",
		"Check its use since the leak in the logs.",
	}
}

// helpText returns the help for a kind as plain text and as Markdown.
func helpText(title string, kind patterns.Kind, family string) (text, markdown string) {
	var t, m strings.Builder
	fmt.Fprintf(&m, "**%s: next steps**\n\n", title)
	for i, step := range help(kind, family) {
		fmt.Fprintf(&t, "%d. %s\n", i+1, strings.NewReplacer("`", "", "*", "").Replace(step))
		fmt.Fprintf(&m, "%d. %s\n", i+1, step)
	}
	return t.String(), m.String()
}
