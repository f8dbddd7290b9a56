package verify_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
	"github.com/keyguard/keyguard/verify"
)

// id joins the halves of an id that no scanner should find here.
func id(halves string) string { return strings.Replace(halves, "-", "", 1) }

// made returns a fake pair, temporary or not, and a stand-in that accepts it.
func made(t *testing.T, template string) (verify.Pair, *standIn) {
	t.Helper()
	s := &standIn{region: "us-east-1"}
	e := synth.New(4)
	for tag, value := range map[string]*string{template: &s.id, "{{secret}}": &s.secret, "{{token}}": &s.token} {
		var err error
		if *value, err = e.Expand(tag); err != nil {
			t.Fatal(err)
		}
	}
	if strings.HasPrefix(s.id, "AKIA") {
		s.token = ""
	}
	return verify.Pair{ID: s.id, Secret: scanner.Secret(s.secret), Token: scanner.Secret(s.token)}, s
}

func ask(t *testing.T, p verify.Pair, o verify.Options) verify.Result {
	t.Helper()
	v, err := verify.New(o)
	if err != nil {
		t.Fatal(err)
	}
	r := v.Verify(context.Background(), p)
	for _, secret := range []scanner.Secret{p.Secret, p.Token} {
		if len(secret) > 0 && strings.Contains(fmt.Sprintf("%+v", r), secret.Reveal()) {
			t.Error("the result holds a secret")
		}
	}
	return r
}

func TestActivePairs(t *testing.T) {
	for _, template := range []string{"{{akia}}", "{{akia-old}}", "{{asia}}"} {
		p, sts := made(t, template)
		want := verify.Result{Status: verify.Active, Sent: true, Account: "123456789012", ARN: "arn:aws:iam::123456789012:user/ci"}
		if got := ask(t, p, verify.Options{Endpoint: sts.start(t)}); got != want {
			t.Errorf("%s: %+v", template, got)
		}
	}
}

func TestRegionAndPartitionAreSigned(t *testing.T) {
	for _, o := range []verify.Options{
		{Region: "eu-central-1"}, {Partition: "aws-cn", Region: "cn-north-1"},
		{Partition: "aws-us-gov", Region: "us-gov-west-1"}, {Region: "ap-southeast-3"},
	} {
		p, sts := made(t, "{{akia}}")
		sts.region = o.Region
		o.Endpoint = sts.start(t)
		if got := ask(t, p, o); got.Status != verify.Active {
			t.Errorf("%+v: %+v", o, got)
		}
	}
}

func TestWrongHalvesAreInactive(t *testing.T) {
	p, sts := made(t, "{{asia}}")
	o := verify.Options{Endpoint: sts.start(t)}
	for part, c := range map[string]struct {
		pair verify.Pair
		want string
	}{
		"id":     {verify.Pair{ID: id("AKIA-Y34FZKBOKMUTVV7A"), Secret: p.Secret}, "InvalidClientTokenId"},
		"secret": {verify.Pair{ID: p.ID, Secret: scanner.Secret(strings.Repeat("s", 40)), Token: p.Token}, "SignatureDoesNotMatch"},
		"token":  {verify.Pair{ID: p.ID, Secret: p.Secret, Token: scanner.Secret("other")}, "InvalidClientTokenId"},
	} {
		if got := ask(t, c.pair, o); got.Status != verify.Inactive || !strings.Contains(got.Reason, c.want) || !got.Sent {
			t.Errorf("wrong %s: %+v, want %s", part, got, c.want)
		}
	}
}

func TestAnswersAreJudged(t *testing.T) {
	refuse := func(code, message string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { stsError(w, http.StatusForbidden, code, message) }
	}
	write := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) }
	}
	const good = "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>%s</Arn><Account>%s</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		status verify.Status
		reason string
	}{
		"expired":          {refuse("ExpiredToken", "The security token included in the request is expired"), verify.Inactive, "expired"},
		"clock":            {refuse("SignatureDoesNotMatch", "Signature expired: 1 is now earlier than 2"), verify.Unknown, "clock"},
		"early clock":      {refuse("SignatureDoesNotMatch", "Signature not yet current: 2 is still later than 1"), verify.Unknown, "clock"},
		"throttled":        {refuse("Throttling", "Rate exceeded"), verify.Unknown, "limits the rate"},
		"denied":           {refuse("AccessDenied", "no"), verify.Unknown, "STS returned AccessDenied"},
		"strange code":     {refuse("\x1b[31m/+=", "no"), verify.Unknown, "no valid response"},
		"failure":          {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, verify.Unknown, "no valid response"},
		"empty":            {write(""), verify.Unknown, "no valid response"},
		"garbage":          {write("\x00<<<"), verify.Unknown, "no valid response"},
		"HTML":             {write("<html><body>Sign in</body></html>"), verify.Unknown, "no valid response"},
		"no account":       {write(fmt.Sprintf(good, "arn:aws:iam::123456789012:root", "")), verify.Unknown, "no valid response"},
		"escapes":          {write(fmt.Sprintf(good, "arn:aws:iam::123456789012:user/&#10;::error::", "123456789012")), verify.Unknown, "no valid response"},
		"root":             {write(fmt.Sprintf(good, "arn:aws-cn:iam::123456789012:root", "123456789012")), verify.Active, ""},
		"role":             {write(fmt.Sprintf(good, "arn:aws:sts::123456789012:assumed-role/a/b", "123456789012")), verify.Active, ""},
		"too long":         {write(strings.Repeat(" ", 1<<20) + fmt.Sprintf(good, "arn:aws:iam::123456789012:root", "123456789012")), verify.Unknown, "no valid response"},
		"closed":           {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, verify.Unknown, ""},
		"no HTTP":          {hijack("SSH-2.0-OpenSSH_9.6\r\n"), verify.Unknown, "no valid response"},
		"unreadable error": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403); fmt.Fprint(w, "{}") }, verify.Unknown, "no valid response"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body) // who answers before is hung up on, at times
				c.answer(w, r)
			}))
			defer server.Close()
			p, _ := made(t, "{{akia}}")
			if got := ask(t, p, verify.Options{Endpoint: server.URL}); got.Status != c.status || !strings.Contains(got.Reason, c.reason) || !got.Sent {
				t.Errorf("%+v, want %s: %s", got, c.status, c.reason)
			}
		})
	}
}

// hijack answers with bytes that are no HTTP.
func hijack(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
			_, _ = conn.Write([]byte(text))
			_ = conn.Close()
		}
	}
}

func TestNoAnswerIsUnknown(t *testing.T) {
	p, _ := made(t, "{{akia}}")
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := closed.Addr().String()
	_ = closed.Close()
	if got := ask(t, p, verify.Options{Endpoint: "http://" + address}); got.Status != verify.Unknown || !strings.Contains(got.Reason, "no connection") {
		t.Errorf("nobody there: %+v", got)
	}
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	if got := ask(t, p, verify.Options{Endpoint: "http://" + silent.Addr().String(), Timeout: 50 * time.Millisecond}); got.Reason != "no response within 50ms" {
		t.Errorf("no answer: %+v", got)
	}
}

func TestPairsShareAConnection(t *testing.T) {
	p, sts := made(t, "{{akia}}")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sts.ServeHTTP(w, r)
		fmt.Fprint(w, strings.Repeat("\n", 8<<10)) // chunks that no decoder waits for
	}))
	defer server.Close()
	v, err := verify.New(verify.Options{Endpoint: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got := v.Verify(t.Context(), p); got.Status != verify.Active {
			t.Errorf("%+v", got)
		}
	}
	if first, then := sts.requests[0].RemoteAddr, sts.requests[1].RemoteAddr; first != then {
		t.Errorf("asked from %s, then from %s", first, then)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	p, other := made(t, "{{akia}}")
	target, err := url.Parse(other.start(t))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.RedirectHandler(target.String(), http.StatusTemporaryRedirect))
	defer server.Close()
	if got := ask(t, p, verify.Options{Endpoint: server.URL}); got.Status != verify.Unknown {
		t.Errorf("%+v", got)
	}
	if len(other.requests) > 0 {
		t.Error("the credential went to another host")
	}
}

// Credentials, regions and endpoints in the environment and in AWS's files are ignored.
func TestEnvironmentIsIgnored(t *testing.T) {
	p, sts := made(t, "{{akia}}")
	endpoint := sts.start(t)
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": id("AKIA-Y34FZKBOKMUTVV7A"), "AWS_SECRET_ACCESS_KEY": "other", "AWS_SESSION_TOKEN": "other",
		"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1", "AWS_PROFILE": "missing", "AWS_CONFIG_FILE": "/missing",
		"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:1", "AWS_USE_FIPS_ENDPOINT": "true",
		"AWS_EXECUTION_ENV": "surroundings", "AWS_LAMBDA_FUNCTION_NAME": "surroundings", "_X_AMZN_TRACE_ID": "surroundings",
		"AWS_SDK_UA_APP_ID": "surroundings",
	} {
		t.Setenv(name, value)
	}
	if got := ask(t, p, verify.Options{Endpoint: endpoint, Version: "1.2.3"}); got.Status != verify.Active {
		t.Fatalf("%+v", got)
	}
	sent := sts.requests[0]
	if got := sent.Header.Get("User-Agent"); got != "keyguard/1.2.3" {
		t.Errorf("user agent %q", got)
	}
	if text := fmt.Sprint(sent.Header); strings.Contains(text, "surroundings") || strings.Contains(text, p.Secret.Reveal()) {
		t.Errorf("sent: %s", text)
	}
}

func TestSomePairsAreNotAskedAbout(t *testing.T) {
	p, sts := made(t, "{{akia}}")
	o := verify.Options{Endpoint: sts.start(t)}
	for id, reason := range map[string]string{
		id("AKIA-SP2TPHJSQH3FJRUX"): "canary of canarytokens.org",
		id("AKIA-IOSFODNN7EXAMPLE"): "documentation",
		id("AKIA-QAAAAAAAGMKEM7X5"): "emulator",
		id("ASIA-ZAVB57H55F3T4BKH"): "session token",
	} {
		got := ask(t, verify.Pair{ID: id, Secret: p.Secret}, o)
		if got.Sent || got.Status != verify.Unknown || !strings.Contains(got.Reason, reason) {
			t.Errorf("%s: %+v, want %s", id, got, reason)
		}
	}
	if len(sts.requests) > 0 {
		t.Error("something was sent")
	}
	o.Canaries = true
	if got := ask(t, verify.Pair{ID: id("AKIA-SP2TPHJSQH3FJRUX"), Secret: p.Secret}, o); !got.Sent || got.Status != verify.Inactive {
		t.Errorf("forced canary: %+v", got)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for name, o := range map[string]verify.Options{
		"partition":        {Partition: "aws-moon"},
		"region as a host": {Region: "evil.example/"},
		"foreign region":   {Region: "cn-north-1"},
		"aws in gov":       {Partition: "aws-us-gov", Region: "us-east-1"},
		"isolated":         {Region: "us-isob-east-1"},
		"isolated, Europe": {Region: "eu-isoe-west-1"},
		"sovereign":        {Region: "eusc-de-east-1"},
		"isolated as gov":  {Partition: "aws-us-gov", Region: "us-iso-east-1"},
		"clear text":       {Endpoint: "http://sts.example.com"},
		"no URL":           {Endpoint: "sts.example.com"},
		"password":         {Endpoint: "https://user:pass@sts.example.com"},
		"local name":       {Endpoint: "http://localhost.example.com"},
	} {
		if _, err := verify.New(o); err == nil {
			t.Errorf("%s: %+v is taken", name, o)
		}
	}
	for _, o := range []verify.Options{{}, {Partition: "aws-cn"}, {Partition: "aws-us-gov"}, {Endpoint: "http://[::1]:4566"}, {Endpoint: "https://vpce-1.sts.eu-west-1.vpce.amazonaws.com"}} {
		if _, err := verify.New(o); err != nil {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

func TestPairsOfFindings(t *testing.T) {
	text, err := synth.New(7).Expand("aws_access_key_id = {{asia#id}}\naws_secret_access_key = {{secret#s}}\naws_session_token = {{token#t}}\n")
	if err != nil {
		t.Fatal(err)
	}
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	found := scanner.New(set, scanner.Options{}).ScanBytes([]byte(text))
	if len(found) != 1 {
		t.Fatalf("%d findings", len(found))
	}
	p, ok := verify.PairOf(&found[0])
	if want := fmt.Sprintf("%s\n%s\n%s", p.ID, p.Secret.Reveal(), p.Token.Reveal()); !ok || want != strings.NewReplacer("aws_access_key_id = ", "", "aws_secret_access_key = ", "", "aws_session_token = ", "").Replace(strings.TrimSpace(text)) {
		t.Errorf("%v: %s", ok, want)
	}
}
