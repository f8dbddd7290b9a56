//go:build !unix

package gitrepo

import "os/exec"

// killGroup does nothing, because the system has no process groups.
func killGroup(*exec.Cmd) {}
