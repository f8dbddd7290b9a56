package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// beside returns what Options.Reveal shows and the excerpt does not: the secret, if it
// was decoded or spans lines, and the values of the other parts.
func (f *Finding) beside() (out []property) {
	if f.Secret != scanner.Mask && f.Kind != patterns.AccessKeyID && !strings.Contains(f.Excerpt, f.Secret) {
		out = append(out, property{"secret", Printable(f.Secret)})
	}
	for _, p := range f.others() {
		out = append(out, property{words(p.Kind), fmt.Sprintf("%s (line %d)", Printable(p.Secret), p.Line)})
	}
	return out
}

// headline says in a line what was found.
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
		b.WriteString("; a canary: using it alarms its owner")
	}
	if f.History != nil {
		fmt.Fprintf(&b, "; in history: %s", f.History)
	}
	return b.String()
}

// reason is why a candidate was dropped, with the entry or mark that did it.
func (f *Finding) reason() string {
	if f.DroppedBy == "" {
		return Printable(f.Dropped)
	}
	return Printable(f.Dropped + " (" + f.DroppedBy + ")")
}

// why says what makes the finding one.
func (f *Finding) why() string {
	s := fmt.Sprintf("%s, confidence %s", f.grounds(), f.Confidence)
	if f.DecodedFrom != "" {
		s += ", decoded from " + Printable(f.DecodedFrom)
	}
	return s
}

func (f *Finding) grounds() string {
	if f.Kind != patterns.KeyPair || len(f.Related) == 0 {
		return map[patterns.Kind]string{
			patterns.AccessKeyID: "a key id alone opens nothing, but its secret may be near",
			patterns.SecretKey:   "40 random base64 characters under the name of an AWS secret",
			patterns.Token:       "a session token",
			patterns.APIKey:      "a key that works on its own",
			patterns.Sensitive:   "by its name and what it holds, a file that should not be committed",
		}[f.Kind]
	}
	where := "on the same line"
	if d := f.Line - f.Related[0].Line; d != 0 {
		where = plural(max(d, -d), "line") + " away"
	}
	s := "a secret with its key id " + where
	if slices.ContainsFunc(f.Related, func(p Part) bool { return p.Kind == patterns.Token }) {
		s += " and its session token"
	}
	return s
}

// also tells the lines on which the same credential stands once more: who mends
// one of them would be stopped again.
func (f *Finding) also() string {
	kind := f.Kind
	if kind == patterns.KeyPair {
		kind = patterns.SecretKey
	}
	var lines []int
	for _, p := range f.Related {
		if p.Kind == kind && p.Line != f.Line && !slices.Contains(lines, p.Line) {
			lines = append(lines, p.Line)
		}
	}
	slices.Sort(lines)
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

// sentence puts a headline before a description.
func sentence(description, headline string) string {
	if description == "" {
		return headline
	}
	return headline + ". " + description
}
