package hooks

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Manager is a program that writes a repository's hooks itself, and what it
// takes to let that program call keyguard.
type Manager struct {
	Name string // "Husky", "lefthook", "pre-commit", "the repository"
	// Active says that git runs the manager's hooks now. A shim beside them works
	// until the manager next writes its own. Otherwise there is only a
	// configuration, which somebody may activate later.
	Active  bool
	Config  string // file to add Snippet to; it need not exist for Husky
	Script  bool   // that is a script of this hook alone: see AddLine
	Calls   bool   // it calls keyguard for this hook already
	Snippet string // whole lines
	Command string // to run after that, empty if nothing is needed
}

// FindManager looks for Husky, lefthook and the pre-commit framework (prek too)
// and says how to add hook h there. One that is active wins over one that is
// only configured. The worktree is empty for a bare repository; hooksDir is the
// folder as git resolves it. Servers' hooks have no manager.
func FindManager(worktree, hooksDir string, h Hook) (Manager, bool) {
	if h == PreReceive {
		return Manager{}, false
	}
	texts := allHookTexts(hooksDir)
	found := []Manager{husky(worktree, hooksDir, h), lefthook(worktree, texts, h), preCommit(worktree, texts, h)}
	i := slices.IndexFunc(found, func(m Manager) bool { return m.Active })
	if i < 0 {
		i = slices.IndexFunc(found, func(m Manager) bool { return m.Config != "" })
	}
	if i < 0 {
		return Manager{}, false
	}
	found[i].Calls = callsKeyguard(found[i].Config, h)
	return found[i], true
}

// ManagerNamed is FindManager for one manager, by its name in small letters, that
// may not be set up here yet.
func ManagerNamed(name, worktree, hooksDir string, h Hook) (Manager, error) {
	texts := allHookTexts(hooksDir)
	for _, m := range []Manager{husky(worktree, hooksDir, h), lefthook(worktree, texts, h), preCommit(worktree, texts, h)} {
		if strings.ToLower(m.Name) != name {
			continue
		}
		if m.Config == "" {
			m.Config = filepath.Join(worktree, map[string]string{
				"husky": filepath.Join(".husky", string(h)), "lefthook": "lefthook.yml", "pre-commit": ".pre-commit-config.yaml",
			}[name])
		}
		m.Calls = callsKeyguard(m.Config, h)
		return m, nil
	}
	return Manager{}, fmt.Errorf("no hook manager %q, only husky, lefthook, pre-commit", name)
}

// Versioned is the manager of a hooks folder under version control: nobody but git. A
// hook there is shared with others, so it calls keyguard by its name.
func Versioned(dir string, h Hook) Manager {
	m := Manager{Name: "the repository", Active: true, Script: true, Config: filepath.Join(dir, string(h)), Snippet: command(h, Block)}
	if !isFile(m.Config) {
		m.Snippet = shebang + m.Snippet
		m.Command = "git -C " + Quote(dir) + " add --chmod=+x " + string(h)
	}
	m.Calls = callsKeyguard(m.Config, h)
	return m
}

// calls reports whether a manager's configuration has keyguard do a hook's work.
func callsKeyguard(config string, h Hook) bool {
	text, err := readStart(config)
	if err != nil {
		return false
	}
	text = withoutComments(text)
	return strings.Contains(text, "keyguard hook "+string(h)) ||
		runsInFramework(h) && strings.Contains(text, "keyguard hook framework") ||
		runsInFramework(h) && filepath.Base(config) == ".pre-commit-config.yaml" && strings.Contains(text, "id: keyguard")
}

// inFramework reports whether "keyguard hook framework" does a hook's work.
func runsInFramework(h Hook) bool { return h == PreCommit || h == PreMergeCommit || h == PrePush }

// hookTexts is what git's hooks say, those included that a shim chains.
func allHookTexts(dir string) string {
	var all strings.Builder
	for _, h := range All() {
		for _, name := range []string{string(h), string(h) + keptSuffix} {
			if f, err := readFile(filepath.Join(dir, name)); err == nil {
				all.WriteString(f.text)
			}
		}
	}
	return all.String()
}

// husky finds Husky: since version 9 core.hooksPath is .husky/_ and hooks are
// files of commands in .husky; in versions 5 to 8 it was .husky, with hooks that
// git runs itself and which therefore must be executable scripts.
func husky(worktree, hooksDir string, h Hook) Manager {
	m := Manager{Name: "Husky", Script: true, Snippet: command(h, Block)}
	parent := filepath.Dir(hooksDir)
	switch {
	case filepath.Base(hooksDir) == "_" && (filepath.Base(parent) == ".husky" || isFile(hooksDir, "husky.sh")):
		m.Active, m.Config = true, filepath.Join(parent, string(h))
	case filepath.Base(hooksDir) == ".husky":
		m.Active, m.Config = true, filepath.Join(hooksDir, string(h))
		if !isFile(m.Config) {
			m.Snippet = shebang + m.Snippet
			m.Command = "chmod +x " + Quote(m.Config)
		}
	case worktree != "":
		if info, err := os.Stat(filepath.Join(worktree, ".husky")); err == nil && info.IsDir() {
			m.Config = filepath.Join(worktree, ".husky", string(h))
		}
	}
	return m
}

// lefthook finds lefthook by its configuration, see
// https://lefthook.dev/configuration, and by the text of its hooks.
func lefthook(worktree string, texts string, h Hook) Manager {
	m := Manager{Name: "lefthook", Active: strings.Contains(texts, "call_lefthook"), Command: "lefthook install"}
	ext := ".yml"
	for _, stem := range []string{"lefthook", ".lefthook", ".config/lefthook", "lefthook-local", ".lefthook-local", ".config/lefthook-local"} {
		for _, e := range []string{".yml", ".yaml", ".toml", ".json", ".jsonc"} {
			if m.Config == "" && worktree != "" && isFile(worktree, stem+e) {
				m.Config, ext = filepath.Join(worktree, stem+e), e
			}
		}
	}
	if m.Active && m.Config == "" {
		m.Config = filepath.Join(worktree, "lefthook.yml")
	}
	m.Snippet = lefthookSnippet(h, ext)
	return m
}

// lefthookSnippet is a command of lefthook's in the language of its
// configuration. It gives a command git's arguments only as {1}, {2}.
func lefthookSnippet(h Hook, ext string) string {
	run := "keyguard hook " + string(h)
	switch h {
	case CommitMsg, PrepareCommitMsg:
		run += ` "{1}"`
	case PrePush:
		run += ` "{1}" "{2}"`
	}
	var format, input string
	switch ext {
	case ".toml":
		format, input = "[%s.commands.keyguard]\nrun = '%s'\n%s", "use_stdin = true\n"
	case ".json", ".jsonc":
		run = strings.ReplaceAll(run, `"`, `\"`)
		format, input = `{"%s": {"commands": {"keyguard": {"run": "%s"%s}}}}`+"\n", `, "use_stdin": true`
	default:
		format, input = "%s:\n  commands:\n    keyguard:\n      run: %s\n%s", "      use_stdin: true\n"
	}
	if h != PrePush {
		input = ""
	}
	return fmt.Sprintf(format, h, run, input)
}

// preCommit finds the framework of https://pre-commit.com. It gives its hooks
// the message file for a file name, and no input: the refs of a push are in
// PRE_COMMIT_FROM_REF, PRE_COMMIT_TO_REF and their like.
func preCommit(worktree string, texts string, h Hook) Manager {
	m := Manager{Name: "pre-commit", Command: "pre-commit install --hook-type " + string(h)}
	m.Active = strings.Contains(texts, "File generated by pre-commit") || strings.Contains(texts, "File generated by prek")
	if m.Active || worktree != "" && isFile(worktree, ".pre-commit-config.yaml") {
		m.Config = filepath.Join(worktree, ".pre-commit-config.yaml")
	}
	m.Snippet = fmt.Sprintf(`- repo: local
  hooks:
  - id: keyguard-%s
    name: keyguard
    entry: keyguard hook %[1]s
    language: system
    stages: [%[1]s]
    always_run: true
`, h)
	if runsInFramework(h) { // which tells a commit from a range and from --all-files
		m.Snippet = strings.Replace(m.Snippet, "hook "+string(h)+"\n", "hook framework --\n", 1) + "    require_serial: true\n"
	}
	return m
}

func isFile(elem ...string) bool {
	info, err := os.Stat(filepath.Join(elem...))
	return err == nil && info.Mode().IsRegular()
}
