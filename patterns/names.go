package patterns

import (
	"bytes"
	"slices"
	"strings"
)

// Names is a vocabulary of the names that credentials of one owner have, as
// written in a [[names]] table of a rule file. A term is looked for in a name in
// lower case with an underscore around each word: AWSSecretKey is
// _aws_secret_key_. A term without an underscore may cross words: gitlab is in
// GitLabSecret too.
type Names struct {
	ID       string   `toml:"id"`
	Own      []string `toml:"own"`       // name the owner
	Like     []string `toml:"like"`      // fit the credential, if nobody else is named
	Whole    []string `toml:"whole"`     // name the credential in full, whatever surrounds them
	Kinds    []string `toml:"kinds"`     // name another kind of secret, also behind the owner's name
	Others   []string `toml:"others"`    // name somebody else, who may well use such a credential
	Rivals   []string `toml:"rivals"`    // name those whose credentials have the same names
	RivalIDs []string `toml:"rival_ids"` // what key ids of those begin with
	Plain    []string `toml:"plain"`     // words that say nothing
	Carriers []string `toml:"carriers"`  // words beside a value in place of its name

	vocabulary func() *vocabulary // made when it is first needed
}

// Said is what a name says about whose a secret is.
type Ownership int

// What names say.
const (
	OwnerUnnamed Ownership = iota
	OwnerUnknown      // it has words of no vocabulary
	OwnerOther        // another kind of secret, or another owner
	OwnerLikely         // it fits
	OwnerNamed          // it names the owner
)

// Name is what is known of the name under which a value stands.
type Name struct {
	Ownership Ownership
	Stem string // its words that are neither plain nor the owner's, between blanks

	names *Names
}

// Fits reports whether a secret may belong to the id of that name. A secret that
// is named otherwise does if both names have a word in common, or the id beside
// it has a name that fits any.
func (n Name) Fits(id Name, beside bool) bool {
	if n.Ownership != OwnerOther {
		return true
	}
	words := strings.Fields(id.Stem)
	shared := slices.ContainsFunc(strings.Fields(n.Stem), func(w string) bool { return slices.Contains(words, w) })
	return shared || beside && len(words) == 0 && id.Ownership == OwnerUnnamed
}

// read returns the name of the value at text[start:]. keyword is the offset of the
// word that led to it, or start.
func (v *Names) read(text []byte, keyword, start int) Name {
	from := max(0, min(keyword, start)-contextReach)
	before := nameOf(linePrefix(text, start))
	if len(before) >= keyIDLen && isAWSPrefix(before) && keyword == start {
		return Name{names: v} // a row or a list of arguments: the id stands in the name's place
	}
	name := Name{names: v}
	own := v.unlessCarrier(before)
	name.add(own, OwnerNamed)
	if keyword < start {
		ident, phrase := identifierAt(text[from:start], keyword-from)
		own = v.unlessCarrier(ident)
		name.add(own, OwnerNamed)
		name.add(identifierWords(phrase), OwnerNamed)
	}
	if name.Ownership < OwnerOther {
		name.Ownership = ownershipIf(!v.plain(own), OwnerUnknown)
	}
	if !name.decided() {
		for _, parent := range enclosing(wholeLines(text, from, start)) {
			name.add(identifierWords(parent), OwnerLikely)
		}
	}
	return name
}

// note takes over what a further name says, farther away than those before, and at
// most as much as given.
func (n *Name) add(id string, most Ownership) {
	if n.decided() {
		return
	}
	if n.Ownership < OwnerOther {
		if says := min(n.names.ownership(id), most); says >= OwnerOther {
			n.Ownership = says
		}
	}
	if n.Stem == "" {
		n.Stem = n.names.stem(id)
	}
}

// settled reports whether no further name could change it.
func (n *Name) decided() bool { return n.Ownership > OwnerOther || n.Ownership == OwnerOther && n.Stem != "" }

// judge returns what one name says. A kind of secret counts if it stands between
// the owner's name and the word secret: AWS_SESSION_SECRET is not AWS's, and
// SESSION_AWS_SECRET is.
func (v *Names) ownership(id string) Ownership {
	c, squeezed := v.vocabulary(), joinWords(id)
	own, like := c.own.last(id, squeezed), c.like.last(id, squeezed)
	rival, kind := c.rivals.last(id, squeezed), c.kinds.last(id, squeezed)
	secret := strings.LastIndex(squeezed, "secret")
	switch {
	case c.whole.last(id, squeezed) >= 0 && (own >= 0 || rival < 0):
		return max(OwnerLikely, ownershipIf(own >= 0, OwnerNamed))
	case kind > max(own, like) && (secret < 0 || kind <= secret):
		return OwnerOther
	case own >= 0:
		return OwnerNamed
	case rival >= 0:
		return OwnerOther
	case like >= 0:
		return OwnerLikely
	case kind >= 0 || c.others.last(id, squeezed) >= 0:
		return OwnerOther
	}
	return ownershipIf(!v.plain(id), OwnerUnknown)
}

func ownershipIf(is bool, s Ownership) Ownership {
	if is {
		return s
	}
	return OwnerUnnamed
}

// plain reports whether a name has no words but those that say nothing.
func (v *Names) plain(id string) bool { return v.stem(id) == "" }

// stem returns the words of a name that are neither plain nor the owner's.
func (v *Names) stem(id string) string {
	c := v.vocabulary()
	var out []string
	for word := range strings.SplitSeq(id, "_") {
		if strings.Trim(word, "0123456789") == "" || c.plain[word] {
			continue
		}
		if w := "_" + word + "_"; max(c.own.last(w, word), c.like.last(w, word)) < 0 {
			out = append(out, word)
		}
	}
	return strings.Join(out, " ")
}

// unlessCarrier returns the words of a name, or none if it stands in the place of
// one, as in <value>.
func (v *Names) unlessCarrier(name []byte) string {
	id := identifierWords(name)
	if slices.Contains(v.Carriers, strings.Trim(id, "_")) || len(name) >= keyIDLen && isAWSPrefix(name) {
		return ""
	}
	return id
}

// words returns a name in lower case with an underscore around each word.
func identifierWords(name []byte) string {
	out := []byte{'_'}
	for i, c := range name {
		begins := i > 0 && characterClass(c) == 'A' && (characterClass(name[i-1]) != 'A' || i+1 < len(name) && characterClass(name[i+1]) == 'a')
		if !isAlnum(c) {
			begins, c = true, '_'
		}
		if begins && out[len(out)-1] != '_' {
			out = append(out, '_')
		}
		if c != '_' {
			out = append(out, byte(lower(c)))
		}
	}
	if out[len(out)-1] != '_' {
		out = append(out, '_')
	}
	return string(out)
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// around returns the identifier around text[at], and with it the plain words
// that stand beside it in the line.
func identifierAt(text []byte, at int) (ident, phrase []byte) {
	from, to := at, at
	for from > 0 && (isAlnum(text[from-1]) || isOneOf(text[from-1], "_.-")) {
		from--
	}
	for to < len(text) && (isAlnum(text[to]) || isOneOf(text[to], "_.-")) {
		to++
	}
	ident = text[from:to]
	for limit := from - phraseReach; from > max(0, limit) && (isAlnum(text[from-1]) || text[from-1] == ' '); {
		from--
	}
	for limit := to + phraseReach; to < min(len(text), limit) && (isAlnum(text[to]) || text[to] == ' '); {
		to++
	}
	return ident, text[from:to]
}

// phraseReach is how many bytes beside an identifier may belong to its phrase.
const phraseReach = 24

// parents returns the lines, or parts of them, that what text ends with lies
// within, the nearest first: by brackets in its own line, by indentation, or as
// the section of an INI file.
func enclosing(text []byte) (out [][]byte) {
	start := bytes.LastIndexByte(text, '\n') + 1
	line := text[start:]
	for depth, i := 0, len(line)-1; i >= 0; i-- {
		switch {
		case isOneOf(line[i], "}])"):
			depth++
		case isOneOf(line[i], "{[(") && depth > 0:
			depth--
		case isOneOf(line[i], "{[("):
			out = append(out, nameOf(line[:i]))
		}
	}
	within := indent(line)
	for start > 0 {
		end := start - 1
		start = bytes.LastIndexByte(text[:end], '\n') + 1
		line := bytes.TrimRight(text[start:end], " \t\r")
		section := len(line) > 2 && line[0] == '[' && line[len(line)-1] == ']'
		if n := indent(line); len(line) > n && (n < within || section) {
			out = append(out, line[max(0, len(line)-parentReach):])
			within = n
		}
		if section {
			break
		}
	}
	return out
}

// wholeLines returns text[from:to] without the line that from cuts, if to is in
// another.
func wholeLines(text []byte, from, to int) []byte {
	if i := bytes.IndexByte(text[from:to], '\n'); from > 0 && i >= 0 {
		from += i + 1
	}
	return text[from:to]
}

// parentReach is how many bytes at the end of a line say what it begins.
const parentReach = 80

// indent returns how many blanks a line begins with. Those of a change in a patch
// stand behind its mark.
func indent(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " \t+-")) }
