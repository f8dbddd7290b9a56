package hooks

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Manager is a program that writes a repository's hooks, with the lines that make it run
// keyguard.
type Manager struct {
	Name string // "Husky", "lefthook", "pre-commit", "the repository"
	// Active is set if git runs the manager's hooks now. A shim beside them works until
	// the manager writes its own. Otherwise only a configuration exists, which may become
	// active later.
	Active  bool
	Config  string // file to add Snippet to; it need not exist for Husky
	Script  bool   // Config is a script for this hook only: see AddLine
	Calls   bool   // Config already runs keyguard for this hook
	Snippet string // whole lines
	Command string // command to run after that; empty if none is needed
}

// FindManager returns the manager of hook h among Husky, lefthook and the pre-commit
// framework (or prek), and the lines to add for it. An active manager takes precedence
// over one that is only configured. The worktree is empty for a bare repository; hooksDir
// is the directory as git resolves it. Hooks of a server have no manager.
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

// ManagerNamed is like FindManager for one manager, by its name in lower case. The
// manager need not be set up.
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
	return Manager{}, fmt.Errorf("unknown hook manager %q (known: husky, lefthook, pre-commit)", name)
}

// Versioned returns a Manager for a hooks directory under version control, without a
// manager program. The hook is shared with others, so it runs keyguard by name.
func Versioned(dir string, h Hook) Manager {
	m := Manager{Name: "the repository", Active: true, Script: true, Config: filepath.Join(dir, string(h)), Snippet: command(h, Block)}
	if !isFile(m.Config) {
		m.Snippet = shebang + m.Snippet
		m.Command = "git -C " + Quote(dir) + " add --chmod=+x " + string(h)
	}
	m.Calls = callsKeyguard(m.Config, h)
	return m
}

// callsKeyguard reports whether a manager's configuration runs keyguard for a hook.
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

// runsInFramework reports whether "keyguard hook framework" replaces a hook.
func runsInFramework(h Hook) bool { return h == PreCommit || h == PreMergeCommit || h == PrePush }

// allHookTexts returns the text of all hooks, including hooks that a shim runs.
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

// husky finds Husky. Since version 9 core.hooksPath is .husky/_ and hooks are files of
// commands in .husky. In versions 5 to 8 core.hooksPath was .husky, with executable
// scripts that git runs itself.
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

// lefthookSnippet returns a command for lefthook in the language of its configuration.
// Git's arguments are only available as {1}, {2}.
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

// preCommit finds the framework of https://pre-commit.com. It passes the message file to
// its hooks as a file name, and no input: the refs of a push are in PRE_COMMIT_FROM_REF,
// PRE_COMMIT_TO_REF and others.
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
	if runsInFramework(h) { // distinguishes commits, ranges and --all-files
		m.Snippet = strings.Replace(m.Snippet, "hook "+string(h)+"\n", "hook framework --\n", 1) + "    require_serial: true\n"
	}
	return m
}

func isFile(elem ...string) bool {
	info, err := os.Stat(filepath.Join(elem...))
	return err == nil && info.Mode().IsRegular()
}
