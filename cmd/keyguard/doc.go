// Command keyguard finds AWS credentials before they are committed, and those
// that were.
//
// A verb is a function of app that returns its cobra.Command, in a file of the
// verb's name; app.root lists them, and app.run alone turns errors into exit codes.
// An error that is an exit has been told already; one that is hinted knows its
// remedy. What is said to people goes through ui.go.
//
// A scan, a baseline and the hooks go this way; inspect, verify and redact have a
// scanner of their own:
//
//	scanFlags    what the command line, a hook or --ci says to scan (scan.go, history.go, ci.go)
//	→ target     which decides on the source of blobs (target.go)
//	→ policy     configuration, ignores, allowlist and baseline of the project (policy.go, top.go)
//	→ run        scans, applies the policy to each result, and counts (run.go, policy_apply.go)
//	→ sink       a report or several (output.go), a baseline's collector, what a pusher is told
//
// The hooks of git (hook.go) fill in scanFlags and scan: hook_message.go, hook_push.go,
// hook_framework.go. A server's hook has a policy of its own (hook_receive.go), which
// a pusher may be let past (hook_bypass.go).
package main
