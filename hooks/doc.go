// Package hooks installs keyguard in git's hooks, and removes it.
//
// It is independent of the scanning pipeline. The command line gets the hooks directory
// from git (git rev-parse --git-path hooks, which respects core.hooksPath, worktrees and
// submodules) and passes it to Install, Uninstall or Status. Install writes a shim of
// fifteen lines of POSIX sh (shim.sh) that runs `keyguard hook <name> <arguments>`; that
// program does the rest. FindManager reports whether Husky, lefthook or the pre-commit
// framework own the hooks, and the lines to add to their configuration instead.
//
// An existing hook is kept as <name>.before-keyguard. It runs first, with the same
// arguments and input, and its failure stops git. Uninstall renames it back, with
// unchanged bytes, mode, or link.
//
// Two processes cannot install the same hook at once: the new file is created under a
// fixed name, which only one of them can do, as with git's own lock files, and then
// renamed. Installing costs a few small files and no process; the shim adds one start of
// sh to each git command with the hook.
package hooks
