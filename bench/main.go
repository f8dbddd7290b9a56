// Command bench compares keyguard with the programs that do the least possible work for
// the same task: git and ripgrep. It also counts findings in public repositories. README.md
// in its directory explains the figures.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
)

const usage = `usage: go run ./bench [flags] hook | tree [DIR] | history [DIR] | push [DIR] | noise DIR…

  hook           time staged changes in a generated repository of 25,000 files
  tree [DIR]     time the working tree of DIR, or of that repository
  history [DIR]  time all objects of DIR, or of a generated repository
  push [DIR]     time a push of the last 100 commits of DIR, or of that repository
  noise DIR…     count findings per million lines by rule, in working trees and in HEAD
                 of bare repositories

flags:
`

// bench is one run of the program.
type bench struct {
	ctx      context.Context
	out      io.Writer
	keyguard string // the program under test
	pairs    int    // pairs of runs per comparison
	commits  int    // of a generated history
	log      bool   // also compare with git log
	without  string // keyguard without a piece, to compare with; may be empty
	scratch  string // a temporary directory
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	b := &bench{ctx: ctx, out: out}
	flags := flag.NewFlagSet("bench", flag.ExitOnError)
	flags.StringVar(&b.keyguard, "keyguard", "", "time this `program` (default: built from ./cmd/keyguard)")
	flags.IntVar(&b.pairs, "n", 15, "time this many `pairs` of runs")
	flags.IntVar(&b.commits, "commits", 20_000, "generate this many `commits`")
	flags.BoolVar(&b.log, "log", false, "also compare with git log -p, which takes minutes")
	flags.StringVar(&b.without, "without", "", "compare history only with this `program`, a keyguard without a piece")
	verdicts := flags.String("verdicts", "", "read the verdicts on the findings of noise from `file`, and append new findings")
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), usage)
		flags.PrintDefaults()
	}
	_ = flags.Parse(args) // exits on error
	if b.scratch, err = os.MkdirTemp("", "keyguard-bench-"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(b.scratch) }()
	if err := b.findPrograms(); err != nil {
		return err
	}
	switch {
	case b.pairs > 0 && flags.NArg() == 1 && flags.Arg(0) == "hook":
		return b.hook()
	case b.pairs > 0 && flags.NArg() <= 2 && flags.Arg(0) == "tree":
		return b.tree(flags.Arg(1))
	case b.pairs > 0 && b.commits > 0 && flags.NArg() <= 2 && flags.Arg(0) == "history":
		return b.history(flags.Arg(1))
	case b.pairs > 0 && b.commits > pushed && flags.NArg() <= 2 && flags.Arg(0) == "push":
		return b.push(flags.Arg(1))
	case flags.NArg() > 1 && flags.Arg(0) == "noise":
		return b.noise(flags.Args()[1:], *verdicts)
	}
	flags.Usage()
	return fmt.Errorf("unknown arguments: %q", args)
}

// findPrograms makes the paths of programs absolute, because commands run in other
// directories. It builds keyguard if needed.
func (b *bench) findPrograms() (err error) {
	if b.without != "" {
		if b.without, err = filepath.Abs(b.without); err != nil {
			return err
		}
	}
	if b.keyguard != "" {
		b.keyguard, err = filepath.Abs(b.keyguard)
		return err
	}
	b.keyguard = filepath.Join(b.scratch, "keyguard")
	if runtime.GOOS == "windows" {
		b.keyguard += ".exe"
	}
	build := exec.CommandContext(b.ctx, "go", "build", "-trimpath", "-o", b.keyguard, "./cmd/keyguard")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build keyguard: %w\n%s", err, out)
	}
	return nil
}
