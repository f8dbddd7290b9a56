package verify

import (
	"context"
	"net/http"
	"time"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// Pair is a credential that AWS can be asked about.
type Pair struct {
	ID     string
	Secret scanner.Secret
	Token  scanner.Secret // empty for long-term keys
}

// PairOf returns the pair of a finding; ok is false if the finding is none.
func PairOf(f *scanner.Finding) (p Pair, ok bool) {
	p = Pair{ID: f.KeyID, Secret: f.Secret}
	for _, part := range f.Related {
		if part.Kind == patterns.Token && p.Token == nil {
			p.Token = part.Secret
		}
	}
	return p, f.Kind == patterns.KeyPair
}

// Status is what is known of a pair.
type Status string

// The statuses.
const (
	Active   Status = "active"
	Inactive Status = "inactive" // AWS refuses it
	Unknown  Status = "unknown"  // not asked, or no answer that says either
)

// Result is what came of verifying a pair.
type Result struct {
	Status  Status
	Account string // 12 digits, if active
	ARN     string // of the user, role session or root, if active
	Reason  string // why, unless active; holds nothing secret
	Asked   bool   // whether AWS was asked at all
}

// Options say whom to ask, and how. The zero value asks AWS's own endpoint of
// the partition aws, without pause.
type Options struct {
	Partition string // aws, aws-cn or aws-us-gov; empty: aws
	Region    string // of the partition; empty: the partition's first
	Endpoint  string // URL in place of AWS's own: https, or http on this machine
	Canaries  bool   // ask about canaries too, which alarms their owner
	Interval  time.Duration
	Timeout   time.Duration // for one call; 0: ten seconds
	Version   string        // of keyguard, for the user agent
}

// Verifier asks about pairs.
type Verifier struct {
	opts   Options
	client *http.Client
	pace   pace
}

// New checks the options and returns a verifier. It sends nothing.
func New(o Options) (*Verifier, error) {
	if err := o.complete(); err != nil {
		return nil, err
	}
	return &Verifier{opts: o, client: newClient(o.Timeout), pace: pace{interval: o.Interval}}, nil
}

// Verify asks about p, unless p is known to be harmless, a trap, or incomplete.
// It does not return before its turn, see Options.Interval, or before ctx is
// done.
func (v *Verifier) Verify(ctx context.Context, p Pair) Result {
	if reason := v.skipReason(p); reason != "" {
		return Result{Status: Unknown, Reason: reason}
	}
	if err := v.pace.wait(ctx); err != nil {
		return Result{Status: Unknown, Reason: "interrupted"}
	}
	a, err := v.call(ctx, p)
	switch {
	case err != nil:
		return v.interpretFailure(err)
	case a.refused:
		return v.interpretError(a.Code, a.Message)
	}
	return interpretIdentity(a.Account, a.ARN)
}

// declines says why p is not asked about; it is empty if it is.
func (v *Verifier) skipReason(p Pair) string {
	if drop := patterns.KeyIDDrop(p.ID); drop != "" {
		return "not asked: " + drop
	}
	if service, ok := patterns.Canary(patterns.ParseKeyID(p.ID).Account); ok && !v.opts.Canaries {
		return "not asked: a canary of " + service + ", whose use alarms its owner"
	}
	if patterns.Temporary(p.ID) && len(p.Token) == 0 {
		return "not asked: a temporary key without its session token"
	}
	return ""
}
