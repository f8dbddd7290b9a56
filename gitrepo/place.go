package gitrepo

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/keyguard/keyguard/internal/pack"
)

// Place is where a repository lies, found without asking git.
type Place struct {
	Top    string // of the work tree
	GitDir string // of this work tree; empty if it is not known
}

// Find returns the place of the repository that has dir in its work tree. It
// honours GIT_DIR and GIT_WORK_TREE as git does. It is not ok if there is none;
// then there are no files of a project.
func Find(dir string) (Place, bool) {
	gitDir := os.Getenv("GIT_DIR")
	if gitDir != "" {
		gitDir = absolute(dir, gitDir)
	}
	if top := os.Getenv("GIT_WORK_TREE"); top != "" {
		return Place{absolute(dir, top), gitDir}, true
	}
	if gitDir != "" && filepath.Base(gitDir) == ".git" || strings.Contains(filepath.ToSlash(gitDir), "/.git/") {
		return Place{dir, gitDir}, true // a hook runs at the top
	}
	for at := dir; gitDir == ""; at = filepath.Dir(at) {
		if bare(at) {
			return Place{}, false
		}
		if found, ok := gitDirOf(at); ok {
			return Place{at, found}, true
		}
		if at == filepath.Dir(at) {
			break
		}
	}
	return Place{}, false
}

// bare reports whether dir is itself a git folder.
func bare(dir string) bool {
	for _, name := range []string{"HEAD", "objects", "refs"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return false
		}
	}
	return true
}

// gitDirOf reads top/.git: a folder, or a file "gitdir: PATH" in linked work
// trees and submodules (gitrepository-layout(5)).
func gitDirOf(top string) (string, bool) {
	at := filepath.Join(top, ".git")
	info, err := os.Stat(at)
	if err != nil {
		return "", false
	}
	if info.IsDir() {
		return at, true
	}
	text, err := pack.ReadRegular(at)
	path, ok := strings.CutPrefix(strings.TrimSpace(string(text)), "gitdir: ")
	if err != nil || !ok {
		return "", false
	}
	return absolute(top, path), true
}
