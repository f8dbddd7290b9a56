// Package githooks runs when git runs one of its hooks. Run selects the function for a
// hook by its name.
//
// Each hook fills in scanrun.Options and scans: staged changes (hook.go), a message
// (message.go), outgoing commits (push.go), or a selection of the pre-commit framework
// (framework.go). A server's hook has a policy of its own (receive.go), which a push
// option can bypass (bypass.go).
package githooks
