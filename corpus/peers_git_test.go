package corpus_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/keyguard/keyguard/internal/synth"
)

// hidden is a way in which a key lies in a repository. The script is run by sh,
// in a new repository with a commit, with the key in $KEY.
type hidden struct{ name, script string }

func hiddenKeys() []hidden {
	return []hidden{
		{"in a file", `cp $KEY a.env; git add .; git commit -qm a`},
		{"in a file that a later commit deletes", `cp $KEY a.env; git add .; git commit -qm a; git rm -q a.env; git commit -qm b`},
		{"in a merge alone, as its resolution", `git checkout -qb x; echo 1 >f; git add f; git commit -qm x; git checkout -q main; echo 2 >f; git add f; git commit -qm y
			git merge -q x || true; cp $KEY f; git add f; git commit -qm m; git checkout -q main; echo 3 >f; git add f; git commit -qm z`},
		{"in a commit's message", `git commit -q --allow-empty -F $KEY`},
		{"in a tag's message", `git tag -a -F $KEY v1`},
		{"in a stash", `cp $KEY readme; git stash -q`},
		{"in a commit that was amended", `cp $KEY a.env; git add .; git commit -qm a; git rm -q --cached a.env; rm a.env; git commit -q --amend --allow-empty -m a`},
		{"in a file that .gitattributes takes for binary", `echo '*.env -diff' >.gitattributes; cp $KEY a.env; git add .; git commit -qm a`},
		{"in a file of UTF-16", `cp $KEY.utf16 a.txt; git add .; git commit -qm a`},
		{"in a zip archive", `cp $KEY.zip a.zip; git add .; git commit -qm a`},
	}
}

// program is a scanner of a repository's history.
type program struct {
	name string // or path
	args []string
}

func programs(keyguard string) []program {
	gitleaks := []string{"git", "--no-banner", "-l", "error", "-v", "--redact=0", "."}
	return []program{
		{keyguard, []string{"scan", "--history"}},
		{"gitleaks", gitleaks},
		{"betterleaks", gitleaks},
		{"trufflehog", []string{"git", "file://.", "--no-verification", "--no-update", "--json", "--log-level=-1"}},
	}
}

// TestPeersInHistory prints which scanners find a key wherever git keeps it.
func TestPeersInHistory(t *testing.T) {
	if !*peers {
		t.Skip("run it with -peers -v")
	}
	keyguard := filepath.Join(t.TempDir(), "keyguard")
	if out, err := exec.Command("go", "build", "-o", keyguard, "../cmd/keyguard").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	key, id := keyFile(t)
	for _, h := range hiddenKeys() {
		dir := t.TempDir()
		script := "set -e\ngit init -q -b main .\necho nothing >readme\ngit add readme\ngit commit -qm first\n" + h.script
		cmd := exec.Command("sh", "-c", script)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "KEY="+key, "GIT_CONFIG_GLOBAL="+os.DevNull,
			"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", h.name, err, out)
		}
		fmt.Printf("| %s |", h.name) // keyguard, gitleaks, betterleaks, trufflehog
		for _, p := range programs(keyguard) {
			fmt.Printf(" %s |", p.finds(dir, id))
		}
		fmt.Println()
	}
}

// finds tells whether a scanner says that there is a key, and what it exits with.
func (p *program) finds(dir, id string) string {
	path, err := exec.LookPath(p.name)
	if err != nil {
		return "not in PATH"
	}
	cmd := exec.Command(path, p.args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case strings.Contains(string(out), id):
		return "yes"
	case errors.As(err, &exit):
		return fmt.Sprintf("no, exit %d", exit.ExitCode())
	}
	return "no"
}

// keyFile writes a made-up key pair, and it in UTF-16 and in an archive.
func keyFile(t *testing.T) (file, id string) {
	e := synth.New(3)
	text, err := e.Expand("AWS_ACCESS_KEY_ID={{akia#id}}\nAWS_SECRET_ACCESS_KEY={{secret}}\n")
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "key")
	var wide, archive bytes.Buffer
	_ = binary.Write(&wide, binary.LittleEndian, utf16.Encode([]rune("\ufeff"+text)))
	z := zip.NewWriter(&archive)
	w, err := z.Create("a.env")
	if err == nil {
		_, err = w.Write([]byte(text))
	}
	err = errors.Join(err, z.Close(), os.WriteFile(file, []byte(text), 0o600), os.WriteFile(file+".utf16", wide.Bytes(), 0o600), os.WriteFile(file+".zip", archive.Bytes(), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	id, _ = e.Named("id")
	return file, id
}
