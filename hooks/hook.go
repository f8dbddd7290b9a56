package hooks

import (
	"fmt"
	"strings"
)

// Hook is the name of a git hook, see githooks(5).
type Hook string

// The hooks that can run keyguard.
const (
	PreCommit        Hook = "pre-commit"         // no arguments, no input
	PreMergeCommit   Hook = "pre-merge-commit"   // the same, for a merge without conflicts
	PrepareCommitMsg Hook = "prepare-commit-msg" // arguments: file of the message, its source, a commit
	CommitMsg        Hook = "commit-msg"         // argument: file of the message
	PrePush          Hook = "pre-push"           // arguments: remote, URL; input: a line for each ref
	PreReceive       Hook = "pre-receive"        // on the server; input: a line for each ref
)

// All returns every Hook, in the order in which git runs them.
func All() []Hook {
	return []Hook{PreCommit, PreMergeCommit, PrepareCommitMsg, CommitMsg, PrePush, PreReceive}
}

// PassedThrough returns the other hooks that git may run, which core.hooksPath disables
// in a repository (githooks(5)). It excludes push-to-checkout and proc-receive, whose
// existence changes the behavior of git.
func PassedThrough() []Hook {
	return []Hook{
		"applypatch-msg", "pre-applypatch", "post-applypatch", "post-commit", "pre-rebase",
		"post-checkout", "post-merge", "post-rewrite", "pre-auto-gc", "post-index-change", "reference-transaction",
		"update", "post-receive", "post-update", "sendemail-validate",
		"p4-changelist", "p4-prepare-changelist", "p4-post-changelist", "p4-pre-submit",
	}
}

// ParseHook returns the Hook of that name, or an error that lists the names.
func ParseHook(name string) (Hook, error) {
	var names []string
	for _, h := range All() {
		if string(h) == name {
			return h, nil
		}
		names = append(names, string(h))
	}
	return "", fmt.Errorf("unknown hook %q (known: %s)", name, strings.Join(names, ", "))
}

// missingHint returns the hint of a shim that cannot find keyguard. --no-verify does not
// skip prepare-commit-msg, and neither way exists on a server.
func (h Hook) missingHint() string {
	const again = `reinstall keyguard and run "keyguard install"`
	switch h {
	case PreReceive:
		return again + " on this server"
	case PrepareCommitMsg:
		return again + ", or skip it once with SKIP=keyguard"
	default:
		return again + ", or skip it once with SKIP=keyguard or --no-verify"
	}
}

// MissingPolicy is the behavior of a shim if keyguard is neither at its path of
// installation nor in PATH.
type MissingPolicy int

const (
	Block MissingPolicy = iota // fail, with a hint on standard error: the default
	Allow                      // print the same hint, and succeed
)

// String returns "block" or "allow", as the command line spells them.
func (p MissingPolicy) String() string {
	if p == Allow {
		return "allow"
	}
	return "block"
}
