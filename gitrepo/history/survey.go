package history

import (
	"cmp"
	"context"
	"fmt"
	"hash/maphash"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/bitset"
	"github.com/keyguard/keyguard/internal/pack"
	"github.com/keyguard/keyguard/scanner"
)

// survey is one visit to the objects of a repository.
type survey struct {
	repo    *gitrepo.Repo
	catalog *pack.Catalog
	scanner *scanner.Scanner
	part    bool          // only the objects of some commits, which the catalog lists
	refs    []gitrepo.Ref // once they are listed; see allRefs
	listed  bool
	// unlisted: there may be more refs than could be listed, so nothing is certain to be
	// unreachable.
	unlisted bool
	additive bool                        // commits are left out, so only added lines count
	marked   func(*scanner.Finding) bool // see History.Marked
	cut      map[pack.ID]bool            // commits whose parents a shallow clone lacks
	crew     []*surveyor
	done     atomic.Int64
	hits     atomic.Int64
	room     atomic.Int64       // for notes, in bytes
	held     bitset.Shared      // the trees that others have as entries
	named    map[namedBlob]bool // files whose names say that they may be sensitive

	// What the surveyors brought together; see finish.
	credentials []*credential
	dropped     map[string]scanner.Finding
	unread      []*credential // in place of findings, what was not read to its end
	tags        []tag
	missing     missing
	faults      []error
	skipped     []error // *scanner.Skipped
}

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
	whole   *credential // the same in all objects, if it is marked in others; or nil
	isWhole bool
}

func (v *survey) isMarked(f *scanner.Finding) bool { return v.marked != nil && v.marked(f) }

// keyOf returns what findings of one credential have in common. Those that marks allow
// are apart from those that they do not: the latter may have come in later.
func keyOf(f *scanner.Finding, marked bool) string {
	key := f.RuleID + "\x00" + f.KeyID + "\x00" + f.Secret.Reveal()
	if marked {
		key += markedKey
	}
	return key
}

const markedKey = "\x00marked"

// joined returns the credentials in order. Behind one that is marked in some objects only
// comes the same in all objects.
func joined(found map[string]*credential) (out []*credential) {
	for _, key := range slices.Sorted(maps.Keys(found)) {
		c := found[key]
		slices.Sort(c.objects)
		if bare := found[strings.TrimSuffix(key, markedKey)]; c.marked && bare != nil {
			all := *c
			all.isWhole, all.marked = true, false
			all.objects = slices.Compact(slices.Sorted(slices.Values(slices.Concat(c.objects, bare.objects))))
			bare.whole = &all
			c = &all
		}
		out = append(out, c)
	}
	return out
}

// tag is an annotated tag.
type tag struct {
	num, target uint32
}

// noObject stands for an object that the catalog has not.
const noObject = ^uint32(0)

func jobs(n int) int {
	if n > 0 {
		return n
	}
	return runtime.GOMAXPROCS(0)
}

func newSurvey(ctx context.Context, repo *gitrepo.Repo, s *scanner.Scanner, workers int) (*survey, error) {
	v := &survey{repo: repo, scanner: s}
	var err error
	if v.cut, err = repo.ShallowCommits(); err != nil {
		return nil, err
	}
	seed := maphash.MakeSeed()
	for range workers {
		v.crew = append(v.crew, &surveyor{
			v: v, tracker: s.NewTracker(ctx), credentials: make(map[string]*credential),
			dropped: make(map[string]scanner.Finding), missing: make(missing), named: make(map[namedBlob]bool),
			lineage: lineage{notes: notes{room: &v.room}, seed: seed}, commits: chronicle{notes: notes{room: &v.room}},
		})
	}
	return v, nil
}

// memory is what is remembered of an object for those made from it.
type memory struct {
	trail *scanner.Trail // of what is scanned
	marks marks          // of a tree
	tree  uint32         // its number, if it has marks
}

// walk visits the objects.
func (v *survey) walk(ctx context.Context) (pack.Stats, error) {
	opts := pack.WalkOptions{Catalog: v.catalog, Workers: len(v.crew)}
	return pack.Walk(ctx, v.repo.Store, opts, func(worker int, e *pack.Entry, base memory) memory {
		return v.crew[worker].visit(e, base)
	})
}

// finish brings together what the surveyors found, in an order of its own.
func (v *survey) finish(stats pack.Stats) {
	merged, more := make(map[string]*credential), 0
	v.dropped = make(map[string]scanner.Finding)
	v.missing = make(missing)
	v.named = make(map[namedBlob]bool)
	for _, w := range v.crew {
		w.lookUp()
		for key, c := range w.credentials {
			if m := merged[key]; m != nil {
				m.objects = append(m.objects, c.objects...)
			} else {
				merged[key] = c
			}
		}
		v.tags = append(v.tags, w.tags...)
		v.faults = append(v.faults, w.faults...)
		v.unread = append(v.unread, w.unread...)
		more += w.moreUnread
		v.skipped = append(v.skipped, w.skipped...)
		maps.Copy(v.dropped, w.dropped)
		maps.Copy(v.named, w.named)
		for id, by := range w.missing {
			v.missing.note(id, by)
		}
	}
	if more > 0 {
		v.faults = append(v.faults, fmt.Errorf("%d more objects were not read to their end", more))
	}
	slices.SortFunc(v.tags, func(a, b tag) int { return cmp.Compare(a.num, b.num) })
	v.credentials = joined(merged)
	for _, p := range stats.Problems {
		v.faults = append(v.faults, problem(p))
	}
	if n := stats.ProblemCount - len(stats.Problems); n > 0 {
		v.faults = append(v.faults, fmt.Errorf("%d more objects could not be read", n))
	}
}

func (v *survey) scanned() (n int64) {
	for _, w := range v.crew {
		n += w.tracker.Scanned
	}
	return n
}

func (v *survey) progress() Progress {
	return Progress{Done: v.done.Load(), Total: int64(v.catalog.Distinct()), Findings: v.hits.Load()}
}

// unattributed returns the findings as the objects have them, for want of
// better.
func (v *survey) unattributed() (out []scanner.Result) {
	for _, c := range v.credentials {
		if c.name != "" || c.isWhole {
			continue // its path decides, or it is another's
		}
		out = append(out, c.result(c.finding))
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

// drops returns the candidates that are no findings, each once.
func (v *survey) drops() (out []scanner.Result) {
	for _, key := range slices.Sorted(maps.Keys(v.dropped)) {
		f := v.dropped[key]
		out = append(out, scanner.Result{Origin: f.Origin, Dropped: []scanner.Finding{f}})
	}
	return out
}
