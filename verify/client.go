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

// maxAnswer is many times what STS ever answers.
const maxResponse = 64 << 10

// newClient returns a client that stays with the host it was told.
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

// answer is what STS says, of a pair that it knows or of one that it refuses.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
type response struct {
	Account string `xml:"GetCallerIdentityResult>Account"`
	ARN     string `xml:"GetCallerIdentityResult>Arn"`
	Code    string `xml:"Error>Code"`
	Message string `xml:"Error>Message"`
	refused bool
}

// ask calls GetCallerIdentity with p.
func (v *Verifier) call(ctx context.Context, p Pair) (a response, err error) {
	r, err := v.request(ctx, p)
	if err != nil {
		return a, err
	}
	response, err := v.client.Do(r)
	if err != nil {
		return a, err
	}
	defer func() { _ = response.Body.Close() }()
	a.refused = response.StatusCode != http.StatusOK
	body := io.LimitReader(response.Body, maxResponse)
	err = xml.NewDecoder(body).Decode(&a)
	_, _ = io.Copy(io.Discard, body) // only what was read to its end leaves its connection to the next pair
	return a, err
}

// request returns a signed request, which says nothing of this machine.
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
