package pack

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// maxNesting is the depth to which alternates of alternates are followed, as in git.
const maxNesting = 5

var errNesting = errors.New("alternates nested too deep")

// alternates collects object directories.
type alternates struct {
	dirs     []string
	seen     []fs.FileInfo
	problems *problems
}

// follow adds dir and its alternates, unless dir is listed already. A missing directory
// is recorded as a problem, because objects may be missing.
func (a *alternates) follow(dir string, depth int) {
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		err = errors.New("not a directory")
	}
	if err == nil && depth > maxNesting {
		err = errNesting
	}
	if err != nil {
		a.problems.add(dir, fmt.Errorf("alternate object directory: %w", err))
		return
	}
	for _, s := range a.seen {
		if os.SameFile(s, info) {
			return
		}
	}
	a.seen = append(a.seen, info)
	a.dirs = append(a.dirs, dir)
	for _, next := range a.list(dir) {
		a.follow(next, depth+1)
	}
}

// list reads objects/info/alternates: one path per line, relative to dir and possibly
// quoted as in C, or a comment.
func (a *alternates) list(dir string) (dirs []string) {
	path := filepath.Join(dir, "info", "alternates")
	text, err := ReadRegular(path)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			a.problems.add(path, err)
		}
		return nil
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		line := lines.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		if unquoted, err := strconv.Unquote(line); err == nil && line[0] == '"' {
			line = unquoted
		}
		if !filepath.IsAbs(line) {
			line = filepath.Join(dir, line)
		}
		dirs = append(dirs, line)
	}
	return dirs
}
