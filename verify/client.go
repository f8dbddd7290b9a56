package verify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// maxResponse is many times the size of any response of STS, in bytes.
const maxResponse = 64 << 10

// newClient returns a client that does not follow redirects.
func newClient(timeout time.Duration) *http.Client {
	return &http.Client{
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			TLSHandshakeTimeout: timeout,
		},
	}
}

// response is the response of STS: an identity, or an error for a rejected pair.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
type response struct {
	Account  string `xml:"GetCallerIdentityResult>Account"`
	ARN      string `xml:"GetCallerIdentityResult>Arn"`
	Code     string `xml:"Error>Code"`
	Message  string `xml:"Error>Message"`
	rejected bool
}

// call calls GetCallerIdentity with p.
func (v *Verifier) call(ctx context.Context, p Pair) (parsed response, err error) {
	r, err := v.request(ctx, p)
	if err != nil {
		return parsed, err
	}
	resp, err := v.client.Do(r)
	if err != nil {
		return parsed, err
	}
	defer func() { _ = resp.Body.Close() }()
	parsed.rejected = resp.StatusCode != http.StatusOK
	body := io.LimitReader(resp.Body, maxResponse)
	err = xml.NewDecoder(body).Decode(&parsed)
	_, _ = io.Copy(io.Discard, body) // a connection is reused only after its body was read in full
	return parsed, err
}

// request returns a signed request, which contains no information about this machine.
func (v *Verifier) request(ctx context.Context, p Pair) (*http.Request, error) {
	const form = "Action=GetCallerIdentity&Version=2011-06-15"
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(v.opts.Endpoint, "/")+"/", strings.NewReader(form))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", strings.TrimSuffix("keyguard/"+v.opts.Version, "/"))
	key := aws.Credentials{AccessKeyID: p.ID, SecretAccessKey: p.Secret.Reveal(), SessionToken: p.Token.Reveal()}
	sum := sha256.Sum256([]byte(form))
	return r, v4.NewSigner().SignHTTP(ctx, key, r, hex.EncodeToString(sum[:]), "sts", v.opts.Region, time.Now())
}
