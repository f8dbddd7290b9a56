package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Hook says what of the reader's was just stopped, if it is a git hook that
// reports: the text then tells how to go on.
type Hook int

const (
	NoHook      Hook = iota
	CommitHook       // a commit, for what is staged
	MergeHook        // a merge without conflicts, for what is staged
	MessageHook      // a commit, for its message
	PushHook         // a push, on the developer's side
)

// epilogue tells how to go on.
func (t *textWriter) epilogue() {
	what, skip := "commit blocked", "Commit unchecked: git commit --no-verify"
	allow := "False alarm? Put keyguard:allow in a comment on that line, or: keyguard allow --last --reason '…'"
	switch t.o.Hook {
	case MergeHook:
		what, skip = "merge blocked", "Give it up: git merge --abort. Commit it unchecked: git commit --no-verify"
	case MessageHook:
		what, allow = "commit blocked for its message", "False alarm? keyguard allow --last --reason '…'"
	case PushHook:
		// A mark in a later commit does not reach the one that is pushed.
		what, allow = "push blocked", "False alarm? keyguard allow --last --reason '…'"
		skip = "Push unchecked: git push --no-verify"
	}
	t.printf("%s %s.\n", t.bold.Sprintf("keyguard: %s:", what), titles(t.kinds))
	t.printf("  A key that was ever pushed or shared is leaked: do not only delete it, rotate it (keyguard inspect tells how).\n")
	t.printf("  %s\n  %s\n", allow, skip)
}

// titles lists findings: 2 × AWS key pair.
func titles(counts map[string]int) string {
	var out []string
	for _, title := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, fmt.Sprintf("%d × %s", counts[title], Printable(title)))
	}
	return strings.Join(out, ", ")
}

// unpushed is what to do about a key in a commit that no remote has: there
// alone, rewriting history helps.
func unpushed(h *History) string {
	switch {
	case h.Commit != "":
		id := short(h.Commit)
		return fmt.Sprintf("take it out of commit %s: git commit --amend if that is the last one, else git rebase -i %[1]s^", id)
	case h.Tag != "":
		return "make the tag anew without it: git tag -f -a " + fileName(h.Tag)
	}
	return "leave out of the push what holds it"
}
