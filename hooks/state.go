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

// Owner is the origin of a hook file.
type Owner int

const (
	None    Owner = iota // the hook does not exist
	Ours                 // an unedited shim of any version
	Edited               // an edited shim
	Foreign              // anything else, symbolic links included
)

// File is a hook file, or one that was a hook.
type File struct {
	Path string // empty if the file does not exist
	Runs bool   // it is executable; otherwise neither git nor the shim runs it
	// ReadsName is set if the hook seems to read its own file name, as programs do that
	// serve several hooks. Under another name it may do nothing.
	ReadsName bool
	Mentions  bool // it mentions keyguard outside of comments

	link bool
	text string // the first maxRead bytes
}

// State describes one hook of a repository.
type State struct {
	Owner Owner
	Hook  File

	// Before is the earlier hook that the shim runs first, if any. If the owner is not
	// Ours or Edited, nothing runs it.
	Before File

	// The content of a shim (Ours, Edited). Its checksum is not a signature: only a
	// Current shim is known to do nothing else.
	Current   bool // this version would write the same shim
	Version   int  // of the shim, from 1
	Role      Role
	Binary    string // where keyguard was at install, with forward slashes
	IfMissing MissingPolicy
}

// Status returns the state of hook h in the hooks directory dir. A directory that does
// not exist has no hooks; an error means that a file could not be read.
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

// readFile reads the hook file at path, through a symbolic link. It returns the zero File
// if the file does not exist, an empty one for a dangling link, and a *Conflict for
// directories, pipes and the like.
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
		return File{}, &Conflict{path, "is not a file", "move it away; git cannot run it as a hook"}
	}
	if f.text, err = readStart(path); err != nil {
		return File{}, fmt.Errorf("read hook: %w", err)
	}
	// Windows has no such bit; git uses the first line there.
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

// Conflict reports a file that keyguard does not change.
type Conflict struct {
	Path   string
	Reason string // continues the path: "is not a file"
	hint   string
}

// Error returns the conflict in one line.
func (c *Conflict) Error() string { return c.Path + " " + c.Reason }

// Hint returns the steps that resolve the conflict.
func (c *Conflict) Hint() string { return c.hint }
