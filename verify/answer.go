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
func identity(account, arn string) Result {
	fits, _ := regexp.MatchString(`\A[0-9]{12}\narn:aws[a-z-]{0,20}:(iam|sts)::[0-9]{12}:[\w+=,.@/-]{1,600}\z`, account+"\n"+arn)
	if !fits {
		return Result{Status: Unknown, Asked: true, Reason: notSTS}
	}
	return Result{Status: Active, Asked: true, Account: account, ARN: arn}
}

// failure reads an error. Its own text is not passed on: it may hold what the
// other side made of the request.
func (v *Verifier) failure(err error) Result {
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

// refusal reads a refusal.
func (v *Verifier) refusal(code, message string) Result {
	status, reason := v.judge(code, message)
	return Result{Status: status, Reason: reason, Asked: true}
}

// judge says what STS's error codes mean for a key.
// https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
func (v *Verifier) judge(code, message string) (Status, string) {
	switch code {
	case "InvalidClientTokenId", "UnrecognizedClientException":
		return Inactive, fmt.Sprintf("deleted, deactivated, or not of partition %s (%s)", v.opts.Partition, code)
	case "ExpiredToken", "ExpiredTokenException":
		return Inactive, "the session has expired (" + code + ")"
	case "SignatureDoesNotMatch":
		// The same code tells a request of another time.
		if strings.Contains(message, "expired") || strings.Contains(message, "not yet current") {
			return Unknown, "this machine's clock is wrong: STS did not take the time of the request"
		}
		return Inactive, "not the secret of this id, which may be active with another (" + code + ")"
	case "Throttling", "ThrottlingException", "RequestLimitExceeded":
		return Unknown, "STS wants fewer requests (" + code + ")"
	}
	if ok, _ := regexp.MatchString(`\A[A-Z][A-Za-z]{2,40}\z`, code); ok {
		return Unknown, "STS answered " + code
	}
	return Unknown, notSTS
}
