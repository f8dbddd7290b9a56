package patterns

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/internal/proof"
)

// secretGroup is the name of the group that contains the secret, in a regex with other
// named groups.
const secretGroup = "secret"

// setGroups sets the group of the secret.
func (c *compiled) setGroups() {
	names := c.regex.Groups()
	if c.secretGroup = slices.Index(names, secretGroup); c.secretGroup < 0 {
		c.secretGroup = slices.Index(names[1:], "") + 1
	}
}

// secretIn returns the range of the secret in a match: of its group, or of another group
// without a name in an alternative of the regex, or the whole match.
func (c *compiled) secretIn(loc []int) (start, end int) {
	names := c.regex.Groups()
	for i := c.secretGroup; i > 0 && 2*i < len(loc); i++ {
		if loc[2*i] >= 0 && names[i] == names[c.secretGroup] {
			return loc[2*i], loc[2*i+1]
		}
	}
	return loc[0], loc[1]
}

// groupFacts returns the named groups of a match, without the secret.
func (c *compiled) groupFacts(text []byte, loc []int) (out []proof.Fact) {
	for i, name := range c.regex.Groups() {
		if name == "" || name == secretGroup || 2*i >= len(loc) || loc[2*i] < 0 {
			continue
		}
		if value := proof.Printable(string(text[loc[2*i]:loc[2*i+1]])); value != "" {
			out = append(out, proof.Fact{Name: name, Value: value})
		}
	}
	return out
}

// setSeverity sets the severity that the facts of a match give it.
func (r *Rule) setSeverity(m *Match) {
	for _, w := range r.When {
		if slices.ContainsFunc(m.Facts, func(f proof.Fact) bool { return f.Name+"="+f.Value == w.Fact }) {
			m.Severity = w.Severity
			return
		}
	}
}

// isDecoy reports whether a value contains a stop word of the rule, or is one of its decoys.
func (r *Rule) isDecoy(value []byte) bool {
	if len(r.Stop) > 0 {
		lower := bytes.ToLower(value)
		if slices.ContainsFunc(r.Stop, func(word string) bool { return bytes.Contains(lower, []byte(strings.ToLower(word))) }) {
			return true
		}
	}
	if len(r.Decoys) == 0 {
		return false
	}
	sum := sha256.Sum256(value)
	return slices.Contains(r.Decoys, hex.EncodeToString(sum[:decoyLen/2]))
}

// decoyLen is the length of a decoy, in hexadecimal digits.
const decoyLen = 16

// checkDecoys validates the decoys and the conditions of severities.
func (r *Rule) checkDecoys(*compiled) error {
	for _, d := range r.Decoys {
		if raw, err := hex.DecodeString(d); err != nil || len(raw) != decoyLen/2 || d != strings.ToLower(d) {
			return fmt.Errorf("decoy %q: give the first %d hexadecimal digits of a SHA-256, in lower case", d, decoyLen)
		}
	}
	for _, w := range r.When {
		if name, value, ok := strings.Cut(w.Fact, "="); !ok || name == "" || value == "" || w.Severity == 0 {
			return fmt.Errorf("when %q: give fact = \"NAME=VALUE\" and a severity", w.Fact)
		}
	}
	return nil
}
