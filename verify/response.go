package verify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"
)

// notSTS also tells of a connection that broke off.
const notSTS = "no answer that STS would give"

// identity reads a good answer. Whoever answers chooses its text, so only what
// has the form of an account and an ARN counts.
func interpretIdentity(account, arn string) Result {
	fits, _ := regexp.MatchString(`\A[0-9]{12}\narn:aws[a-z-]{0,20}:(iam|sts)::[0-9]{12}:[\w+=,.@/-]{1,600}\z`, account+"\n"+arn)
	if !fits {
		return Result{Status: Unknown, Asked: true, Reason: notSTS}
	}
	return Result{Status: Active, Asked: true, Account: account, ARN: arn}
}

// failure reads an error. Its own text is not passed on: it may hold what the
// other side made of the request.
func (v *Verifier) interpretFailure(err error) Result {
	r := Result{Status: Unknown, Asked: true}
	var op *net.OpError
	var certificate *tls.CertificateVerificationError
	var timeout net.Error
	switch {
	case errors.Is(err, context.Canceled):
		r.Reason = "interrupted"
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded):
		r.Reason = fmt.Sprintf("no answer within %s", v.opts.Timeout)
	case errors.As(err, &certificate):
		r.Reason = "the other side's certificate is not trusted"
	case errors.As(err, &op) && op.Op == "dial":
		r.Reason = "no connection: " + op.Err.Error()
	default:
		r.Reason = notSTS
	}
	return r
}

// refusal says what STS's error codes mean for a key.
// https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
func (v *Verifier) interpretError(code, message string) Result {
	r := Result{Status: Unknown, Asked: true, Reason: notSTS}
	switch code {
	case "InvalidClientTokenId", "UnrecognizedClientException":
		r.Status, r.Reason = Inactive, fmt.Sprintf("deleted, deactivated, or not of partition %s (%s)", v.opts.Partition, code)
	case "ExpiredToken", "ExpiredTokenException":
		r.Status, r.Reason = Inactive, "the session has expired ("+code+")"
	case "SignatureDoesNotMatch":
		r.Status, r.Reason = Inactive, "not the secret of this id, which may be active with another ("+code+")"
		// The same code tells a request of another time.
		if strings.Contains(message, "expired") || strings.Contains(message, "not yet current") {
			r.Status, r.Reason = Unknown, "this machine's clock is wrong: STS did not take the time of the request"
		}
	case "Throttling", "ThrottlingException", "RequestLimitExceeded":
		r.Reason = "STS wants fewer requests (" + code + ")"
	default:
		if ok, _ := regexp.MatchString(`\A[A-Z][A-Za-z]{2,40}\z`, code); ok {
			r.Reason = "STS answered " + code
		}
	}
	return r
}
