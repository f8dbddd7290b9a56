package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// beside returns the values that Options.Reveal shows and the excerpt does not: a secret
// that was decoded or spans lines, and the other parts.
func (f *Finding) beside() (out []property) {
	if f.Secret != scanner.Mask && !f.Kind.IsPublic() && !strings.Contains(f.Excerpt, f.Secret) {
		out = append(out, property{"secret", Printable(f.Secret)})
	}
	for _, p := range f.others() {
		out = append(out, property{words(p.Kind), fmt.Sprintf("%s (line %d)", Printable(p.Secret), p.Line)})
	}
	return out
}

// headline returns the finding as one line.
func (f *Finding) headline() string {
	var b strings.Builder
	b.WriteString(Printable(f.Title))
	if f.AccessKeyID != "" {
		fmt.Fprintf(&b, " %s", Printable(f.AccessKeyID))
	}
	if f.AccountID != "" {
		fmt.Fprintf(&b, " of account %s", Printable(f.AccountID))
	}
	fmt.Fprintf(&b, ": %s", f.why())
	if f.Canary {
		b.WriteString("; a canary: its use alerts its owner")
	}
	if f.History != nil {
		fmt.Fprintf(&b, "; in history: %s", f.History)
	}
	return b.String()
}

// reason returns the reason of a drop, with the entry or mark that allows it.
func (f *Finding) reason() string {
	if f.DroppedBy == "" {
		return Printable(f.Dropped)
	}
	return Printable(f.Dropped + " (" + f.DroppedBy + ")")
}

// why returns the grounds for the finding and its confidence.
func (f *Finding) why() string {
	s := fmt.Sprintf("%s, confidence %s", f.grounds(), f.Confidence)
	if f.DecodedFrom != "" {
		s += ", decoded from " + Printable(f.DecodedFrom)
	}
	return s
}

// grounds returns the reason why the match is a credential.
func (f *Finding) grounds() string {
	if f.Kind != patterns.KeyPair || len(f.Related) == 0 {
		switch {
		case f.Kind.Role() == patterns.RoleID:
			return "a key ID grants no access alone, but its secret may be near"
		case f.Kind.Role() == patterns.RoleSecret:
			return "a secret under a name that fits it"
		case f.Kind.Role() == patterns.RoleToken:
			return "a session token"
		case f.Kind == patterns.Sensitive:
			return "a file that should not be committed, by its name and content"
		}
		return "a key that works on its own"
	}
	s := "secret on the line of its key ID"
	if d := f.Line - f.Related[0].Line; d != 0 {
		s = "secret " + plural(max(d, -d), "line") + " from its key ID"
	}
	if slices.ContainsFunc(f.Related, func(p Part) bool { return p.Kind.Role() == patterns.RoleToken }) {
		s += ", with its session token"
	}
	return s
}

// also returns the other lines with the same credential: a fix on one line only would be
// blocked again.
func (f *Finding) also() string {
	isSame := func(p Part) bool {
		return p.Kind == f.Kind || f.Kind == patterns.KeyPair && p.Kind.Role() == patterns.RoleSecret
	}
	var lines []int
	for _, p := range f.Related {
		if isSame(p) && p.Line != f.Line {
			lines = append(lines, p.Line)
		}
	}
	slices.Sort(lines)
	lines = slices.Compact(lines)
	const few = 5
	switch n := len(lines); {
	case n == 0:
		return ""
	case n == 1:
		return fmt.Sprintf("on line %d", lines[0])
	case n > few:
		return fmt.Sprintf("on lines %s and %d more", numbers(lines[:few]), n-few)
	}
	return "on lines " + numbers(lines)
}

func numbers(list []int) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(list), " ", ", "), "[]")
}

// sentence joins a headline and a description.
func sentence(description, headline string) string {
	if description == "" {
		return headline
	}
	return headline + ". " + description
}
