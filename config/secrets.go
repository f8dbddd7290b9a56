package config

import (
	"path"
	"regexp"
	"sync"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

var secretLike = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[A-Za-z0-9/+]{40,}`) })

// quotation is a part of a file within a message.
var quotedText = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'|`[^`]*`")
})

// unquoted leaves out what a message quotes of a file. A character shows no secret.
func withoutQuotes(message string) string {
	return quotedText().ReplaceAllStringFunc(message, func(s string) string {
		if len(s) <= len(`'\n'`) {
			return s
		}
		return "…"
	})
}

// showsLine reports whether errors may show a line of the file. A file that is not TOML
// by its name, such as the .env that a hostile configuration extends, is never shown.
func (f *File) showsLine(line int) bool {
	return path.Ext(f.name) == ".toml" && !f.secretLines()[line]
}

// secretLines returns the lines on which a scan finds a secret.
func (f *File) secretLines() map[int]bool {
	if f.secrets != nil {
		return f.secrets
	}
	f.secrets = make(map[int]bool)
	set, err := patterns.Builtin()
	if err != nil {
		return f.secrets // a test reads the built-in rules
	}
	for _, part := range scanner.New(set, scanner.Options{}).Parts([]byte(f.text)) {
		if part.Kind == patterns.AccessKeyID {
			continue
		}
		for line := part.Span.Line; line <= part.Span.EndLine; line++ {
			f.secrets[line] = true
		}
	}
	return f.secrets
}
