// Package scanrun runs one scan. It is called by keyguard scan, by baselines and by
// git's hooks.
//
//	Options      the selection of flags, a hook or --ci (options.go, history.go, ci.go)
//	→ target     the row for these options, which opens the input (target.go)
//	→ policy     configuration, ignores, allowlist and baseline (package project)
//	→ Run        scans, applies the policy to each result, and counts (run.go)
//	→ Sink       one or more reports (output.go), or the caller's own
//
// scan.go joins these steps for keyguard scan.
package scanrun
