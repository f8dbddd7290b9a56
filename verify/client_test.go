package verify

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/scanner"
)

// made returns a made-up long-term pair.
func made(t *testing.T) Pair {
	t.Helper()
	e := synth.New(6)
	if _, err := e.Expand("{{akia#id}} {{secret#secret}}"); err != nil {
		t.Fatal(err)
	}
	names := e.Names()
	return Pair{ID: names["id"], Secret: scanner.Secret(names["secret"])}
}

// recorder notes where requests would go.
type recorder struct{ urls []string }

func (r *recorder) RoundTrip(q *http.Request) (*http.Response, error) {
	r.urls = append(r.urls, q.URL.String())
	return nil, errors.New("not sent")
}

// https://docs.aws.amazon.com/general/latest/gr/sts.html
func TestEachPartitionIsAskedAtItsOwnHost(t *testing.T) {
	for want, o := range map[string]Options{
		"https://sts.us-east-1.amazonaws.com/":         {},
		"https://sts.eu-central-1.amazonaws.com/":      {Region: "eu-central-1"},
		"https://sts.cn-north-1.amazonaws.com.cn/":     {Partition: "aws-cn"},
		"https://sts.us-gov-west-1.amazonaws.com/":     {Partition: "aws-us-gov"},
		"https://sts.ap-southeast-99.amazonaws.com/":   {Region: "ap-southeast-99"},
		"https://vpce-1.sts.example.com/":              {Endpoint: "https://vpce-1.sts.example.com"},
		"https://sts.cn-northwest-1.amazonaws.com.cn/": {Partition: "aws-cn", Region: "cn-northwest-1"},
	} {
		v, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		to := &recorder{}
		v.client.Transport = to
		if got := v.Verify(t.Context(), made(t)); got.Status != Unknown {
			t.Errorf("%s: %+v", want, got)
		}
		if got := strings.Join(to.urls, " "); got != want {
			t.Errorf("asked %s, want %s", got, want)
		}
	}
}

func TestStrangersCertificatesAreRefused(t *testing.T) {
	asked := false
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	server.StartTLS()
	defer server.Close()
	v, err := New(Options{Endpoint: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	if got := v.Verify(t.Context(), made(t)); got.Status != Unknown || !strings.Contains(got.Reason, "certificate is not trusted") || asked {
		t.Errorf("%+v, asked: %v", got, asked)
	}
}
