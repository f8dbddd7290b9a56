package keyguard_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/config"
	"github.com/keyguard/keyguard/patterns"
)

var write = flag.Bool("write", false, "write the generated documents: go test . -write")

// TestGeneratedDocuments compares docs/rules.md with the rules, and docs/configuration.md
// with the types of the configuration.
func TestGeneratedDocuments(t *testing.T) {
	for name, render := range map[string]func(*testing.T) string{"docs/rules.md": rulesPage, "docs/configuration.md": configurationPage} {
		want := render(t)
		if *write {
			if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("%s is out of date: run go test . -write", name)
		}
	}
}

func rulesPage(t *testing.T) string {
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString(`# The rules

The credentials that keyguard finds, generated from [patterns/rules/](../patterns/rules) by
` + "`go test . -write`" + `. ` + "`keyguard rules show ID`" + ` prints a rule in full, with its examples, and
` + "`keyguard rules list --family ID`" + ` those of a family.

| family | | rules |
|---|---|---|
`)
	counts, families := make(map[string]int), []string{}
	for _, r := range set.Rules() {
		if counts[r.Family]++; counts[r.Family] == 1 {
			families = append(families, r.Family)
		}
	}
	slices.Sort(families)
	for _, family := range families {
		fmt.Fprintf(&b, "| %s | %s | %d |\n", family, patterns.FamilyOf(family).Title, counts[family])
	}
	b.WriteString("\n| rule | severity | finds |\n|---|---|---|\n")
	row := func(id, title string, severity patterns.Severity) {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", id, id, severity, title)
	}
	for _, p := range set.Pairs {
		row(p.ID, p.Title, p.Severity)
	}
	for _, r := range set.Rules() {
		row(r.ID, r.Title, r.Severity)
	}
	for _, p := range set.Pairs {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\nIts parts are at most %d lines and %d bytes apart, and the nearest are paired.\n", p.ID, p.Description, p.Lines, p.Bytes)
	}
	for _, r := range set.Rules() {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n", r.ID, r.Description)
		if r.SeverityReason != "" {
			fmt.Fprintf(&b, "- severity %s: %s\n", r.Severity, r.SeverityReason)
		}
		switch {
		case len(r.Paths) > 0:
			fmt.Fprintf(&b, "- files: %s\n", code(r.Paths))
		case r.Near != nil:
			fmt.Fprintf(&b, "- only near: at most %d lines and %d bytes from a finding of kind %s\n", r.Near.Lines, r.Near.Bytes, r.Near.Kind)
		case len(r.Services) > 0:
			fmt.Fprintf(&b, "- in values of names with or after: %s\n", code(r.Services))
		case r.InValues:
			fmt.Fprintf(&b, "- in values of names: %s\n", code(r.Keywords))
		default:
			fmt.Fprintf(&b, "- keywords: %s\n", code(r.Keywords))
		}
		if r.MinEntropy > 0 {
			fmt.Fprintf(&b, "- entropy: at least %.1f bits per character\n", r.MinEntropy)
		}
		if r.Context != "" {
			b.WriteString("- without a word nearby that identifies it, it only completes a pair\n")
		}
		for _, name := range r.Checks {
			fmt.Fprintf(&b, "- %s: %s\n", name, patterns.CheckDoc(name))
		}
	}
	return b.String()
}

func code(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = "`" + w + "`"
	}
	return strings.Join(quoted, ", ")
}

// property holds the parts of a JSON Schema that the page shows.
type property struct {
	Type        string
	Description string
	Enum        []string
	Properties  map[string]*property
	Items       *property
	Required    []string
	OneOf       []*property
}

func configurationPage(t *testing.T) string {
	data, err := config.Schema()
	if err != nil {
		t.Fatal(err)
	}
	var root property
	if err := json.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString(`# The configuration file

All settings of ` + "`" + config.Name + "`" + `, generated from its types by ` + "`go test . -write`" + `. The file is at the
top of the repository. ` + "`keyguard config init`" + ` writes a commented one, ` + "`config check`" + ` checks it,
` + "`config show`" + ` prints the effective values and their origins, and ` + "`config schema`" + ` prints a JSON
Schema for editors. A file adds to the built-in rules and never replaces them.

In order of precedence: flags, the file that ` + "`--config`" + ` or ` + "`KEYGUARD_CONFIG`" + ` names or else
` + "`" + config.Name + "`" + `, the user's own file (` + "`$XDG_CONFIG_HOME/keyguard/config.toml`" + `), the defaults.
Lists are combined.

A repository's files may only name files inside it: ` + "`extends`" + ` with ` + "`..`" + ` or a path from the root, and
a ` + "`" + config.Name + "`, `.keyguardignore` or `.keyguard-baseline`" + ` that is a link leading out or into ` + "`.git`" + `, end
with exit code 2. Links that stay inside are followed. For a file elsewhere use ` + "`-c FILE`, `-b FILE`" + ` or
` + "`KEYGUARD_CONFIG=FILE`" + `, or extend it in your own configuration: files that you name may be anywhere, and
so may the files that they extend. Arrays, tables and dotted keys may be 64 deep.
`)
	table(&b, "at the top", root)
	for _, name := range sorted(root.Properties) {
		p := root.Properties[name]
		switch {
		case len(p.Properties) > 0:
			fmt.Fprintf(&b, "\n## [%s]\n\n%s\n", name, p.Description)
			table(&b, "", *p)
		case p.Items != nil && len(p.Items.Properties) > 0:
			fmt.Fprintf(&b, "\n## [[%s]]\n\n%s\n", name, p.Description)
			table(&b, "", *p.Items)
		}
	}
	return b.String()
}

// table writes the keys of a table whose values are not tables.
func table(b *strings.Builder, title string, of property) {
	if title != "" {
		fmt.Fprintf(b, "\n## %s\n", strings.ToUpper(title[:1])+title[1:])
	}
	b.WriteString("\n| key | type | description |\n|---|---|---|\n")
	for _, name := range sorted(of.Properties) {
		p := of.Properties[name]
		inner := p.Properties
		if p.Items != nil && len(p.Items.Properties) > 0 {
			inner = p.Items.Properties
		}
		if len(inner) > 0 && title != "" {
			continue
		}
		note := ""
		if slices.Contains(of.Required, name) {
			note = " (required)"
		}
		fmt.Fprintf(b, "| `%s` | %s%s | %s |\n", name, kind(p), note, strings.ReplaceAll(p.Description, "|", "\\|"))
		for _, key := range sorted(inner) {
			fmt.Fprintf(b, "| `%s.%s` | %s | %s |\n", name, key, kind(inner[key]), inner[key].Description)
		}
	}
}

func kind(p *property) string {
	switch {
	case len(p.Enum) > 0:
		return "one of " + code(p.Enum)
	case p.Type == "array":
		return "list"
	case p.Type == "object":
		return "table"
	case len(p.OneOf) == 2:
		return kind(p.OneOf[0]) + " or " + kind(p.OneOf[1])
	}
	return p.Type
}

func sorted(m map[string]*property) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
