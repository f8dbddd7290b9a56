// Package hooks puts keyguard into git's hooks, and takes it out again.
//
// It stands beside the scanning pipeline, not in it: the command line asks git
// for the hooks folder (git rev-parse --git-path hooks, which knows of
// core.hooksPath, worktrees and submodules) and hands it to Install, Uninstall
// or Status. What is written is a shim of fifteen lines of POSIX sh (shim.sh)
// that runs `keyguard hook <name> <arguments>`; everything else is decided by
// that program. FindManager tells when Husky, lefthook or the pre-commit
// framework own the hooks, and what to add to their configuration instead.
//
// A hook that is there already is kept: renamed to <name>.before-keyguard, it
// runs first, with the same arguments and input, and its failure stops git.
// Uninstall renames it back, so that bytes, mode, or link are what they were.
//
// Two processes do not install the same hook at once: the new file is made
// under a fixed name that only one can create, as git's own lock files are, and
// then renamed into place. The cost is that of a few small files, no process is
// started; the shim adds one start of sh to each git command it hooks.
package hooks
