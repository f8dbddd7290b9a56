package ci_test

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/ci"
)

// FuzzBranch checks that a valid branch name is resolved as a full ref of the origin. Any
// other is not resolved, or git rejects it too.
func FuzzBranch(f *testing.F) {
	for _, name := range []string{"main", "feature/x", "-", "a..b", "a@{1}", "x^", "a:b", "héé", "\xff", "a b", "@", "HEAD", "*"} {
		f.Add(name)
	}
	if _, err := exec.LookPath("git"); err != nil {
		f.Skip("git is not installed")
	}
	f.Fuzz(func(t *testing.T, name string) {
		if strings.HasPrefix(name, "refs/heads/") || strings.Contains(name, "\x00") {
			t.Skip("a branch in full, or no variable")
		}
		set := map[string]string{"JENKINS_URL": "x", "CHANGE_ID": "1", "CHANGE_TARGET": name}
		j, err := ci.Detect(ci.Environment{Get: func(name string) string { return set[name] }})
		if err != nil {
			t.Fatal(err)
		}
		ref := "refs/remotes/origin/" + name
		isRef := exec.Command("git", "check-ref-format", ref).Run() == nil
		switch {
		case len(j.Starts) == 1 && j.Starts[0] != ref:
			t.Errorf("asks for %q", j.Starts[0])
		case len(j.Starts) == 0 && isRef && !strings.HasPrefix(name, "-"):
			t.Errorf("%q is a branch, and is not asked for", name)
		}
	})
}

// credulous is a clone that contains every commit.
type credulous struct{ *graph }

func (credulous) Resolve(context.Context, string) string { return id("c") }

// FuzzEvent checks that a plan contains only commit IDs for any event.
func FuzzEvent(f *testing.F) {
	for _, test := range jobs {
		f.Add(test.event, "push", "refs/heads/main")
	}
	f.Fuzz(func(t *testing.T, event, name, ref string) {
		env := environment("GITHUB_ACTIONS=true", event)
		get := env.Get
		env.Get = func(v string) string {
			switch v {
			case "GITHUB_EVENT_NAME":
				return name
			case "GITHUB_REF":
				return ref
			}
			return get(v)
		}
		j, err := ci.Detect(env)
		if err != nil {
			return
		}
		p, err := j.Plan(t.Context(), credulous{history()})
		if err != nil {
			if !errors.As(err, new(*ci.Error)) {
				t.Fatal(err)
			}
			return
		}
		for _, r := range append(p.Revisions, p.Config, p.Start) {
			if r = strings.TrimPrefix(r, "^"); r != "" && r != id("c") {
				t.Errorf("the plan holds %q", r)
			}
		}
	})
}
