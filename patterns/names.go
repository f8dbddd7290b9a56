package patterns

import (
	"fmt"
	"slices"
	"strings"
	"sync"
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
	OwnerUnknown           // it has words of no vocabulary
	OwnerOther             // another kind of secret, or another owner
	OwnerLikely            // it fits
	OwnerNamed             // it names the owner
)

// Name is what is known of the name under which a value stands.
type Name struct {
	Ownership Ownership
	Stem      string // its words that are neither plain nor the owner's, between blanks

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
func (n *Name) decided() bool {
	return n.Ownership > OwnerOther || n.Ownership == OwnerOther && n.Stem != ""
}

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

// vocabulary is what the terms of Names are looked up in.
type vocabulary struct {
	own, like, whole, kinds, others, rivals terms
	plain                                   map[string]bool
}

func (v *Names) compile() *vocabulary {
	c := &vocabulary{
		newTerms(v.Own), newTerms(v.Like), newTerms(v.Whole), newTerms(v.Kinds), newTerms(v.Others), newTerms(v.Rivals),
		make(map[string]bool),
	}
	for _, word := range v.Plain {
		c.plain[word] = true
	}
	return c
}

// prepare makes the vocabulary compile itself when it is first used.
func (v *Names) prepare() error {
	for _, term := range slices.Concat(v.Own, v.Like, v.Whole, v.Kinds, v.Others, v.Rivals) {
		if len(term) < 2 {
			return fmt.Errorf("names %s: the term %q is too short: at least two letters", v.ID, term)
		}
	}
	v.vocabulary = sync.OnceValue(v.compile)
	return nil
}
