// Package project reads the files that configure keyguard for a repository, and holds
// the policy that they form.
//
//   - root.go finds the top-level directory of the working tree
//   - store.go reads files: of the working tree, of a commit, or named by the user
//   - policy.go joins configuration, ignore file, baseline and flags to a Policy
//   - server.go does so for a pre-receive hook, which ignores pushed files
//   - apply.go and bypass.go apply a Policy to findings
//   - last.go records the last scan's findings for keyguard allow --last
package project
