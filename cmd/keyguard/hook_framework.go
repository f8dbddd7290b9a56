package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

// framework is the verb that .pre-commit-hooks.yaml calls: keyguard hook framework.
const framework = "framework"

// preCommitFramework does what https://pre-commit.com asks for by its variables and
// by the names of files, which have different meanings:
//
//   - with --from-ref and --to-ref, and before a push: scan the commits between;
//   - at a commit: scan what is staged, which is what the names say, too;
//   - with --all-files or --files: scan these files whole.
//
// Nothing tells a run of all files from one at a commit but git's own variable,
// and for a run by hand that files are named which are not staged.
func (a *app) preCommitFramework(ctx context.Context, names []string, timeout time.Duration) error {
	from, to := a.either("PRE_COMMIT_FROM_REF", "PRE_COMMIT_SOURCE"), a.either("PRE_COMMIT_TO_REF", "PRE_COMMIT_ORIGIN")
	if to == "" {
		to = a.env("PRE_COMMIT_LOCAL_BRANCH") // a first push has only that
	}
	switch {
	case to != "":
		return a.betweenRefs(ctx, from, to, timeout)
	case a.env("GIT_INDEX_FILE") == "" && len(names) > 0:
		staged, err := areStaged(ctx, names)
		if err != nil {
			return err
		}
		if !staged {
			return a.namedFiles(ctx, names, timeout)
		}
	}
	return a.staged(ctx, report.CommitHook, timeout)
}

func (a *app) either(name, older string) string {
	if v := a.env(name); v != "" {
		return v
	}
	return a.env(older)
}

// betweenRefs scans what to reaches and from does not, nor, before a push, the
// remote-tracking refs.
func (a *app) betweenRefs(ctx context.Context, from, to string, timeout time.Duration) error {
	if strings.HasPrefix(from, "-") || strings.HasPrefix(to, "-") {
		return &hinted{errors.New("pre-commit hands over refs that are none: " + from + " " + to), "see pre-commit run --help: --from-ref and --to-ref"}
	}
	remote, url := a.env("PRE_COMMIT_REMOTE_NAME"), a.env("PRE_COMMIT_REMOTE_URL")
	f := forHook(report.PushHook, timeout)
	if remote == "" {
		f.report = report.Options{Quiet: true}
	}
	f.history.exact = func(ctx context.Context, repo *gitrepo.Repo) ([]string, error) {
		args := []string{to}
		if from != "" {
			args = append(args, "^"+from)
		}
		if remote == "" {
			return args, nil
		}
		has, err := repo.Tracked(ctx, remote, url)
		return append(args, has...), err
	}
	return a.scan(ctx, f)
}

// areStaged reports whether all the names, from the top of the work tree, are those
// of files that are staged.
func areStaged(ctx context.Context, names []string) (bool, error) {
	in, err := openStaged(ctx)
	if err != nil {
		return false, err
	}
	defer in.close()
	staged := make(map[string]bool)
	for blob, err := range in.blobs.Blobs(ctx) {
		switch {
		case blob != nil:
			staged[blob.Origin.Path] = true
		case !errors.As(err, new(*scanner.Skipped)):
			return false, err
		}
	}
	for _, name := range names {
		if !staged[name] {
			return false, nil
		}
	}
	return true, nil
}

// namedFiles scans files of the work tree.
func (a *app) namedFiles(ctx context.Context, names []string, timeout time.Duration) error {
	for i, name := range names {
		if name == "-" { // which would be standard input
			names[i] = "./-"
		}
	}
	f := forHook(report.NoHook, timeout)
	f.report.Quiet = true
	f.paths = names
	return a.scan(ctx, f)
}
