//go:build !unix

package gitrepo

import "os/exec"

// killGroup leaves a command as it is: the system has no process groups to kill.
func killGroup(*exec.Cmd) {}
