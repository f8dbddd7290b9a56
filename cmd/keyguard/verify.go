package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/cli/scanrun"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/report"
	"github.com/keyguard/keyguard/scanner"
	"github.com/keyguard/keyguard/verify"
)

func verifyCommand(a *cli.App) *cobra.Command {
	var o verify.Options
	rate := 1.0
	cmd := &cobra.Command{
		Use:   "verify [PATH…|-]",
		Short: "Check with AWS whether key pairs are active (uses the network)",
		Long: `Scan like keyguard scan, and call GetCallerIdentity of AWS STS with each key pair.
The call needs no permission and has no side effect. Pairs that the configuration, a
comment or the baseline allows are verified, too.

This is the only command that uses the network. It sends the key ID, a session token
and a signature, never the secret. CloudTrail records the call and your address in the
account of the key. Canaries, which would alert their owner, examples, and temporary
keys without a token are not verified. The AWS configuration of this machine is
ignored; HTTPS_PROXY and NO_PROXY apply.

Exit codes: 0 no pair is active, 1 a pair is active, 2 usage error, unreadable input
or no answer.`,
		Example: `  keyguard verify                            key pairs in the working tree
  keyguard verify .env
  pbpaste | keyguard verify -
  keyguard verify --partition aws-cn .env    keys of the regions in China`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if rate <= 0 || rate > 100 {
				return cli.Usage("verify", "invalid --rate %g: must be above 0 and at most 100 calls per second", rate)
			}
			o.Interval = time.Duration(float64(time.Second) / rate)
			return verifyPairs(cmd.Context(), a, o, args)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.Partition, "partition", "aws", "verify keys of the partition `NAME`: "+strings.Join(verify.Partitions(), ", "))
	flags.StringVar(&o.Region, "region", "", "call STS in `REGION` (default: the first of the partition)")
	flags.StringVar(&o.Endpoint, "endpoint", "", "call `URL` instead of AWS, such as a VPC endpoint; https, or http on this machine")
	flags.BoolVar(&o.Canaries, "force-canary", false, "verify canaries, which alerts their owner")
	flags.Float64Var(&rate, "rate", rate, "make at most `N` calls per second")
	flags.DurationVar(&o.Timeout, "timeout", 10*time.Second, "stop a call after `DURATION`")
	return cmd
}

func verifyPairs(ctx context.Context, a *cli.App, o verify.Options, args []string) error {
	o.Version = a.Version
	v, err := verify.New(o)
	if err != nil {
		return cli.WithHint(err, "see keyguard verify --help")
	}
	set, err := patterns.Builtin()
	if err != nil {
		return err
	}
	in, err := scanrun.Open(ctx, a, scanrun.Options{Paths: args})
	if err != nil {
		return err
	}
	defer in.Close()
	j := &verification{ui: a, verifier: v, asked: make(map[string]verify.Result), count: make(map[verify.Status]int)}
	for r := range scanner.New(set, scanner.Options{}).Scan(ctx, in.Blobs) {
		j.result(ctx, &r)
		if ctx.Err() != nil {
			return cli.ExitInterrupted
		}
	}
	return j.end()
}

// verification is one run of keyguard verify.
type verification struct {
	ui       *cli.App
	verifier *verify.Verifier
	asked    map[string]verify.Result // by pair
	count    map[verify.Status]int    // of distinct pairs
	lone     int                      // findings that cannot be verified
	silent   int                      // pairs without an answer
	unread   bool
}

func (j *verification) result(ctx context.Context, r *scanner.Result) {
	if r.Err != nil && !errors.As(r.Err, new(*scanner.Skipped)) {
		j.ui.Fail(r.Err)
		j.unread = true
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		p, ok := verify.PairOf(f)
		if !ok {
			j.lone++
			continue
		}
		answer := j.ask(ctx, p)
		if ctx.Err() != nil {
			return
		}
		text := answer.Reason
		if answer.Status == verify.Active {
			text = fmt.Sprintf("account %s  %s", answer.Account, answer.ARN)
		}
		fmt.Fprintf(j.ui.Out, "%s  %s  %s  %s\n", placeOf(f), p.ID, answer.Status, report.Printable(text))
	}
}

// ask verifies each pair once.
func (j *verification) ask(ctx context.Context, p verify.Pair) verify.Result {
	key := p.ID + "\x00" + p.Secret.SHA256() + p.Token.SHA256()
	answer, ok := j.asked[key]
	if !ok {
		answer = j.verifier.Verify(ctx, p)
		j.asked[key] = answer
		j.count[answer.Status]++
		if answer.Sent && answer.Status == verify.Unknown {
			j.silent++
		}
	}
	return answer
}

func (j *verification) end() error {
	fmt.Fprintf(j.ui.Out, "keyguard: %d active, %d inactive, %d unknown", j.count[verify.Active], j.count[verify.Inactive], j.count[verify.Unknown])
	if j.lone > 0 {
		fmt.Fprintf(j.ui.Out, "; %d without another half, or of other kinds, cannot be verified", j.lone)
	}
	fmt.Fprintln(j.ui.Out)
	switch {
	case j.unread:
		return cli.WithHint(errors.New("incomplete scan: not all key pairs were verified"), "see the errors above")
	case j.silent > 0 && j.count[verify.Active] == 0:
		return cli.WithHint(fmt.Errorf("%s: unknown status", cli.Plural(j.silent, "key pair")), "try again, with --rate 0.2 if STS wanted fewer requests; take them for active until then")
	case j.count[verify.Active] > 0:
		return cli.ExitFindings
	}
	return nil
}
