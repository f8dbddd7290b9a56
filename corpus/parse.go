package corpus

import (
	"fmt"
	"strings"
)

// Parse parses a file of cases in the format of the package documentation. Errors start
// with file and line.
func Parse(file, text string) ([]Case, error) {
	group := strings.TrimSuffix(file, ".txt")
	common := Case{Group: group, Tier: Plain}
	current := &common
	header := true
	var cases []Case
	text = strings.ReplaceAll(text, "\r\n", "\n") // as git may check it out on Windows
	for n, line := range strings.Split(text, "\n") {
		name, isMark := mark(line)
		var err error
		switch {
		case isMark:
			c := common
			c.Name, c.HeldOut = name, heldOut(name)
			cases = append(cases, c)
			current, header = &cases[len(cases)-1], true
		case !header:
			current.Text += line + "\n"
		case line == "":
			header = current.Name == ""
		case line[0] != '#':
			err = current.header(line)
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, n+1, err)
		}
	}
	for i := range cases {
		c := &cases[i]
		c.Text = strings.TrimRight(c.Text, "\n") + "\n"
		if c.Family == "" {
			c.Family = c.defaultFamily()
		}
		if err := c.check(); err != nil {
			return nil, fmt.Errorf("%s: case %s: %w", file, c.Name, err)
		}
	}
	return cases, nil
}

// mark returns the name in a line such as "-- name --".
func mark(line string) (name string, ok bool) {
	name, ok = strings.CutPrefix(line, "-- ")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(name, " --")
}

func (c *Case) header(line string) error {
	key, value, _ := strings.Cut(line, ":")
	value = strings.TrimSpace(value)
	switch key {
	case "tier":
		c.Tier = Tier(value)
	case "family":
		c.Family = value
	case "from":
		c.From = value
	case "file":
		c.File = value
	case "as":
		c.As = value
	case "may":
		c.May = append(c.May, strings.Fields(value)...)
	case "want":
		w, err := parseWant(value)
		if err != nil {
			return err
		}
		c.Wants = append(c.Wants, w)
	default:
		return fmt.Errorf("unknown header %q (known: tier, family, from, file, as, may, want)", key)
	}
	return nil
}

// defaultFamily returns the family of cases without a header: the family of access keys, or
// the name of the file.
func (c *Case) defaultFamily() string {
	if c.Tier == Other {
		return c.Group
	}
	return "aws"
}

func parseWant(text string) (w Want, err error) {
	text, place, ok := strings.Cut(text, " @")
	if ok {
		n, _ := fmt.Sscanf(place, "%d-%d", &w.First, &w.Last)
		if n == 1 {
			w.Last = w.First
		}
		if w.First < 1 || w.Last < w.First {
			return w, fmt.Errorf("bad lines %q: write @3 or @3-5", "@"+place)
		}
	}
	words := strings.Fields(text)
	if len(words) == 0 {
		return w, fmt.Errorf("an empty want")
	}
	w.Kind, w.Names = words[0], words[1:]
	classes, least := wantClasses(w.Kind)
	if len(w.Names) < least || len(w.Names) > len(classes) {
		return w, fmt.Errorf("bad want %q: write pair ID SECRET [TOKEN], id ID, secret S, token T or key VALUE [ID]", text)
	}
	w.Classes = classes[:len(w.Names)]
	return w, nil
}

// wantClasses returns the classes of the names of a want, and the minimum number of
// names.
func wantClasses(kind string) (classes []Class, least int) {
	switch kind {
	case "pair":
		return []Class{ID, Secret, Token}, 2
	case "id", "secret", "token":
		return []Class{Class(kind)}, 1
	case "key":
		return []Class{Key, ID}, 1
	}
	return nil, 1
}

func (c *Case) check() error {
	switch {
	case strings.Trim(c.Name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "":
		return fmt.Errorf("a name contains only a-z, 0-9 and -")
	case c.Tier != Plain && c.Tier != Encoded && c.Tier != Other:
		return fmt.Errorf("unknown tier %q", c.Tier)
	case c.File == "" || c.From == "":
		return fmt.Errorf("file or from is missing")
	case strings.TrimSpace(c.Text) == "":
		return fmt.Errorf("no text: it starts after the first empty line")
	}
	return nil
}
