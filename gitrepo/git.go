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

// ErrNoGit reports that the git program is not available.
var ErrNoGit = errors.New("git is not installed or not in PATH")

// command returns a git command that runs in dir. It disables everything that a
// repository's configuration can request: file system monitors, replaced objects, grafted
// parents, and fetching of missing objects. The caller's GIT_ variables stay, because
// hooks depend on them.
func command(ctx context.Context, dir string, args ...string) *exec.Cmd {
	safe := []string{"--no-pager", "-c", "core.fsmonitor=false", "-c", "core.quotePath=true",
		"-c", "advice.graftFileDeprecated=false"} // GIT_GRAFT_FILE below causes it
	cmd := exec.CommandContext(ctx, "git", append(safe, args...)...)
	killOnCancel(cmd)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(),
		"GIT_OPTIONAL_LOCKS=0",
		"GIT_NO_REPLACE_OBJECTS=1",
		"GIT_GRAFT_FILE="+os.DevNull,
		"GIT_NO_LAZY_FETCH=1",
		"GIT_ALLOW_PROTOCOL=none", // replaces GIT_NO_LAZY_FETCH before git 2.45
		"GIT_TERMINAL_PROMPT=0",
		"LC_ALL=C", // errors are recognized by their text
	)
	return cmd
}

// waitDelay is the time that a child of git may keep its pipes open after git has exited.
const waitDelay = 500 * time.Millisecond

// killOnCancel makes the end of the context kill the children of cmd too, and limits the
// wait for output after cmd has exited.
func killOnCancel(cmd *exec.Cmd) {
	cmd.WaitDelay = waitDelay
	killGroup(cmd)
}

// output runs git and returns its standard output.
func output(ctx context.Context, dir string, args ...string) ([]byte, error) {
	var out bytes.Buffer
	err := stream(ctx, dir, func(r io.Reader) error {
		_, err := out.ReadFrom(r)
		return err
	}, args...)
	return out.Bytes(), err
}

// stream runs git and calls read with its standard output while git runs. If read returns
// an error, git is killed.
func stream(ctx context.Context, dir string, read func(io.Reader) error, args ...string) error {
	return streamWith(ctx, dir, nil, read, args...)
}

// streamWith is stream with standard input.
func streamWith(ctx context.Context, dir string, in io.Reader, read func(io.Reader) error, args ...string) error {
	p, err := start(ctx, dir, in, args...)
	if err != nil {
		return err
	}
	return p.finish(read)
}

// process is a running git.
type process struct {
	caller context.Context
	cancel context.CancelFunc
	cmd    *exec.Cmd
	out    io.Reader
	stderr headAndTail
	args   []string
}

// start starts git with standard input in, which may be nil. The caller must call finish
// or stop.
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
		// Git may have exited while a child of a wrapper keeps the pipe open.
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

// finish calls read with the output of git, and waits until git exits.
func (p *process) finish(read func(io.Reader) error) error {
	defer p.cancel()
	readErr := read(p.out)
	if readErr != nil {
		p.cancel()
	}
	err := p.cmd.Wait()
	if errors.Is(err, exec.ErrWaitDelay) { // the output is complete
		err = nil
	}
	switch {
	case errors.Is(readErr, errStop):
		return readErr
	case p.caller.Err() != nil: // which also truncates the output
		return &KilledError{subcommand(p.args), context.Cause(p.caller)}
	case readErr != nil:
		return readErr
	}
	if err != nil || strings.Contains(p.stderr.String(), unreadableDir) {
		return gitError(p.args, p.stderr.String(), err)
	}
	return nil
}

// stop kills git.
func (p *process) stop() {
	p.cancel()
	_ = p.cmd.Wait()
}

// unreadableDir is part of the warning for a directory that git cannot read and treats as
// empty.
const unreadableDir = "could not open directory"

// Error reports that git failed.
type Error struct {
	Command string // diff, ls-files, …
	Message string // without "fatal: "
}

// Error implements error.
func (e *Error) Error() string { return fmt.Sprintf("git %s: %s", e.Command, e.Message) }

// Is reports whether target is ErrNotRepo and the message says so.
func (e *Error) Is(target error) bool {
	return target == ErrNotRepo && strings.HasPrefix(e.Message, "not a git repository")
}

// KilledError reports a git process that was killed because its context ended.
type KilledError struct {
	Command string // diff, ls-files, …
	Cause   error  // of the context
}

// Error implements error.
func (e *KilledError) Error() string {
	return fmt.Sprintf("git %s was stopped: %v", e.Command, e.Cause)
}

// Unwrap returns the cause.
func (e *KilledError) Unwrap() error { return e.Cause }

// subcommand returns the command among git's arguments, such as diff.
func subcommand(args []string) string {
	for ; strings.HasPrefix(args[0], "-"); args = args[1:] {
		if args[0] == "-c" {
			args = args[1:]
		}
	}
	return args[0]
}

func gitError(args []string, stderr string, err error) error {
	msg := failure(stderr)
	if msg == "" {
		msg = err.Error()
	}
	return &Error{Command: subcommand(args), Message: msg}
}

// failure returns the reason in git's standard error: the last fatal line, or the first
// error, or the first other line. It is empty if there are only hints, which may come
// before or after.
func failure(stderr string) string {
	var fatal, failure, other string
	lines := messageLines(stderr)
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

// messageLines returns the lines of standard error without colors and hints.
func messageLines(stderr string) (lines []string) {
	color := regexp.MustCompile(`\x1b\[[0-9;]*m`)
	for line := range strings.Lines(color.ReplaceAllString(stderr, "")) {
		line = strings.TrimSpace(line)
		if line != "" && line != "hint:" && !strings.HasPrefix(line, "hint: ") {
			lines = append(lines, line)
		}
	}
	return lines
}

// maxOutput is the number of bytes kept of the beginning and of the end of a text.
const maxOutput = 4 << 10

// headWriter keeps the first maxOutput bytes.
type headWriter struct{ bytes.Buffer }

func (l *headWriter) Write(p []byte) (int, error) {
	if room := maxOutput - l.Len(); room > 0 {
		l.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// headAndTail keeps the first and the last maxOutput bytes, because many warnings may
// precede the reason of a failure.
type headAndTail struct {
	first     headWriter
	last      []byte // bytes after first
	truncated bool   // bytes between the two were dropped
}

func (e *headAndTail) Write(p []byte) (int, error) {
	room := min(max(0, maxOutput-e.first.Len()), len(p))
	_, _ = e.first.Write(p[:room])
	e.last = append(e.last, p[room:]...)
	if excess := len(e.last) - maxOutput; excess > 0 {
		e.last, e.truncated = e.last[excess:], true
	}
	return len(p), nil
}

// String returns both parts. They may include a truncated line.
func (e *headAndTail) String() string { return e.first.String() + string(e.last) }

// ErrNotRepo reports a directory outside of git repositories.
var ErrNotRepo = errors.New("not a git repository")

var errStop = errors.New("stop")

// Version returns the version of git, such as 2.47.3.
func Version(ctx context.Context) (string, error) {
	out, err := output(ctx, "", "version")
	return strings.TrimSpace(strings.TrimPrefix(string(out), "git version ")), err
}
