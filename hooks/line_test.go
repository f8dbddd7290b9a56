package hooks_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/keyguard/keyguard/hooks"
)

// TestAddLine puts keyguard's line into scripts of Husky's, twice, and takes it out
// again: each is then as it was.
func TestAddLine(t *testing.T) {
	const line = "keyguard hook pre-commit \"$@\" || exit $?\n"
	for _, c := range []struct {
		name, script, want string
		first              hooks.Action
	}{
		{"none", "", line, hooks.Created},
		{"commands", "npm test\nexit 0\n", line + "npm test\nexit 0\n", hooks.Updated},
		{"no last newline", "npm test", line + "npm test", hooks.Updated},
		{"#!", "#!/bin/sh\nnpm test\n", "#!/bin/sh\n" + line + "npm test\n", hooks.Updated},
		{"Husky 8", "#!/bin/sh\n. \"$(dirname -- \"$0\")/_/husky.sh\"\n\nnpm test\n",
			"#!/bin/sh\n. \"$(dirname -- \"$0\")/_/husky.sh\"\n" + line + "\nnpm test\n", hooks.Updated},
		{"only #!", "#!/bin/bash\n", "#!/bin/bash\n" + line, hooks.Updated},
		{"there already", "a\n" + line, "a\n" + line, hooks.Unchanged},
		{"line breaks of Windows", "a\r\nb\r\n", line + "a\r\nb\r\n", hooks.Updated},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "pre-commit")
			if c.script != "" {
				put(t, path, c.script, 0o750)
			}
			m := hooks.Manager{Config: path, Script: true, Snippet: line}
			check := func(what string, got hooks.Action, err error, want hooks.Action, text string) {
				t.Helper()
				if err != nil || got != want {
					t.Errorf("%s: %v, %v, want %v", what, got, err, want)
				}
				if now, _ := os.ReadFile(path); string(now) != text {
					t.Errorf("%s: %q, want %q", what, now, text)
				}
			}
			got, err := m.AddLine(true)
			check("dry run", got, err, c.first, c.script)
			got, err = m.AddLine(false)
			check("add", got, err, c.first, c.want)
			got, err = m.AddLine(false)
			check("add again", got, err, hooks.Unchanged, c.want)
			if c.first == hooks.Unchanged {
				return
			}
			if info, err := os.Stat(path); err == nil && c.script != "" && info.Mode().Perm() != 0o750 {
				t.Errorf("mode %v", info.Mode())
			}
			removed := hooks.Restored
			if c.script == "" {
				removed = hooks.Removed
			}
			got, err = m.RemoveLine(false)
			check("remove", got, err, removed, c.script)
			got, err = m.RemoveLine(false)
			check("remove again", got, err, hooks.NotInstalled, c.script)
		})
	}
}

func TestAddLineLeavesLinksAlone(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "shared"), "a\n", 0o755)
	link(t, "shared", filepath.Join(dir, "pre-commit"))
	m := hooks.Manager{Config: filepath.Join(dir, "pre-commit"), Snippet: "b\n"}
	if _, err := m.AddLine(false); err == nil {
		t.Error("a link was written through")
	}
}

// TestAddLineToOthers: a line of sh would break a script of another language.
func TestAddLineToOthers(t *testing.T) {
	for first, shell := range map[string]bool{
		"echo": true, "#!/bin/sh": true, "#!/bin/sh -e": true, "#!/usr/bin/env bash": true, "#! /usr/local/bin/zsh": true, "#!": true,
		"#!/usr/bin/env python3": false, "#!/usr/bin/node": false, "#!/usr/bin/env -S A=b bash -e": true, "#!/usr/bin/env -S ruby": false, "\x7fELF\x00": false, "#!/usr/bin/fish": false, "#!/bin/shx": false,
	} {
		path := filepath.Join(t.TempDir(), "pre-commit")
		put(t, path, first+"\n", 0o755)
		m := hooks.Versioned(filepath.Dir(path), hooks.PreCommit)
		_, err := m.AddLine(false)
		var c *hooks.Conflict
		if shell != (err == nil) || err != nil && !errors.As(err, &c) {
			t.Errorf("%s: %v", first, err)
		}
		text, _ := os.ReadFile(path)
		if now := hooks.Versioned(filepath.Dir(path), hooks.PreCommit); now.Calls != shell || shell == (string(text) == first+"\n") {
			t.Errorf("%s: calls %v, %q", first, now.Calls, text)
		}
	}
}
