package githooks

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/keyguard/keyguard/hooks"
	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/project"
	"github.com/keyguard/keyguard/internal/cli/scanrun"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/source"
)

// scanMessage scans the message of a commit in progress.
func scanMessage(ctx context.Context, a *cli.App, hook hooks.Hook, args []string, timeout time.Duration) error {
	if len(args) == 0 {
		return cli.WithHint(fmt.Errorf("the %s hook was not given the file of the message", hook), "pass on the hook's arguments: keyguard hook "+string(hook)+` "$@"`)
	}
	text, err := os.ReadFile(args[0])
	if err != nil {
		return fmt.Errorf("read the commit message: %w", err)
	}
	if a.Env("GIT_EDITOR") != ":" { // git opens no editor
		e, err := editorHabits(ctx)
		if err != nil {
			return err
		}
		text = e.kept(text)
	}
	f := forHook(report.MessageHook, timeout)
	f.Message = source.Stream{Name: filepath.ToSlash(args[0]), R: bytes.NewReader(text)}
	return scanrun.Scan(ctx, a, f)
}

// editing holds the settings by which git removes parts of an edited message. The options
// of git commit can override them, but a hook does not receive these.
type editing struct {
	comment string // comment prefix; "auto": chosen by git
	cleanup string // commit.cleanup
}

func editorHabits(ctx context.Context) (editing, error) {
	e := editing{"#", "default"}
	repo, err := project.OpenRepo(ctx)
	if err != nil {
		return e, err
	}
	defer func() { _ = repo.Close() }()
	settings, err := repo.SettingList(ctx, "core|commit")
	for _, s := range settings {
		switch s.Key {
		case "core.commentchar", "core.commentstring":
			e.comment = s.Value
		case "commit.cleanup":
			e.cleanup = s.Value
		}
	}
	return e, err
}

// scissors is the line, after a comment prefix, below which git commit --verbose writes
// the diff.
const scissors = "------------------------ >8 ------------------------"

// kept returns the message without the parts that git removes, with the same line
// numbers. With an automatic comment character, it keeps all comments.
func (e editing) kept(text []byte) []byte {
	strip := (e.cleanup == "default" || e.cleanup == "strip") && e.comment != "auto" && e.comment != ""
	var out bytes.Buffer
	for line := range bytes.Lines(text) {
		s := strings.TrimRight(string(line), "\r\n")
		if comment, ok := strings.CutSuffix(s, " "+scissors); ok && (comment == e.comment || e.comment == "auto" && len(comment) == 1) {
			break
		}
		if strip && strings.HasPrefix(s, e.comment) {
			out.WriteByte('\n')
			continue
		}
		out.Write(line)
	}
	return out.Bytes()
}
