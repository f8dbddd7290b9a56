package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/project"
	"github.com/keyguard/keyguard/redact"
	"github.com/keyguard/keyguard/scanner"
)

// tick is the interval in which waiting text is passed on.
const tick = 50 * time.Millisecond

func redactCommand(a *cli.App) *cobra.Command {
	var config string
	var fail bool
	cmd := &cobra.Command{
		Use:   "redact",
		Short: "Copy standard input to standard output with credentials masked",
		Long: `Copy standard input to standard output and mask credentials. Other text is passed
on unchanged, each line within a tenth of a second.

Findings that the configuration allows are not masked. Marks in the text and the
baseline have no effect: logs are not trusted, and known leaks are leaks.

The first interrupt is left to the command before the pipe, so that its last output
is not lost. The second one stops redact.

Exit codes: 0, or with --fail 1 if anything was masked; 2 if the input could not be
read or the output could not be written.`,
		Example: `  terraform apply 2>&1 | keyguard redact | tee apply.log
  keyguard redact < old.log > clean.log
  set -o pipefail; ./deploy 2>&1 | keyguard redact --fail`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return redactStream(cmd.Context(), a, config, fail) },
	}
	cmd.Flags().StringVarP(&config, "config", "c", "", "use `FILE` instead of .keyguard.toml")
	cmd.Flags().BoolVar(&fail, "fail", false, "exit with 1 if anything was masked")
	return cmd
}

func redactStream(ctx context.Context, a *cli.App, config string, fail bool) error {
	p, err := project.ReadPolicy(ctx, a, project.Options{Config: config, NoBaseline: true}, nil)
	if err != nil {
		return err
	}
	p.InRoot = func(string) string { return "" }
	f := redact.New(a.Out, scanner.New(p.Config.Set, scanner.Options{}), p.Permits)
	var stop <-chan struct{}
	if cli.IsTerminal(a.In) {
		stop = ctx.Done() // no command writes to the input
	}
	switch err := pump(f, a.In, stop); {
	case errors.As(err, new(cli.Exit)):
		return err
	case errors.Is(err, syscall.EPIPE): // the reader has closed the pipe
		return cli.ExitError
	case err != nil:
		return cli.WithHint(err, "the output before the error is masked; the rest is missing")
	case fail && f.Masked() > 0:
		fmt.Fprintf(a.Err, "keyguard: masked %s of credentials\n", cli.Plural(f.Masked(), "part"))
		return cli.ExitFindings
	}
	return nil
}

// piece is the result of one read.
type piece struct {
	data []byte
	err  error
}

// pieces reads r to its end. The caller must return the data of each piece to empty.
func pieces(r io.Reader) (full chan piece, empty chan []byte) {
	full, empty = make(chan piece), make(chan []byte, 2)
	for range cap(empty) {
		empty <- make([]byte, 64<<10)
	}
	go func() {
		for buf := range empty {
			n, err := r.Read(buf[:cap(buf)])
			full <- piece{buf[:n], err}
			if err != nil {
				return
			}
		}
	}()
	return full, empty
}

// pump copies r to f with ticks, until r ends or stop is closed.
func pump(f *redact.Filter, r io.Reader, stop <-chan struct{}) error {
	full, empty := pieces(r)
	ticks := time.NewTicker(tick)
	defer ticks.Stop()
	for {
		var writing, reading error
		select {
		case p := <-full:
			_, writing = f.Write(p.data)
			reading = p.err
			empty <- p.data
		case <-ticks.C:
			writing = f.Tick()
		case <-stop:
			return cli.ExitInterrupted
		}
		if reading != nil && writing == nil {
			writing = f.Close()
		}
		switch {
		case writing != nil:
			return fmt.Errorf("write standard output: %w", writing)
		case reading == io.EOF:
			return nil
		case reading != nil:
			return fmt.Errorf("read standard input: %w", reading)
		}
	}
}
