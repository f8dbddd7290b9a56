package history

import (
	"maps"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/scanner"
)

// credential is a finding, and the objects that hold it, by their number. An object
// that was not read to its end is attributed like a finding: its paths decide whether
// it is excluded.
type credential struct {
	key     string
	name    string          // of a sensitive file
	unread  error           // why the object was not read to its end; then there is no finding
	finding scanner.Finding // as the object that came first has it
	objects []uint32
	marked  bool        // marks allow it in all these objects
	union   *credential // the same in all objects, if it is marked in others; or nil
	isUnion bool
}

func (o *objectScan) isMarked(f *scanner.Finding) bool { return o.marked != nil && o.marked(f) }

// keyOf returns what findings of one credential have in common. Those that marks allow
// are apart from those that they do not: the latter may have come in later.
func credentialKey(f *scanner.Finding, marked bool) string {
	key := f.RuleID + "\x00" + f.KeyID + "\x00" + f.Secret.Reveal()
	if marked {
		key += markedSuffix
	}
	return key
}

const markedSuffix = "\x00marked"

// joined returns the credentials in order. Behind one that is marked in some objects only
// comes the same in all objects.
func mergeMarked(found map[string]*credential) (out []*credential) {
	for _, key := range slices.Sorted(maps.Keys(found)) {
		c := found[key]
		slices.Sort(c.objects)
		if bare := found[strings.TrimSuffix(key, markedSuffix)]; c.marked && bare != nil {
			all := *c
			all.isUnion, all.marked = true, false
			all.objects = slices.Compact(slices.Sorted(slices.Values(slices.Concat(c.objects, bare.objects))))
			bare.union = &all
			c = &all
		}
		out = append(out, c)
	}
	return out
}

// result returns the result of a credential that is attributed, or of an object that
// was not read.
func (c *credential) result(f scanner.Finding) scanner.Result {
	if c.unread != nil {
		return scanner.Result{Origin: f.Origin, Unpacked: c.unread}
	}
	return scanner.Result{Origin: f.Origin, Findings: []scanner.Finding{f}}
}
