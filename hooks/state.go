package hooks

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Owner tells whose a hook file is.
type Owner int

const (
	None    Owner = iota // there is no such hook
	Ours                 // a shim as keyguard writes it, of this version or another
	Edited               // a shim that somebody changed
	Foreign              // anything else, symbolic links included
)

// File is a hook file, or one that was a hook.
type File struct {
	Path string // empty if there is no such file
	Runs bool   // it is executable; git does not run it otherwise, nor does the shim
	// ReadsName says that it seems to look at its own file name, as programs do
	// that serve several hooks. Kept under another name it may do nothing: warn.
	ReadsName bool
	Mentions  bool // keyguard, outside of comments

	link bool
	text string // the first maxRead bytes
}

// State describes one hook of a repository.
type State struct {
	Owner Owner
	Hook  File

	// Before is the earlier hook that the shim runs first, if any. With another
	// owner than Ours or Edited it is a leftover that nothing runs.
	Before File

	// Of a shim (Ours, Edited), what its text says. Its sum is no signature: only
	// one that is Current is known to do nothing else.
	Current   bool // this version would write the same
	Version   int  // of the shim, from 1
	Role      Role
	Binary    string // where keyguard was at install, with forward slashes
	IfMissing MissingPolicy
}

// Status looks at hook h in the hooks folder dir. A folder that does not exist
// has no hooks; an error means that something could not be read.
func Status(dir string, h Hook) (State, error) {
	path := filepath.Join(dir, string(h))
	hook, err := readFile(path)
	if err != nil {
		return State{}, err
	}
	before, err := readFile(path + keptSuffix)
	if err != nil {
		return State{}, err
	}
	st := State{Hook: hook, Before: before}
	if hook.Path == "" {
		return st, nil
	}
	s, ok := parseShim(hook.text)
	switch {
	case !ok || hook.link:
		st.Owner = Foreign
		return st, nil
	case s.edited:
		st.Owner = Edited
	default:
		st.Owner = Ours
	}
	st.Version, st.Role, st.Binary, st.IfMissing = s.version, s.role, s.binary, s.missing
	st.Current = shim{hook: h, role: s.role, binary: s.binary, missing: s.missing}.render() == hook.text
	return st, nil
}

// readFile looks at the hook file at path, through a symbolic link if it is one.
// The zero File means that there is none, a dangling link is an empty one, and
// what is no file (a folder, a pipe) a *Conflict.
func readFile(path string) (File, error) {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return File{}, nil
	} else if err != nil {
		return File{}, fmt.Errorf("read hook: %w", err)
	}
	f := File{Path: path, link: info.Mode()&fs.ModeSymlink != 0}
	if f.link {
		if info, err = os.Stat(path); err != nil {
			return f, nil
		}
	}
	if !info.Mode().IsRegular() {
		return File{}, &Conflict{path, "is not a file", "move it away, git cannot run it as a hook"}
	}
	if f.text, err = readStart(path); err != nil {
		return File{}, fmt.Errorf("read hook: %w", err)
	}
	// Windows keeps no such bit: there git goes by the first line.
	f.Runs = info.Mode()&0o111 != 0 || runtime.GOOS == "windows"
	f.Mentions = strings.Contains(withoutComments(f.text), "keyguard")
	f.ReadsName = strings.Contains(f.text, "basename") || strings.Contains(f.text, "${0##*/}")
	return f, nil
}

func readStart(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxHookSize))
	return string(text), err
}

// Conflict is the error for a file in the way that keyguard will not touch.
type Conflict struct {
	Path   string
	Reason string // continues the path: "is not a file"
	hint   string
}

// Error says what is in the way, in one line.
func (c *Conflict) Error() string { return c.Path + " " + c.Reason }

// Hint says what to do about it.
func (c *Conflict) Hint() string { return c.hint }
