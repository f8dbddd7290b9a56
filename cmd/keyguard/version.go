package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/internal/cli"
)

// version is set by the release build.
var version = ""

func versionCommand(a *cli.App) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version, commit and Go release",
		Args:  cobra.NoArgs,
		Run: func(*cobra.Command, []string) {
			fmt.Fprintf(a.Out, "keyguard %s\n", buildVersion())
			if commit := buildCommit(); commit != "" {
				fmt.Fprintf(a.Out, "commit   %s\n", commit)
			}
			fmt.Fprintf(a.Out, "built by %s for %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
		},
	}
}

// buildVersion returns the release, or the module's version after go install.
func buildVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return strings.TrimPrefix(info.Main.Version, "v")
	}
	return "(devel)"
}

// buildCommit returns the commit and its time, which the go command records in a
// checkout. It omits the build time: the same commit gives the same binary.
func buildCommit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	stamp := make(map[string]string)
	for _, s := range info.Settings {
		stamp[s.Key] = s.Value
	}
	commit := stamp["vcs.revision"]
	if commit == "" {
		return ""
	}
	if stamp["vcs.modified"] == "true" {
		return fmt.Sprintf("%s (%s, with changes)", commit, stamp["vcs.time"])
	}
	return fmt.Sprintf("%s (%s)", commit, stamp["vcs.time"])
}
