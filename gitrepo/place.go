package gitrepo

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/keyguard/keyguard/internal/pack"
)

// Place is the location of a repository, found without git.
type Place struct {
	Top    string // of the working tree
	GitDir string // of this working tree; empty if unknown
}

// Find returns the repository whose working tree contains dir. Like git, it honors
// GIT_DIR and GIT_WORK_TREE. It returns false if dir is not in a working tree.
func Find(dir string) (Place, bool) {
	gitDir := os.Getenv("GIT_DIR")
	if gitDir != "" {
		gitDir = absolute(dir, gitDir)
	}
	if top := os.Getenv("GIT_WORK_TREE"); top != "" {
		return Place{absolute(dir, top), gitDir}, true
	}
	if gitDir != "" && filepath.Base(gitDir) == ".git" || strings.Contains(filepath.ToSlash(gitDir), "/.git/") {
		return Place{dir, gitDir}, true // hooks run at the top
	}
	for at := dir; gitDir == ""; at = filepath.Dir(at) {
		if isGitDir(at) {
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

// isGitDir reports whether dir is itself a git directory.
func isGitDir(dir string) bool {
	for _, name := range []string{"HEAD", "objects", "refs"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return false
		}
	}
	return true
}

// gitDirOf reads top/.git: a directory, or a file "gitdir: PATH" in linked working trees
// and submodules (gitrepository-layout(5)).
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
