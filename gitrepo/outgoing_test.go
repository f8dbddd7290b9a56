package gitrepo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/gitrepo/internal/gittest"
)

// TestOutgoingIsWhatArrives pushes at random, and compares what is said before with
// what the remote has after: nothing may arrive that was not named, and of what the
// remote's branches had, no commit is named again.
func TestOutgoingIsWhatArrives(t *testing.T) {
	for seed := range gittest.Seeds() {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 9))
			f := newFixture(t)
			remote := f.in(filepath.Join(t.TempDir(), "remote"))
			f.Git("init", "-q", "--bare", remote.Dir)
			f.Git("remote", "add", "origin", remote.Dir)
			f.Commit("first")
			for range 8 {
				f.change(rng)
				updates, specs := f.choose(rng, remote)
				before, branches := remote.everything(), lines(remote.Git("rev-list", "--branches"))
				args, err := f.open().Outgoing(context.Background(), "origin", remote.Dir, updates)
				if err != nil {
					t.Fatal(err)
				}
				if OnlyDelete(updates) {
					continue
				}
				named := lines(f.Git(append([]string{"rev-list", "--objects", "--no-object-names"}, args...)...))
				for id := range named {
					if branches[id] {
						t.Errorf("%s is named, but a branch of the remote had it", id)
					}
				}
				f.Git(append([]string{"push", "-q", "--force", "origin"}, specs...)...)
				for id := range remote.everything() {
					if !before[id] && !named[id] {
						t.Errorf("%s has arrived unnamed", id)
					}
				}
			}
		})
	}
}

// change commits, branches off and tags.
func (f *fixture) change(rng *rand.Rand) {
	for range 1 + rng.IntN(4) {
		name := fmt.Sprintf("n%d", rng.IntN(1000))
		switch rng.IntN(4) {
		case 0:
			f.Git("checkout", "-q", "-B", name, f.some(rng, "rev-list", "--all"))
		case 1:
			f.Git("tag", "-f", "-a", "-m", name, "t"+name, f.some(rng, "rev-list", "--all"))
		default:
			f.Write("d/f"+fmt.Sprint(rng.IntN(5)), name)
			f.Commit(name)
		}
	}
}

// some returns one of the lines that git prints.
func (f *fixture) some(rng *rand.Rand, args ...string) string {
	f.T.Helper()
	list := strings.Split(f.Git(args...), "\n")
	return list[rng.IntN(len(list))]
}

// choose returns some refs to push, as git would hand them to the hook and as its
// command line has them: under their names, under another's, or to be deleted.
func (f *fixture) choose(rng *rand.Rand, remote *fixture) (updates []Update, specs []string) {
	f.T.Helper()
	there := make(map[string]string)
	for line := range strings.Lines(remote.Git("for-each-ref", "--format=%(refname) %(objectname)")) {
		ref, id, _ := strings.Cut(strings.TrimSpace(line), " ")
		there[ref] = id
	}
	zero := strings.Repeat("0", 40)
	used := make(map[string]bool)
	for range 1 + rng.IntN(3) {
		local := f.some(rng, "for-each-ref", "--format=%(refname)", "refs/heads", "refs/tags")
		ref := local
		if rng.IntN(4) == 0 {
			ref = strings.Replace(f.some(rng, "for-each-ref", "--format=%(refname)", "refs/heads"), "refs/heads/", "refs/heads/as-", 1)
		}
		if used[ref] || ref != local && strings.HasPrefix(local, "refs/tags/") {
			continue
		}
		used[ref] = true
		u := Update{Ref: ref, Old: zero, New: f.Git("rev-parse", local)}
		if there[ref] != "" {
			u.Old = there[ref]
		}
		if u.Old != zero && rng.IntN(5) == 0 {
			u.New, local = zero, ""
		}
		if u.New == u.Old {
			continue // git does not mention it
		}
		updates, specs = append(updates, u), append(specs, local+":"+ref)
	}
	return updates, specs
}

// everything lists all objects.
func (f *fixture) everything() map[string]bool {
	f.T.Helper()
	return lines(f.Git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)"))
}

func lines(text string) map[string]bool {
	out := make(map[string]bool)
	for line := range strings.Lines(text) {
		out[strings.TrimSpace(line)] = true
	}
	return out
}
