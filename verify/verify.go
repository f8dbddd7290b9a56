package verify

import (
	"context"
	"net/http"
	"time"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// Pair is a credential to check with AWS.
type Pair struct {
	ID     string
	Secret scanner.Secret
	Token  scanner.Secret // empty for long-term keys
}

// PairOf returns the pair of a finding; ok is false if the finding is not a pair.
func PairOf(f *scanner.Finding) (p Pair, ok bool) {
	p = Pair{ID: f.KeyID, Secret: f.Secret}
	for _, part := range f.Related {
		if part.Kind == patterns.Token && p.Token == nil {
			p.Token = part.Secret
		}
	}
	return p, f.Kind == patterns.KeyPair
}

// Status is the state of a pair.
type Status string

// The statuses.
const (
	Active   Status = "active"
	Inactive Status = "inactive" // rejected by AWS
	Unknown  Status = "unknown"  // skipped, or without a conclusive response
)

// Result is the result of verifying a pair.
type Result struct {
	Status  Status
	Account string // 12 digits, if active
	ARN     string // the user, role session or root, if active
	Reason  string // set unless active; never contains a secret
	Sent    bool   // whether a request was sent
}

// Options select the endpoint and the rate of requests. The zero value selects AWS's own
// endpoint of the partition aws, without pauses.
type Options struct {
	Partition string        // aws, aws-cn or aws-us-gov; empty: aws
	Region    string        // empty: the main region of the partition
	Endpoint  string        // URL instead of AWS's own: https, or http on this machine
	Canaries  bool          // check canaries too, which alerts their owner
	Interval  time.Duration // between calls
	Timeout   time.Duration // of one call; 0: ten seconds
	Version   string        // of keyguard, for the user agent
}

// Verifier checks pairs with AWS. It is not safe for concurrent use.
type Verifier struct {
	opts   Options
	client *http.Client
	pace   pace
}

// New checks the options and returns a verifier. It sends no request.
func New(o Options) (*Verifier, error) {
	if err := o.complete(); err != nil {
		return nil, err
	}
	return &Verifier{opts: o, client: newClient(o.Timeout), pace: pace{interval: o.Interval}}, nil
}

// Verify checks p with AWS, unless p is known to be fake, a canary, or incomplete. It waits
// as long as Options.Interval requires, unless ctx is done before.
func (v *Verifier) Verify(ctx context.Context, p Pair) Result {
	if reason := v.skipReason(p); reason != "" {
		return Result{Status: Unknown, Reason: reason}
	}
	if err := v.pace.wait(ctx); err != nil {
		return Result{Status: Unknown, Reason: "interrupted"}
	}
	r, err := v.call(ctx, p)
	switch {
	case err != nil:
		return v.interpretFailure(err)
	case r.rejected:
		return v.interpretError(r.Code, r.Message)
	}
	return interpretIdentity(r.Account, r.ARN)
}

// skipReason returns the reason not to check p, or "".
func (v *Verifier) skipReason(p Pair) string {
	if drop := patterns.KeyIDDrop(p.ID); drop != "" {
		return "skipped: " + drop
	}
	if service, ok := patterns.Canary(patterns.ParseKeyID(p.ID).Account); ok && !v.opts.Canaries {
		return "skipped: canary of " + service + ", whose use alerts its owner"
	}
	if patterns.Temporary(p.ID) && len(p.Token) == 0 {
		return "skipped: temporary key without its session token"
	}
	return ""
}
