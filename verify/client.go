package verify

import (
	"io"
	"net/http"
	"time"
)

// maxAnswer is many times what STS ever answers.
const maxAnswer = 64 << 10

// newClient returns a client that stays with the host it was told.
func newClient(timeout time.Duration, version string) *http.Client {
	agent := "keyguard"
	if version != "" {
		agent += "/" + version
	}
	return &http.Client{
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &modest{agent: agent, next: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			TLSHandshakeTimeout: timeout,
		}},
	}
}

// modest sends nothing about this machine and reads no more than an answer
// can have.
type modest struct {
	agent string
	next  http.RoundTripper
}

// RoundTrip implements http.RoundTripper. The headers that it changes are not
// signed.
func (m *modest) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("User-Agent", m.agent)
	r.Header.Del("X-Amzn-Trace-Id")
	answer, err := m.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer.Body = &body{io.LimitReader(answer.Body, maxAnswer), answer.Body}
	return answer, nil
}

type body struct {
	io.Reader
	io.Closer
}
