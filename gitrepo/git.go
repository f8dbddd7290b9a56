package gitrepo

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"
)

// ErrNoGit reports that there is no git program to ask.
var ErrNoGit = errors.New("git is not installed or not in PATH")

// command prepares git with args, to run in dir. Whatever a repository's
// configuration may name is off: no monitor, no replaced objects or grafted
// parents, no fetching of missing ones. The caller's GIT_ variables stay: a hook
// works by them.
func command(ctx context.Context, dir string, args ...string) *exec.Cmd {
	safe := []string{"--no-pager", "-c", "core.fsmonitor=false", "-c", "core.quotePath=true",
		"-c", "advice.graftFileDeprecated=false"} // that we name a graft file is not the user's doing
	cmd := exec.CommandContext(ctx, "git", append(safe, args...)...)
	bound(cmd)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(),
		"GIT_OPTIONAL_LOCKS=0",
		"GIT_NO_REPLACE_OBJECTS=1",
		"GIT_GRAFT_FILE="+os.DevNull,
		"GIT_NO_LAZY_FETCH=1",
		"GIT_ALLOW_PROTOCOL=none", // the same for git before 2.45
		"GIT_TERMINAL_PROMPT=0",
		"LC_ALL=C", // errors are recognised by their text
	)
	return cmd
}

// waitDelay is how long a child of git may keep its pipes open once git has ended.
const waitDelay = 500 * time.Millisecond

// bound lets the end of a command's context end its children too, and its own end the
// wait for its output.
func bound(cmd *exec.Cmd) {
	cmd.WaitDelay = waitDelay
	killGroup(cmd)
}

// output runs git and returns what it prints.
func output(ctx context.Context, dir string, args ...string) ([]byte, error) {
	var out bytes.Buffer
	err := stream(ctx, dir, func(r io.Reader) error {
		_, err := out.ReadFrom(r)
		return err
	}, args...)
	return out.Bytes(), err
}

// stream runs git and hands what it prints to read, as it comes. If read stops
// early, git is stopped.
func stream(ctx context.Context, dir string, read func(io.Reader) error, args ...string) error {
	return converse(ctx, dir, nil, read, args...)
}

// converse is stream with something on git's standard input.
func converse(ctx context.Context, dir string, in io.Reader, read func(io.Reader) error, args ...string) error {
	p, err := start(ctx, dir, in, args...)
	if err != nil {
		return err
	}
	return p.finish(read)
}

// process is a git that runs.
type process struct {
	caller context.Context
	cancel context.CancelFunc
	cmd    *exec.Cmd
	out    io.Reader
	stderr edges
	args   []string
}

// start runs git with in, if not nil, on its standard input. It must be finished.
func start(ctx context.Context, dir string, in io.Reader, args ...string) (*process, error) {
	p := &process{caller: ctx, args: args}
	ctx, p.cancel = context.WithCancel(ctx)
	p.cmd = command(ctx, dir, args...)
	p.cmd.Stdin = in
	p.cmd.Stderr = &p.stderr
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	switch {
	case err == nil:
		p.out = out
		// Git may be gone while a child of a wrapper still holds the other end.
		context.AfterFunc(ctx, func() { _ = out.Close() })
		return p, nil
	case errors.Is(err, exec.ErrNotFound):
		err = ErrNoGit
	default:
		err = fmt.Errorf("run git: %w", err)
	}
	p.cancel()
	return nil, err
}

// finish hands what git prints to read, and waits for its end.
func (p *process) finish(read func(io.Reader) error) error {
	defer p.cancel()
	readErr := read(p.out)
	if readErr != nil {
		p.cancel()
	}
	err := p.cmd.Wait()
	if errors.Is(err, exec.ErrWaitDelay) { // all of the output was read
		err = nil
	}
	switch {
	case errors.Is(readErr, errStop):
		return readErr
	case p.caller.Err() != nil: // which also cuts short what is read
		return &KilledError{verb(p.args), context.Cause(p.caller)}
	case readErr != nil:
		return readErr
	}
	if err != nil || strings.Contains(p.stderr.String(), unopened) {
		return gitError(p.args, p.stderr.String(), err)
	}
	return nil
}

// abandon stops git.
func (p *process) abandon() {
	p.cancel()
	_ = p.cmd.Wait()
}

// unopened is in what git says of a folder that it may not read, and then takes
// for an empty one.
const unopened = "could not open directory"

// Error is what git answered instead of an answer.
type Error struct {
	Verb    string // diff, ls-files, …
	Message string // git's own, without "fatal: "
}

// Error implements error.
func (e *Error) Error() string { return fmt.Sprintf("git %s: %s", e.Verb, e.Message) }

// Is makes git's word that there is no repository an ErrNotRepo.
func (e *Error) Is(target error) bool {
	return target == ErrNotRepo && strings.HasPrefix(e.Message, "not a git repository")
}

// KilledError reports a git process that was killed, as its context ended.
type KilledError struct {
	Verb  string // diff, ls-files, …
	Cause error  // of the context's end
}

// Error implements error.
func (e *KilledError) Error() string { return fmt.Sprintf("git %s was stopped: %v", e.Verb, e.Cause) }

// Unwrap returns the cause.
func (e *KilledError) Unwrap() error { return e.Cause }

// verb returns the verb among git's arguments.
func verb(args []string) string {
	for ; strings.HasPrefix(args[0], "-"); args = args[1:] {
		if args[0] == "-c" {
			args = args[1:]
		}
	}
	return args[0]
}

func gitError(args []string, stderr string, err error) error {
	msg := cause(stderr)
	if msg == "" {
		msg = err.Error()
	}
	return &Error{Verb: verb(args), Message: msg}
}

// cause returns the line of git's standard error that says why it failed: the last
// fatal one, else the first error, else the first line of another kind. It is empty if
// there are only hints, which say how to go on and may come before or after.
func cause(stderr string) string {
	var fatal, failure, other string
	lines := messages(stderr)
	for i, line := range lines {
		reason, isFatal := strings.CutPrefix(line, "fatal: ")
		switch {
		case isFatal && strings.HasSuffix(reason, ":"):
			fatal = strings.Join(append([]string{reason}, lines[i+1:]...), " ")
		case isFatal:
			fatal = reason
		case failure == "" && strings.HasPrefix(line, "error: "):
			failure = strings.TrimPrefix(line, "error: ")
		case other == "":
			other = strings.TrimPrefix(line, "warning: ")
		}
	}
	return cmp.Or(fatal, failure, other)
}

// messages returns git's lines, without color and without hints.
func messages(stderr string) (lines []string) {
	color := regexp.MustCompile(`\x1b\[[0-9;]*m`)
	for line := range strings.Lines(color.ReplaceAllString(stderr, "")) {
		line = strings.TrimSpace(line)
		if line != "" && line != "hint:" && !strings.HasPrefix(line, "hint: ") {
			lines = append(lines, line)
		}
	}
	return lines
}

// maxKept bounds what is kept of the first and of the last that a program writes.
const maxKept = 4 << 10

// limited keeps the first few KiB of what is written to it.
type limited struct{ bytes.Buffer }

func (l *limited) Write(p []byte) (int, error) {
	if room := maxKept - l.Len(); room > 0 {
		l.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// edges keeps the first and the last few KiB of what is written to it: many warnings
// may come before the cause.
type edges struct {
	first limited
	last  []byte // of what first has no room for
	cut   bool   // something between the two was dropped
}

func (e *edges) Write(p []byte) (int, error) {
	room := min(max(0, maxKept-e.first.Len()), len(p))
	_, _ = e.first.Write(p[:room])
	e.last = append(e.last, p[room:]...)
	if excess := len(e.last) - maxKept; excess > 0 {
		e.last, e.cut = e.last[excess:], true
	}
	return len(p), nil
}

// String returns the two as one text. A line that is cut in the middle may be in it.
func (e *edges) String() string { return e.first.String() + string(e.last) }
