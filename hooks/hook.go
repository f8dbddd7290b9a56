package hooks

import (
	"fmt"
	"strings"
)

// Hook names one of git's hooks, see githooks(5).
type Hook string

// The hooks that keyguard can stand in.
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

// Passed returns the names of the hooks that git may run beside those of All, and
// that core.hooksPath takes away from a repository (githooks(5)). Two are not among
// them: that there is a push-to-checkout or proc-receive changes what git does.
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
	return "", fmt.Errorf("no hook %q, only %s", name, strings.Join(names, ", "))
}

// wayPast tells, in the shim, a developer whose keyguard is gone what to do.
// --no-verify does not concern prepare-commit-msg, and a server knows neither.
func (h Hook) missingHint() string {
	const again = `install keyguard again and run "keyguard install"`
	switch h {
	case PreReceive:
		return again + " on this server"
	case PrepareCommitMsg:
		return again + ", or pass this once with SKIP=keyguard"
	default:
		return again + ", or pass this once with SKIP=keyguard or --no-verify"
	}
}

// MissingPolicy is what a shim does when keyguard is neither where it was at install
// nor in PATH.
type MissingPolicy int

const (
	Block MissingPolicy = iota // fail, with a hint on standard error: the default
	Allow                      // say the same, and let git go on
)

// String returns "block" or "allow", as the command line spells them.
func (p MissingPolicy) String() string {
	if p == Allow {
		return "allow"
	}
	return "block"
}
