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

// noValidResponse is also the reason for a broken connection.
const noValidResponse = "no valid response from STS"

// interpretIdentity returns the result of a successful response. The sender chooses its
// text, so it must have the form of an account and an ARN.
func interpretIdentity(account, arn string) Result {
	fits, _ := regexp.MatchString(`\A[0-9]{12}\narn:aws[a-z-]{0,20}:(iam|sts)::[0-9]{12}:[\w+=,.@/-]{1,600}\z`, account+"\n"+arn)
	if !fits {
		return Result{Status: Unknown, Sent: true, Reason: noValidResponse}
	}
	return Result{Status: Active, Sent: true, Account: account, ARN: arn}
}

// interpretFailure returns the result of a failed call. The text of err is left out,
// because it may contain parts of the request that the server sent back.
func (v *Verifier) interpretFailure(err error) Result {
	r := Result{Status: Unknown, Sent: true}
	var op *net.OpError
	var certificate *tls.CertificateVerificationError
	var timeout net.Error
	switch {
	case errors.Is(err, context.Canceled):
		r.Reason = "interrupted"
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded):
		r.Reason = fmt.Sprintf("no response within %s", v.opts.Timeout)
	case errors.As(err, &certificate):
		r.Reason = "the server's certificate is not trusted"
	case errors.As(err, &op) && op.Op == "dial":
		r.Reason = "no connection: " + op.Err.Error()
	default:
		r.Reason = noValidResponse
	}
	return r
}

// interpretError returns the result for an error code of STS.
// https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
func (v *Verifier) interpretError(code, message string) Result {
	r := Result{Status: Unknown, Sent: true, Reason: noValidResponse}
	switch code {
	case "InvalidClientTokenId", "UnrecognizedClientException":
		r.Status, r.Reason = Inactive, fmt.Sprintf("deleted, deactivated, or not of partition %s (%s)", v.opts.Partition, code)
	case "ExpiredToken", "ExpiredTokenException":
		r.Status, r.Reason = Inactive, "the session has expired ("+code+")"
	case "SignatureDoesNotMatch":
		r.Status, r.Reason = Inactive, "not the secret of this key ID, which may be active with another ("+code+")"
		// STS returns the same code if the time of a request is wrong.
		if strings.Contains(message, "expired") || strings.Contains(message, "not yet current") {
			r.Status, r.Reason = Unknown, "this machine's clock is wrong: STS rejected the time of the request"
		}
	case "Throttling", "ThrottlingException", "RequestLimitExceeded":
		r.Reason = "STS limits the rate of requests (" + code + ")"
	default:
		if ok, _ := regexp.MatchString(`\A[A-Z][A-Za-z]{2,40}\z`, code); ok {
			r.Reason = "STS returned " + code
		}
	}
	return r
}
