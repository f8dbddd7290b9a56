package hooks

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Options are the settings of Install and Uninstall.
type Options struct {
	Dir       string // hooks directory, from `git rev-parse --git-path hooks`
	Hook      Hook
	Role      Role   // role of the shim; unused by Uninstall
	Binary    string // absolute path of keyguard; the shim tries it first, then PATH
	IfMissing MissingPolicy
	Force     bool // replace or remove an edited shim, but never another hook
	DryRun    bool // change nothing and return the same Report
}

// Action is a change of a hook.
type Action int

const (
	Unchanged    Action = iota // Install: the shim was up to date
	Created                    // Install: no shim existed
	Updated                    // Install: the shim had other options or another version
	Removed                    // Uninstall: no hook remains
	Restored                   // Uninstall: the earlier hook was restored
	NotInstalled               // Uninstall: no shim existed; nothing was changed
)

// Report is the result of Install or Uninstall.
type Report struct {
	Path   string // path of the hook
	Action Action
	// Before is the earlier hook: the one that the shim now runs first, the one that was
	// restored, or with NotInstalled one that nothing runs.
	Before File
}

// Install writes the shim for a hook, and creates the directory if needed. It keeps an
// existing hook under another name, to run first. Installing twice changes nothing.
// Install returns a *Conflict for files that it does not overwrite; after any error the
// hooks are unchanged.
func Install(o Options) (Report, error) {
	if o.Role != PassOn && !filepath.IsAbs(o.Binary) {
		return Report{}, fmt.Errorf("path of keyguard %q is not absolute", o.Binary)
	}
	text := shim{hook: o.Hook, role: o.Role, binary: filepath.ToSlash(o.Binary), missing: o.IfMissing}.render()
	st, r, err := o.plan(text)
	if err != nil || o.DryRun || r.Action == Unchanged {
		return r, err
	}
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return Report{}, fmt.Errorf("create hooks directory: %w", err)
	}
	lock, err := writeLock(r.Path, text)
	if err != nil {
		return Report{}, err
	}
	// Now that this process has the lock, check the state again.
	if st, r, err = o.plan(text); err == nil {
		err = replace(r.Path, lock, st.Owner == Foreign)
	}
	if err != nil {
		os.Remove(lock)
		return Report{}, err
	}
	return r, nil
}

// currentState checks the options and returns the state of the hook, with an error if
// only Force may change it.
func (o Options) currentState() (State, error) {
	if o.Dir == "" {
		return State{}, errors.New("missing hooks directory")
	}
	if _, err := ParseHook(string(o.Hook)); err != nil && !slices.Contains(PassedThrough(), o.Hook) {
		return State{}, err
	}
	st, err := Status(o.Dir, o.Hook)
	if err == nil && st.Owner == Edited && !o.Force {
		err = &Conflict{st.Hook.Path, "is an edited shim of keyguard",
			"move the changes into a hook of their own and delete this file, then try again"}
	}
	return st, err
}

// plan returns the change that makes text the hook.
func (o Options) plan(text string) (State, Report, error) {
	st, err := o.currentState()
	if err != nil {
		return st, Report{}, err
	}
	r := Report{Path: filepath.Join(o.Dir, string(o.Hook)), Action: Created, Before: st.Before}
	switch {
	case st.Owner == Foreign && st.Before.Path != "":
		return st, Report{}, &Conflict{st.Before.Path, "already exists, and the current hook would be kept under that name",
			"it is from an earlier install: merge the two hooks, or remove one"}
	case st.Owner == Foreign:
		r.Before = st.Hook
		r.Before.Path += keptSuffix
	case st.Owner != None && st.Hook.text == text && st.Hook.Runs:
		r.Action = Unchanged
	case st.Owner != None:
		r.Action = Updated
	}
	return st, r, nil
}

// replace renames the complete file lock to path. If keep is set, it first renames the
// file at path to its name with keptSuffix. Renaming moves symbolic links, not their
// targets.
func replace(path, lock string, keep bool) error {
	if keep {
		if err := os.Rename(path, path+keptSuffix); err != nil {
			return fmt.Errorf("keep hook: %w", err)
		}
	}
	err := os.Rename(lock, path)
	if err == nil {
		return nil
	}
	if keep {
		err = errors.Join(err, os.Rename(path+keptSuffix, path))
	}
	return fmt.Errorf("write hook: %w", err)
}

// writeLock writes text to a new file beside path and returns its name. Only one process
// can create it. Its mode is 0755 less the umask, as for git's own hooks.
func writeLock(path, text string) (string, error) {
	lock := path + ".keyguard-lock"
	f, err := os.OpenFile(lock, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if errors.Is(err, fs.ErrExist) {
		return "", &Conflict{lock, "exists", "another keyguard is changing this hook; if none is, remove that file"}
	} else if err != nil {
		return "", fmt.Errorf("write hook: %w", err)
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(lock)
		return "", fmt.Errorf("write hook: %w", err)
	}
	return lock, nil
}

// Uninstall removes the shim of a hook and restores the earlier hook, even if the shim
// was already removed. It does not change other hooks. Binary and IfMissing are unused.
// The directory stays, even if Install created it.
func Uninstall(o Options) (Report, error) {
	st, err := o.currentState()
	if err != nil {
		return Report{}, err
	}
	r := Report{Path: filepath.Join(o.Dir, string(o.Hook)), Action: Removed, Before: st.Before}
	switch {
	case st.Owner == Foreign, st.Owner == None && st.Before.Path == "":
		r.Action = NotInstalled
	case st.Before.Path != "":
		r.Action = Restored
	}
	switch {
	case o.DryRun:
	case r.Action == Restored: // in one step, so that a hook exists at all times
		err = os.Rename(st.Before.Path, r.Path)
	case r.Action == Removed:
		err = os.Remove(r.Path)
	}
	if err != nil {
		return Report{}, fmt.Errorf("remove hook: %w", err)
	}
	return r, nil
}
