package corpus_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// carrier is a text in which credentials leak, with a name and a secret.
type carrier struct {
	name     string
	verbatim bool // not for secrets with spaces, line breaks, or bytes that it escapes
	text     func(name, secret string) string
}

// carriers returns the texts that must not hide a secret.
func carriers() []carrier {
	return []carrier{
		{"env", false, func(name, secret string) string {
			return "NODE_ENV=production\nexport " + name + "=" + shellWord(secret) + "\nPORT=8080\n"
		}},
		{"JSON", false, func(name, secret string) string {
			return "{\n  \"region\": \"eu-west-1\",\n  " + quoted(name) + ": " + quoted(secret) + ",\n  \"port\": 8080\n}\n"
		}},
		{"YAML", false, func(name, secret string) string {
			return "service:\n  region: eu-west-1\n  " + name + ": " + yamlScalar(secret) + "\n  port: 8080\n"
		}},
		{"XML", false, func(name, secret string) string {
			return "<settings>\n  <" + name + ">" + xmlText(secret) + "</" + name + ">\n  <port>8080</port>\n</settings>\n"
		}},
		{"Go", false, func(name, secret string) string {
			return "package main\n\nfunc settings() map[string]string {\n\treturn map[string]string{" + quoted(name) + ": " + quoted(secret) + ", \"port\": \"8080\"}\n}\n"
		}},
		{"Python", false, func(name, secret string) string {
			return "import os\n\n" + name + " = " + singleQuoted(secret) + "\nport = 8080\n"
		}},
		{"JavaScript", false, func(name, secret string) string {
			return "const client = new Client({\n  port: 8080,\n  '" + name + "': " + singleQuoted(secret) + ",\n});\n"
		}},
		{"Java", false, func(name, secret string) string {
			return "class Settings {\n    private static final String " + name + " = " + quoted(secret) + ";\n    int port = 8080;\n}\n"
		}},
		{"C#", false, func(name, secret string) string {
			return "class Settings\n{\n    public string " + name + " { get; set; } = " + quoted(secret) + ";\n}\n"
		}},
		{"PHP", false, func(name, secret string) string {
			return "<?php\nreturn [\n    'port' => 8080,\n    '" + name + "' => " + singleQuoted(secret) + ",\n];\n"
		}},
		{"URL", true, func(name, secret string) string {
			return "see https://api.example.org/v1/items?" + name + "=" + queryValue(secret) + "&page=2 for the list\n"
		}},
		{"log", true, func(name, secret string) string {
			return "2024-03-01T12:00:00Z INFO client[17]: connected " + name + "=" + secret + " port=8080\n"
		}},
		{"escaped with CRLF", false, func(name, secret string) string {
			return "{\r\n  \"file\": " + quoted("port=8080\r\n"+name+"="+secret+"\r\nregion=eu-west-1\r\n") + ",\r\n  \"lines\": 3\r\n}\r\n"
		}},
	}
}

// quoted returns a string in JSON, which Go, Java and C# read too.
func quoted(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // strings have JSON
	return strings.TrimSuffix(b.String(), "\n")
}

func singleQuoted(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`).Replace(s) + "'"
}

func shellWord(s string) string {
	if strings.ContainsAny(s, " \n\"'$&|;<>(){}`*?#~") {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	return s
}

func yamlScalar(s string) string {
	switch {
	case strings.Contains(s, "\n"):
		return "|\n    " + strings.ReplaceAll(strings.TrimSuffix(s, "\n"), "\n", "\n    ")
	case strings.ContainsAny(s, ":#{}[]&*!|>'\"%@` "):
		return quoted(s)
	}
	return s
}

func xmlText(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// queryValue escapes the characters that end a value in the query of a URL, as browsers do.
func queryValue(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"#<>&+%", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// neutralName is the name of secrets whose rules need none.
const neutralName = "value"

// carriedName returns the name under which carriers hold the secret of an example. A secret
// that contains a keyword of its rule needs none, unless the rule is for values of names. For
// others, the name in the example contains a keyword. ok is false if the rule has a syntax of
// its own.
func (q *quality) carriedName(s *specimen) (name string, ok bool) {
	if len(s.rule.Paths) > 0 || s.rule.AsIs || q.OwnSyntax[s.rule.ID] != "" {
		return "", false
	}
	switch {
	case s.rule.InValues:
		return "token", true
	case len(s.rule.Services) > 0:
		return s.rule.Services[0] + "_token", true
	case len(s.keywordsIn(s.found.secret)) > 0:
		return neutralName, true
	}
	start := int(s.found.span.Start)
	line := s.text[strings.LastIndexByte(s.text[:start], '\n')+1 : start]
	name = scanner.NameBefore([]byte(line))
	return name, len(s.keywordsIn(name)) > 0
}

// context returns a line with the text of the example, without the secret, if the rule
// requires a text near the secret.
func (s *specimen) context() string {
	if s.rule.Context == "" {
		return ""
	}
	return strings.ReplaceAll(s.withSecret(""), "\n", " ") + "\n"
}

// TestCarriers puts the secret of each example into every carrier, where its rule must find
// it. Of rules that need the name of the secret, a carrier may hide one in ten.
func TestCarriers(t *testing.T) {
	q := newQuality(t, true)
	q.eachExample(t, q.hiddenByCarriers)
}

func (q *quality) hiddenByCarriers(e example) []string {
	s, ok := q.specimen(e)
	if !ok {
		return nil
	}
	name, ok := q.carriedName(&s)
	if !ok {
		e.t.Logf("not put into carriers: %s", e)
		return nil
	}
	secret := s.found.secret
	var missed []string
	for _, c := range carriers() {
		text := c.text(name, secret)
		f, found := q.find(e.rule, s.context()+text)
		switch got := f.secret; {
		case c.verbatim && (strings.ContainsAny(secret, " \n") || !strings.Contains(text, secret)):
		case !found:
			missed = append(missed, c.name)
		case got != secret && strings.Contains(text, secret): // not escaped
			missed = append(missed, fmt.Sprintf("%s (found %s)", c.name, masked(got)))
		}
	}
	allowed := 0
	if name != neutralName {
		allowed = len(carriers()) / 10
	}
	if len(missed) <= allowed {
		return nil
	}
	return []string{fmt.Sprintf("its secret, %s, is not found under the name %s in: %s", masked(secret), name, strings.Join(missed, ", "))}
}

// TestOwnSyntax requires that the rules in the table own_syntax exist.
func TestOwnSyntax(t *testing.T) {
	q := newQuality(t, true)
	for id, reason := range q.OwnSyntax {
		if reason == "" || !slices.ContainsFunc(q.rules, func(r *patterns.Rule) bool { return r.ID == id }) {
			t.Errorf("quality.toml: own_syntax has %s: no such rule, or no reason", id)
		}
	}
}
