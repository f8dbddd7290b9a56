package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// command is a program to time.
type command struct {
	name string // as printed
	dir  string
	args []string // starting with the program
	in   string   // on standard input
	env  []string // additional variables
	ok   []int    // additional exit codes of success
}

// sample holds the measures of one run of a command.
type sample struct {
	wall, cpu time.Duration // cpu: of the process and its children
	peak      int64         // resident bytes of the largest of them; 0 if unknown
}

// run times one run of a command and discards its output.
func (b *bench) run(c command) (sample, error) {
	cmd := exec.CommandContext(b.ctx, c.args[0], c.args[1:]...)
	cmd.Dir = c.dir
	cmd.Env = append(environment(), c.env...)
	cmd.Stdin = strings.NewReader(c.in)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && slices.Contains(c.ok, exit.ExitCode())) {
		return sample{}, fmt.Errorf("%s: %w\n%s", strings.Join(c.args, " "), err, stderr.String())
	}
	state := cmd.ProcessState
	return sample{wall, state.UserTime() + state.SystemTime(), peak(state)}, nil
}

// compare runs base and tested alternately, after one uncounted run of each, and prints
// their measures and the ratio of each pair. Load on the machine then slows both sides of
// a ratio.
func (b *bench) compare(title string, base, tested command) error {
	var bases, testeds []sample
	for i := range b.pairs + 1 {
		x, err := b.run(base)
		if err != nil {
			return err
		}
		y, err := b.run(tested)
		if err != nil {
			return err
		}
		if i > 0 {
			bases, testeds = append(bases, x), append(testeds, y)
		}
	}
	fmt.Fprintf(b.out, "%s (%d pairs)\n", title, b.pairs)
	b.row(base.name, bases)
	b.row(tested.name, testeds)
	b.ratios(bases, testeds)
	return nil
}

// time runs and prints one command, without a comparison.
func (b *bench) time(title string, c command) error {
	var samples []sample
	for i := range b.pairs + 1 {
		s, err := b.run(c)
		if err != nil {
			return err
		}
		if i > 0 {
			samples = append(samples, s)
		}
	}
	fmt.Fprintf(b.out, "%s (%d runs)\n", title, b.pairs)
	b.row(c.name, samples)
	fmt.Fprintln(b.out)
	return nil
}

func (b *bench) row(name string, samples []sample) {
	ms := func(of func(sample) time.Duration) string {
		return spread(samples, func(s sample) float64 { return of(s).Seconds() * 1000 }, "%.1f", " ms")
	}
	_, middle, _ := quantiles(samples, func(s sample) int64 { return s.peak })
	fmt.Fprintf(b.out, "  %-28s wall %-26s cpu %-26s peak %d MiB\n", name,
		ms(func(s sample) time.Duration { return s.wall }), ms(func(s sample) time.Duration { return s.cpu }), middle>>20)
}

func (b *bench) ratios(bases, testeds []sample) {
	pairs := make([][2]sample, len(bases))
	for i := range pairs {
		pairs[i] = [2]sample{bases[i], testeds[i]}
	}
	ratio := func(of func(sample) time.Duration) string {
		return spread(pairs, func(p [2]sample) float64 { return of(p[1]).Seconds() / of(p[0]).Seconds() }, "%.2f", "×")
	}
	fmt.Fprintf(b.out, "  %-28s wall %-26s cpu %-26s\n\n", "ratio",
		ratio(func(s sample) time.Duration { return s.wall }), ratio(func(s sample) time.Duration { return s.cpu }))
}

// spread returns "median [least … greatest]".
func spread[T any](list []T, of func(T) float64, format, unit string) string {
	least, middle, greatest := quantiles(list, of)
	return fmt.Sprintf(format+unit+" ["+format+" … "+format+"]", middle, least, greatest)
}

func quantiles[T any, V cmp.Ordered](list []T, of func(T) V) (least, middle, greatest V) {
	values := make([]V, len(list))
	for i, x := range list {
		values[i] = of(x)
	}
	slices.Sort(values)
	return values[0], values[len(values)/2], values[len(values)-1]
}
