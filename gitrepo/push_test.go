package gitrepo

import (
	"slices"
	"testing"
)

func TestTrackingRefs(t *testing.T) {
	settings := []Setting{
		{"remote.origin.url", "https://example.com/a.git"}, {"remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"},
		{"remote.fork.url", "https://example.com/b.git"}, {"remote.fork.pushurl", "git@example.com:b.git"},
		{"remote.fork/me.url", "https://example.com/c.git"},
		{"remote.with.dots.url", "/d"}, {"remote.twin.url", "/d"},
		{"remote.*.url", "/star"}, {"remote.pushdefault", "origin"},
	}
	for _, c := range []struct {
		name, remote, url string
		want              []string
	}{
		{"by its name", "origin", "https://example.com/a.git", []string{"--remotes=origin"}},
		{"by its URL", "https://example.com/a.git", "https://example.com/a.git", []string{"--remotes=origin"}},
		{"by its URL for pushes", "git@example.com:b.git", "git@example.com:b.git", []string{"--exclude=fork/me/*", "--remotes=fork"}},
		{"not what is below it", "fork", "", []string{"--exclude=fork/me/*", "--remotes=fork"}},
		{"below another", "fork/me", "", []string{"--remotes=fork/me"}},
		{"two of one URL", "with.dots", "/d", []string{"--remotes=twin", "--remotes=with.dots"}},
		{"unknown", "../elsewhere", "../elsewhere", nil},
		{"a name that git takes for a pattern", "*", "/star", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := trackingRefs(settings, c.remote, c.url); !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
