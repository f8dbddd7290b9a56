package hooks

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// AddLine adds the Snippet of a manager to its file of commands for a hook, as in Husky.
// It comes first, as another command may end the script. A file that already runs
// keyguard is unchanged; a missing one is created.
func (m Manager) AddLine(dryRun bool) (Action, error) {
	old, err := readScript(m.Config)
	if err != nil {
		return Unchanged, err
	}
	switch {
	case slices.ContainsFunc(lines(old), isAddedLine):
		return Unchanged, nil
	case !isShell(old):
		return Unchanged, &Conflict{m.Config, "is not a sh script", "make it run this command first: " + exampleCommand}
	}
	action, at := Updated, preamble(old)
	text := old[:at] + m.Snippet + old[at:]
	if old == "" {
		action, text = Created, m.Snippet
	}
	if dryRun {
		return action, nil
	}
	return action, writeScript(m.Config, text)
}

// IfMissing returns the manager with a Snippet for a policy.
func (m Manager) IfMissing(h Hook, p MissingPolicy) Manager {
	m.Snippet = strings.Replace(m.Snippet, command(h, Block), command(h, p), 1)
	return m
}

// RemoveLine removes the line of AddLine, and the file if it has no other commands.
func (m Manager) RemoveLine(dryRun bool) (Action, error) {
	old, err := readScript(m.Config)
	if err != nil {
		return NotInstalled, err
	}
	rest := strings.Join(slices.DeleteFunc(lines(old), isAddedLine), "")
	switch {
	case rest == old:
		return NotInstalled, nil
	case dryRun:
	case rest == "" || rest == shebang:
		return Removed, os.Remove(m.Config)
	default:
		return Restored, writeScript(m.Config, rest)
	}
	return Restored, nil
}

// isShell reports whether a script is for sh or a compatible shell, by its first line.
// git runs a script without a #! line with sh.
func isShell(text string) bool {
	line, _, _ := strings.Cut(text, "\n")
	program, ok := strings.CutPrefix(line, "#!")
	if !ok {
		return !strings.Contains(text, "\x00") // a program
	}
	for _, word := range strings.Fields(program) {
		if name := path.Base(word); name != "env" && !strings.HasPrefix(word, "-") && !strings.Contains(word, "=") {
			return slices.Contains([]string{"sh", "bash", "dash", "ash", "ksh", "zsh"}, name)
		}
	}
	return true
}

func lines(text string) []string { return slices.Collect(strings.Lines(text)) }

// isAddedLine reports whether AddLine writes this line of a script.
func isAddedLine(line string) bool {
	line = strings.TrimSpace(line)
	for _, h := range All() {
		if line == strings.TrimSpace(command(h, Block)) || line == strings.TrimSpace(command(h, Allow)) {
			return true
		}
	}
	return false
}

// preamble returns the offset of a script's first command: after the #! line and the line
// that starts Husky before version 9.
func preamble(text string) (end int) {
	at := 0
	for _, line := range lines(text) {
		at += len(line)
		if end == 0 && strings.HasPrefix(line, "#!") || strings.Contains(line, "husky.sh") {
			if !strings.HasSuffix(line, "\n") {
				return 0
			}
			end = at
		}
	}
	return end
}

func readScript(path string) (string, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("read hook: %w", err)
	case !info.Mode().IsRegular():
		return "", &Conflict{path, "is not a file", "add the line to it by hand: " + exampleCommand}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read hook: %w", err)
	}
	return string(text), nil
}

// writeScript replaces a script and keeps its mode, or creates it and its directory.
func writeScript(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("create hooks directory: %w", err)
	}
	lock, err := writeLock(path, text)
	if err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil {
		err = os.Chmod(lock, info.Mode().Perm())
		if err != nil {
			os.Remove(lock)
			return fmt.Errorf("write hook: %w", err)
		}
	}
	if err := os.Rename(lock, path); err != nil {
		os.Remove(lock)
		return fmt.Errorf("write hook: %w", err)
	}
	return nil
}
