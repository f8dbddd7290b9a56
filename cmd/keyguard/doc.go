// Command keyguard finds credentials before they are committed, and in history.
//
// A command is a function that returns its cobra.Command, in a file of the command's
// name; root lists them. It defines the flags and calls a package in internal/cli:
// scanrun, triage, setup or githooks. inspect, verify and redact use a scanner directly.
// run turns errors into exit codes.
package main
