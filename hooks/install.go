package hooks

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Options say what to install, or to uninstall, and where.
type Options struct {
	Dir       string // the hooks folder, as `git rev-parse --git-path hooks` says it
	Hook      Hook
	Role      Role   // of the shim; not used by Uninstall
	Binary    string // absolute path of keyguard; the shim tries it first, then PATH
	IfMissing MissingPolicy
	Force     bool // replace or remove a shim that somebody edited; never another's hook
	DryRun    bool // change nothing, but return the same Report
}

// Action is what was done to a hook.
type Action int

const (
	Unchanged    Action = iota // Install: it was as it should be
	Created                    // Install: there was no shim
	Updated                    // Install: there was a shim with other options, or of another version
	Removed                    // Uninstall: no hook is left
	Restored                   // Uninstall: the hook from before is back
	NotInstalled               // Uninstall: there was no shim, so nothing was done
)

// Report tells what Install or Uninstall did.
type Report struct {
	Path   string // of the hook
	Action Action
	// Before is the earlier hook: the one that the shim now runs first, the one
	// that was restored, or with NotInstalled a leftover beside another's hook.
	Before File
}

// Install writes the shim for a hook, and the folder if need be, and keeps a
// hook that is there under another name, to run first. Doing it twice is doing
// it once. A *Conflict is returned for files that it will not overwrite; after
// any error the hooks are as they were.
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
		return Report{}, fmt.Errorf("create hooks folder: %w", err)
	}
	lock, err := writeLock(r.Path, text)
	if err != nil {
		return Report{}, err
	}
	// Only now is nobody else installing: look again.
	if st, r, err = o.plan(text); err == nil {
		err = replace(r.Path, lock, st.Owner == Foreign)
	}
	if err != nil {
		os.Remove(lock)
		return Report{}, err
	}
	return r, nil
}

// look checks the options and returns the state of the hook, with an error if
// it is one that only Force may change.
func (o Options) currentState() (State, error) {
	if o.Dir == "" {
		return State{}, errors.New("no hooks folder given")
	}
	if _, err := ParseHook(string(o.Hook)); err != nil && !slices.Contains(PassedThrough(), o.Hook) {
		return State{}, err
	}
	st, err := Status(o.Dir, o.Hook)
	if err == nil && st.Owner == Edited && !o.Force {
		err = &Conflict{st.Hook.Path, "is keyguard's, but was edited",
			"move the changes into a hook of their own and delete this file, then try again"}
	}
	return st, err
}

// plan says what Install will do to make text the hook.
func (o Options) plan(text string) (State, Report, error) {
	st, err := o.currentState()
	if err != nil {
		return st, Report{}, err
	}
	r := Report{Path: filepath.Join(o.Dir, string(o.Hook)), Action: Created, Before: st.Before}
	switch {
	case st.Owner == Foreign && st.Before.Path != "":
		return st, Report{}, &Conflict{st.Before.Path, "is in the way, the hook that is there now would be kept under that name",
			"an earlier install kept it: merge the two, or remove the one that is not needed"}
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

// replace renames the finished file lock to path, and what is there to its name
// with the suffix if keep is set. Renaming moves links, not what they point to.
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

// writeLock writes text to a new file beside path, whose name it returns and
// which only one process can hold. Its mode is 0755 less the umask, as for the
// hooks that git itself writes.
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

// Uninstall removes the shim of a hook and puts back what was there before it,
// also when somebody else has removed the shim. It does nothing to a hook that
// is not keyguard's. Binary and IfMissing are not used. The folder stays, even
// if Install made it.
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
	case r.Action == Restored: // in one step, so that there is a hook at any time
		err = os.Rename(st.Before.Path, r.Path)
	case r.Action == Removed:
		err = os.Remove(r.Path)
	}
	if err != nil {
		return Report{}, fmt.Errorf("remove hook: %w", err)
	}
	return r, nil
}
