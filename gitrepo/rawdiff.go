package gitrepo

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/keyguard/keyguard/internal/pack"
)

// change is a line in the raw format of git diff (git-diff-tree(1)).
type change struct {
	status           byte // A, M, T, D, U, R, C
	oldMode, newMode string
	old, new         pack.ID
	path             string
	from             string // the old path of a rename or copy
}

const gitlink = "160000" // mode of the commit of a submodule

// startDiff starts git diff between HEAD and the index.
func startDiff(ctx context.Context, dir string, args ...string) (*process, error) {
	// diff, unlike diff-index, accepts a HEAD without commits.
	return start(ctx, dir, nil, append([]string{"diff", "--cached", "--raw", "-z", "--no-abbrev", "--no-ext-diff", "--no-textconv",
		"--no-relative", "--ignore-submodules=none", "-O" + os.DevNull}, args...)...)
}

// changes calls f for each difference that git prints.
func (p *process) changes(f func(change) error) error {
	return p.finish(func(out io.Reader) error {
		in := bufio.NewReader(out)
		for {
			c, err := readChange(in)
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			if err := f(c); err != nil {
				return err
			}
		}
	})
}

// readChange reads ":oldmode newmode oldid newid status" NUL path NUL, and a second path
// for renames.
func readChange(in *bufio.Reader) (c change, err error) {
	head, err := in.ReadString(0)
	if err == io.EOF && head == "" {
		return c, io.EOF
	}
	if err != nil {
		return c, fmt.Errorf("git's list is truncated: %w", err)
	}
	fields := strings.Fields(strings.TrimSuffix(strings.TrimPrefix(head, ":"), "\x00"))
	if len(fields) != 5 {
		return c, fmt.Errorf("git's list has an unknown line %q", head)
	}
	c.oldMode, c.newMode, c.status = fields[0], fields[1], fields[4][0]
	if c.old, err = pack.ParseID(fields[2]); err != nil {
		return c, err
	}
	if c.new, err = pack.ParseID(fields[3]); err != nil {
		return c, err
	}
	if c.status == 'R' || c.status == 'C' {
		if c.from, err = readPath(in); err != nil {
			return c, err
		}
	}
	c.path, err = readPath(in)
	return c, err
}

func readPath(in *bufio.Reader) (string, error) {
	path, err := in.ReadString(0)
	if err != nil {
		return "", fmt.Errorf("git's list is truncated: %w", err)
	}
	return path[:len(path)-1], nil
}
