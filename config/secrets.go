package config

import (
	"path"
	"regexp"
	"sync"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

var secretLike = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[A-Za-z0-9/+]{40,}`) })

// quotedText matches quoted parts of a file in a message.
var quotedText = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'|`[^`]*`")
})

// withoutQuotes removes quoted parts of a file from a message. Single characters stay, as
// they show no secret.
func withoutQuotes(message string) string {
	return quotedText().ReplaceAllStringFunc(message, func(s string) string {
		if len(s) <= len(`'\n'`) {
			return s
		}
		return "…"
	})
}

// showsLine reports whether errors may show a line of the file. Files without the
// extension .toml, such as an .env that a malicious configuration extends, are never
// shown.
func (f *File) showsLine(line int) bool {
	return path.Ext(f.name) == ".toml" && !f.secretLines()[line]
}

// secretLines returns the lines with a secret.
func (f *File) secretLines() map[int]bool {
	if f.secrets != nil {
		return f.secrets
	}
	f.secrets = make(map[int]bool)
	set, err := patterns.Builtin()
	if err != nil {
		return f.secrets // a test parses the built-in rules
	}
	for _, part := range scanner.New(set, scanner.Options{}).Parts([]byte(f.text)) {
		if part.Kind.IsPublic() {
			continue
		}
		for line := part.Span.Line; line <= part.Span.EndLine; line++ {
			f.secrets[line] = true
		}
	}
	return f.secrets
}
