package patterns

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Names is the vocabulary of the names of one owner's credentials: a [[names]] table of a
// rule file. Terms are searched in a name in lower case, with an underscore around each
// word: AWSSecretKey becomes _aws_secret_key_. A term without an underscore may cross
// words: gitlab is also in GitLabSecret.
type Names struct {
	ID       string   `toml:"id"`
	Own      []string `toml:"own"`       // name the owner
	Like     []string `toml:"like"`      // fit the credential if no other owner is named
	Whole    []string `toml:"whole"`     // name the credential in full, next to any other words
	Kinds    []string `toml:"kinds"`     // name another kind of secret, also after the owner's name
	Others   []string `toml:"others"`    // name another owner, who may use such a credential
	Rivals   []string `toml:"rivals"`    // name other owners whose credentials have the same names
	RivalIDs []string `toml:"rival_ids"` // prefixes of the key IDs of rivals
	Plain    []string `toml:"plain"`     // words without information
	Carriers []string `toml:"carriers"`  // words before a value instead of its name, such as value

	vocabulary func() *vocabulary // compiled at its first use
}

// Ownership is the relation of a name to the owner of a vocabulary.
type Ownership int

// The values of Ownership. From OwnerOther on, a name decides; names further from the
// value can only refine lesser values.
const (
	OwnerUnnamed Ownership = iota // no name, or plain words only
	OwnerUnknown                  // unknown words
	OwnerOther                    // names another kind of secret, or another owner
	OwnerLikely                   // fits the credential
	OwnerNamed                    // names the owner
)

// Name describes the name of a value.
type Name struct {
	Ownership Ownership
	Stem      string // its words that are neither plain nor the owner's, separated by spaces

	names *Names
}

// Fits reports whether a secret of name n may belong to an ID of name id. If n names
// another owner, both names must share a word, or the ID is beside the secret and its
// name fits any owner.
func (n Name) Fits(id Name, beside bool) bool {
	if n.Ownership != OwnerOther {
		return true
	}
	words := strings.Fields(id.Stem)
	shared := slices.ContainsFunc(strings.Fields(n.Stem), func(w string) bool { return slices.Contains(words, w) })
	return shared || beside && len(words) == 0 && id.Ownership == OwnerUnnamed
}

// read returns the name of the value at text[start:]. keyword is the offset of the
// keyword of the hit, or start.
func (v *Names) read(text []byte, keyword, start int) Name {
	from := max(0, min(keyword, start)-contextReach)
	before := nameOf(linePrefix(text, start))
	if len(before) >= keyIDLen && isAWSPrefix(before) && keyword == start {
		return Name{names: v} // a table row or arguments: the ID replaces the name
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
		for _, line := range enclosing(wholeLines(text, from, start)) {
			name.add(identifierWords(line), OwnerLikely)
		}
	}
	return name
}

// add adds a name that is further from the value than the earlier ones. Its ownership is
// at most the given one.
func (n *Name) add(id string, most Ownership) {
	if n.decided() {
		return
	}
	if n.Ownership < OwnerOther {
		if o := min(n.names.ownership(id), most); o >= OwnerOther {
			n.Ownership = o
		}
	}
	if n.Stem == "" {
		n.Stem = n.names.stem(id)
	}
}

// decided reports whether further names cannot change n.
func (n *Name) decided() bool {
	return n.Ownership > OwnerOther || n.Ownership == OwnerOther && n.Stem != ""
}

// ownership returns the ownership of one name. A kind of secret counts if it is between
// the owner's name and the word secret: AWS_SESSION_SECRET does not belong to AWS, and
// SESSION_AWS_SECRET does.
func (v *Names) ownership(id string) Ownership {
	c, joined := v.vocabulary(), joinWords(id)
	own, like := c.own.last(id, joined), c.like.last(id, joined)
	rival, kind := c.rivals.last(id, joined), c.kinds.last(id, joined)
	secret := strings.LastIndex(joined, "secret")
	switch {
	case c.whole.last(id, joined) >= 0 && (own >= 0 || rival < 0):
		return max(OwnerLikely, ownershipIf(own >= 0, OwnerNamed))
	case kind > max(own, like) && (secret < 0 || kind <= secret):
		return OwnerOther
	case own >= 0:
		return OwnerNamed
	case rival >= 0:
		return OwnerOther
	case like >= 0:
		return OwnerLikely
	case kind >= 0 || c.others.last(id, joined) >= 0:
		return OwnerOther
	}
	return ownershipIf(!v.plain(id), OwnerUnknown)
}

func ownershipIf(is bool, o Ownership) Ownership {
	if is {
		return o
	}
	return OwnerUnnamed
}

// plain reports whether all words of a name are plain or name the owner.
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

// unlessCarrier returns the words of a name, or "" for a carrier such as <value> and for
// a key ID.
func (v *Names) unlessCarrier(name []byte) string {
	id := identifierWords(name)
	if slices.Contains(v.Carriers, strings.Trim(id, "_")) || len(name) >= keyIDLen && isAWSPrefix(name) {
		return ""
	}
	return id
}

// vocabulary is a Names in the form that searches need.
type vocabulary struct {
	own, like, whole, kinds, others, rivals *terms
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

// prepare validates the terms, and delays the compilation to the first use.
func (v *Names) prepare() error {
	for _, term := range slices.Concat(v.Own, v.Like, v.Whole, v.Kinds, v.Others, v.Rivals) {
		if len(term) < 2 {
			return fmt.Errorf("names %s: the term %q is too short: at least two letters", v.ID, term)
		}
	}
	v.vocabulary = sync.OnceValue(v.compile)
	return nil
}
