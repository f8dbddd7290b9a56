package synth

import (
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Expander expands templates. Named values are shared by all of them. It is not safe for
// concurrent use.
type Expander struct {
	rng   *rand.Rand
	named map[string]string
}

// New returns an expander whose values depend on seed alone.
func New(seed uint64) *Expander {
	return &Expander{rng: rand.New(rand.NewPCG(seed, 0x6b657967)), named: make(map[string]string)}
}

// tag is compiled on first use, because only tests and rule checks expand templates.
var tag = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\{\{([a-z0-9-]+)(?: ([^{}#|\n]+))?(?:#(\w+))?((?:\|[a-z0-9:_-]+)*)\}\}|\{\{(\()\}\}|\{\{(\))(?:#(\w+))?((?:\|[a-z0-9:_-]+)*)\}\}`)
})

// Expand returns template with its tags replaced. An unknown tag or filter, or an
// unclosed group, is an error. Other text in double braces, such as {{ var }}, is
// unchanged.
func (e *Expander) Expand(template string) (string, error) {
	groups := []*strings.Builder{{}}
	last := 0
	for _, m := range tag().FindAllStringSubmatchIndex(template, -1) {
		group := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return template[m[2*n]:m[2*n+1]]
		}
		out := groups[len(groups)-1]
		out.WriteString(template[last:m[0]])
		last = m[1]
		switch {
		case group(5) != "":
			groups = append(groups, &strings.Builder{})
		case group(6) != "":
			if len(groups) == 1 {
				return "", fmt.Errorf("template closes a group that is not open")
			}
			groups = groups[:len(groups)-1]
			text, err := filter(e.bind(group(7), out.String()), group(8))
			if err != nil {
				return "", err
			}
			groups[len(groups)-1].WriteString(text)
		case isForeign(group(1), group(2)):
			out.WriteString(template[m[0]:m[1]])
		default:
			value, err := e.value(group(1), group(2), group(3))
			if err != nil {
				return "", err
			}
			if value, err = filter(value, group(4)); err != nil {
				return "", err
			}
			out.WriteString(value)
		}
	}
	if len(groups) != 1 {
		return "", fmt.Errorf("template does not close a group")
	}
	groups[0].WriteString(template[last:])
	return groups[0].String(), nil
}

// Named returns the value of a name, if an expanded template contains it.
func (e *Expander) Named(name string) (string, bool) {
	v, ok := e.named[name]
	return v, ok
}

// Names returns every named value.
func (e *Expander) Names() map[string]string { return e.named }

// isForeign reports whether double braces with words after the first are not a tag.
func isForeign(kind, arg string) bool {
	_, err := strconv.Atoi(arg)
	return arg != "" && err != nil && keyTags()[kind] == nil
}

func (e *Expander) value(kind, arg, name string) (string, error) {
	if v, ok := e.named[name]; ok {
		return v, nil
	}
	v, err := e.newValue(kind, arg)
	if err != nil {
		return "", err
	}
	return e.bind(name, v), nil
}

// bind returns the value of name, which becomes v if it has none. If name is empty, it
// returns v.
func (e *Expander) bind(name, v string) string {
	if name == "" {
		return v
	}
	if known, ok := e.named[name]; ok {
		return known
	}
	e.named[name] = v
	return v
}

const (
	upper    = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	lower    = "abcdefghijklmnopqrstuvwxyz"
	digits   = "0123456789"
	base64ab = upper + lower + digits + "+/"
)

// alphabet returns the characters of a tag with a length, or "" for other tags.
func alphabet(kind string) string {
	return map[string]string{
		"b64": base64ab, "b32": upper + "234567", "hex": "0123456789abcdef", "alnum": upper + lower + digits,
		"upnum": upper + digits, "upper": upper, "lower": lower, "digits": digits, "dna": "ACGT",
		"letters": upper + lower, "lownum": lower + digits, "b58": "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
	}[kind]
}

func (e *Expander) newValue(kind, arg string) (string, error) {
	if value := keyTags()[kind]; value != nil {
		return value(e, strings.Fields(arg))
	}
	n, _ := strconv.Atoi(arg)
	if sum := crcTags()[kind]; sum != nil {
		body := e.chars(alphabet("alnum"), n)
		return body + sum(body), nil
	}
	if ab := alphabet(kind); ab != "" {
		return e.chars(ab, n), nil
	}
	switch kind {
	case "akia", "asia", "abia":
		return strings.ToUpper(kind) + e.keyIDBody(), nil
	case "akia-old":
		return "AKIAJ" + e.chars(alphabet("b32"), 15), nil
	case "secret":
		return e.secret(), nil
	case "token":
		raw := append([]byte("!\n\torigin_ec"), e.chars(base64ab, 288)...)
		return base64.StdEncoding.EncodeToString(raw), nil
	case "lines":
		return e.lines(n), nil
	case "byte":
		return string([]byte{byte(n)}), nil
	}
	return "", fmt.Errorf("template has an unknown tag %q", kind)
}

// lines returns n lines such as "abcdef = ghijkl".
func (e *Expander) lines(n int) string {
	var b strings.Builder
	for range n {
		fmt.Fprintf(&b, "%s = %s\n", e.chars(lower, 5+e.rng.IntN(9)), e.chars(lower, 3+e.rng.IntN(20)))
	}
	return b.String()
}

// keyIDBody returns the body of a key ID that encodes a possible account.
func (e *Expander) keyIDBody() string {
	for {
		account := e.rng.Uint64N(1_000_000_000_000)
		z := uint64(1)<<47 | account<<7 | e.rng.Uint64N(1<<7)
		raw := []byte{byte(z >> 40), byte(z >> 32), byte(z >> 24), byte(z >> 16), byte(z >> 8), byte(z)}
		for range 4 {
			raw = append(raw, byte(e.rng.Uint32()))
		}
		body := base32.StdEncoding.EncodeToString(raw)
		if varied(body, 9) {
			return body
		}
	}
}

// secret returns 40 base64 characters that include digits and both cases, as 99.9 % of
// real secrets do.
func (e *Expander) secret() string {
	for {
		s := e.chars(base64ab, 40)
		if varied(s, 24) && strings.ContainsAny(s, digits) && strings.ContainsAny(s, upper) && strings.ContainsAny(s, lower) {
			return s
		}
	}
}

func varied(s string, atLeast int) bool {
	distinct := make(map[rune]bool)
	for _, r := range s {
		distinct[r] = true
	}
	return len(distinct) >= atLeast
}

func (e *Expander) chars(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[e.rng.IntN(len(alphabet))]
	}
	return string(b)
}
