package history

import (
	"maps"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/scanner"
)

// credential is a finding and the numbers of the objects that contain it. An object that
// was not read to the end is attributed like a finding, because its paths decide whether
// it is excluded.
type credential struct {
	key     string
	name    string          // name of a sensitive file
	unread  error           // why the object was not read to the end; there is no finding then
	finding scanner.Finding // in the first object
	objects []uint32
	marked  bool        // marks allow it in all of objects
	union   *credential // the credential in all objects, if marks allow it in others; may be nil
	isUnion bool
}

func (o *objectScan) isMarked(f *scanner.Finding) bool { return o.marked != nil && o.marked(f) }

// credentialKey returns a key that is equal for findings of the same credential. The key of
// a password has its name, as its fingerprint depends on it. Findings that marks allow have
// a key of their own, since later ones may not be allowed.
func credentialKey(f *scanner.Finding, marked bool) string {
	key := f.RuleID + "\x00" + f.KeyID + "\x00" + f.Name() + "\x00" + f.Secret.Reveal()
	if marked {
		key += markedSuffix
	}
	return key
}

const markedSuffix = "\x00marked"

// mergeMarked returns the credentials sorted by key. A credential that marks allow in
// only some objects is replaced by its union with the findings in the others.
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

// result returns the result for an attributed finding, or for an object that was not
// read.
func (c *credential) result(f scanner.Finding) scanner.Result {
	if c.unread != nil {
		return scanner.Result{Origin: f.Origin, Unpacked: c.unread}
	}
	return scanner.Result{Origin: f.Origin, Findings: []scanner.Finding{f}}
}
