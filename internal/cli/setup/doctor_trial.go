package setup

import (
	"context"
	"strings"
	"time"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/cli/project"
	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

// trialName is the file that a trial stages.
const trialName = "keyguard-doctor-trial"

// trial stages a fake key in a temporary index and runs a hook on it.
func (c *diagnosis) trial(ctx context.Context, run func(*gitrepo.Trial) (gitrepo.Verdict, error)) {
	text, id, err := fakeKey()
	if err != nil {
		c.unsure("trial", err)
		return
	}
	t, err := c.repo.Stage(ctx, trialName, text)
	if err != nil {
		c.unsure("trial", err)
		return
	}
	defer func() { _ = t.Close() }()
	root := &project.Root{GitDir: c.repo.GitDir}
	defer root.KeepLast()()
	start := time.Now()
	v, err := run(t)
	first, _, _ := strings.Cut(strings.TrimSpace(v.Output), "\n")
	switch {
	case err != nil:
		c.unsure("trial", err)
	case v.Code == 0:
		c.add("trial", fail, "check disabled rules with keyguard config show, or reinstall the hook with keyguard install", "the hook did not block a fake key")
	case !strings.Contains(v.Output, id):
		c.add("trial", unknown, "fix the cause: the hook blocks every commit", "the hook exited with %d before it found the fake key: %s", v.Code, scanner.MaskRandom(report.Printable(first)))
	default:
		c.add("trial", well, "", "the hook blocked a fake key in a temporary index in %s", time.Since(start).Round(time.Millisecond))
	}
}

// fakeKey returns text with a fake key pair, and its ID. Each call returns another key,
// because a known one could be allowed.
func fakeKey() (text []byte, id string, err error) {
	set, err := patterns.Builtin()
	if err != nil {
		return nil, "", err
	}
	s := scanner.New(set, scanner.Options{Jobs: 1})
	for seed := uint64(time.Now().UnixNano()); ; seed++ {
		e := synth.New(seed)
		text, err := e.Expand("aws_access_key_id = {{akia#id}}\naws_secret_access_key = {{secret}}\n")
		if err != nil {
			return nil, "", err
		}
		id, _ := e.Named("id")
		if found := s.ScanBytes([]byte(text)); len(found) == 1 && found[0].KeyID == id {
			return []byte(text), id, nil
		}
	}
}
