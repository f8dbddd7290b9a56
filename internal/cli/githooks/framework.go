package githooks

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/scanrun"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
)

// framework is the hook name in .pre-commit-hooks.yaml: keyguard hook framework.
const framework = "framework"

// preCommitFramework scans the input that https://pre-commit.com selects by its variables
// and file names:
//
//   - with --from-ref and --to-ref, and before a push: the commits between
//   - at a commit: the staged changes
//   - with --all-files or --files: these files in full
//
// Only git's own variable distinguishes a commit from a run with --all-files. A manual
// run is recognized by files that are not staged.
func preCommitFramework(ctx context.Context, a *cli.App, names []string, timeout time.Duration) error {
	from, to := either(a, "PRE_COMMIT_FROM_REF", "PRE_COMMIT_SOURCE"), either(a, "PRE_COMMIT_TO_REF", "PRE_COMMIT_ORIGIN")
	if to == "" {
		to = a.Env("PRE_COMMIT_LOCAL_BRANCH") // the only variable of a first push
	}
	switch {
	case to != "":
		return betweenRefs(ctx, a, from, to, timeout)
	case a.Env("GIT_INDEX_FILE") == "" && len(names) > 0:
		staged, err := areStaged(ctx, names)
		if err != nil {
			return err
		}
		if !staged {
			return namedFiles(ctx, a, names, timeout)
		}
	}
	return scanStaged(ctx, a, report.CommitHook, timeout)
}

func either(a *cli.App, name, older string) string {
	if v := a.Env(name); v != "" {
		return v
	}
	return a.Env(older)
}

// betweenRefs scans the commits reachable from to, but not from from or, before a push,
// from remote-tracking refs.
func betweenRefs(ctx context.Context, a *cli.App, from, to string, timeout time.Duration) error {
	if strings.HasPrefix(from, "-") || strings.HasPrefix(to, "-") {
		return cli.WithHint(errors.New("invalid refs from pre-commit: "+from+" "+to), "see pre-commit run --help: --from-ref and --to-ref")
	}
	remote, url := a.Env("PRE_COMMIT_REMOTE_NAME"), a.Env("PRE_COMMIT_REMOTE_URL")
	f := forHook(report.PushHook, timeout)
	if remote == "" {
		f.Report = report.Options{Quiet: true}
	}
	f.History.Exact = func(ctx context.Context, repo *gitrepo.Repo) ([]string, error) {
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
	return scanrun.Scan(ctx, a, f)
}

// areStaged reports whether all the files, named from the root of the working tree, are
// staged.
func areStaged(ctx context.Context, names []string) (bool, error) {
	in, err := scanrun.OpenStaged(ctx)
	if err != nil {
		return false, err
	}
	defer in.Close()
	staged := make(map[string]bool)
	for blob, err := range in.Blobs.Blobs(ctx) {
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

// namedFiles scans files of the working tree.
func namedFiles(ctx context.Context, a *cli.App, names []string, timeout time.Duration) error {
	for i, name := range names {
		if name == "-" { // not standard input
			names[i] = "./-"
		}
	}
	f := forHook(report.NoHook, timeout)
	f.Report.Quiet = true
	f.Paths = names
	return scanrun.Scan(ctx, a, f)
}
