package gitrepo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
)

// TestOutgoingIsWhatArrives pushes at random, and compares what is said before with
// what the remote has after: nothing may arrive that was not named, and of what the
// remote's branches had, no commit is named again.
func TestOutgoingIsWhatArrives(t *testing.T) {
	for seed := range seeds() {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 9))
			f := newFixture(t)
			remote := f.in(filepath.Join(t.TempDir(), "remote"))
			f.git("init", "-q", "--bare", remote.dir)
			f.git("remote", "add", "origin", remote.dir)
			f.commit("first")
			for range 8 {
				f.change(rng)
				updates, specs := f.choose(rng, remote)
				before, branches := remote.everything(), lines(remote.git("rev-list", "--branches"))
				args, err := f.open().Outgoing(context.Background(), "origin", remote.dir, updates)
				if err != nil {
					t.Fatal(err)
				}
				if OnlyDelete(updates) {
					continue
				}
				named := lines(f.git(append([]string{"rev-list", "--objects", "--no-object-names"}, args...)...))
				for id := range named {
					if branches[id] {
						t.Errorf("%s is named, but a branch of the remote had it", id)
					}
				}
				f.git(append([]string{"push", "-q", "--force", "origin"}, specs...)...)
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
			f.git("checkout", "-q", "-B", name, f.some(rng, "rev-list", "--all"))
		case 1:
			f.git("tag", "-f", "-a", "-m", name, "t"+name, f.some(rng, "rev-list", "--all"))
		default:
			f.write("d/f"+fmt.Sprint(rng.IntN(5)), name)
			f.commit(name)
		}
	}
}

// some returns one of the lines that git prints.
func (f *fixture) some(rng *rand.Rand, args ...string) string {
	f.t.Helper()
	list := strings.Split(f.git(args...), "\n")
	return list[rng.IntN(len(list))]
}

// choose returns some refs to push, as git would hand them to the hook and as its
// command line has them: under their names, under another's, or to be deleted.
func (f *fixture) choose(rng *rand.Rand, remote *fixture) (updates []Update, specs []string) {
	f.t.Helper()
	there := make(map[string]string)
	for line := range strings.Lines(remote.git("for-each-ref", "--format=%(refname) %(objectname)")) {
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
		u := Update{Ref: ref, Old: zero, New: f.git("rev-parse", local)}
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
	f.t.Helper()
	return lines(f.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)"))
}

func lines(text string) map[string]bool {
	out := make(map[string]bool)
	for line := range strings.Lines(text) {
		out[strings.TrimSpace(line)] = true
	}
	return out
}
