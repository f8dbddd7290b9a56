// Package cli holds the parts that all commands share: the streams and the
// environment (App), exit codes, errors with hints, the time limit of a run, atomic
// files, and the terminal.
//
// Only App.Fail prints an error. Only cmd/keyguard turns an error into an exit code: an
// Exit is an error that has been printed already.
package cli
