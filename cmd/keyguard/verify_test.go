package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/cli"
	"github.com/keyguard/keyguard/internal/synth"
)

// Package verify tests what is sent and how answers are judged; this tests what
// becomes of an answer.
func TestVerifyTellsWhoAPairIs(t *testing.T) {
	for _, c := range []struct {
		status int
		answer string
		code   cli.Exit
		want   string
	}{
		{200, `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ci</Arn><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
			cli.ExitFindings, "active  account 123456789012  arn:aws:iam::123456789012:user/ci\nkeyguard: 1 active, 0 inactive, 0 unknown\n"},
		{403, `<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>no</Message></Error></ErrorResponse>`,
			cli.ExitClean, "inactive  deleted, deactivated, or not of partition aws (InvalidClientTokenId)\nkeyguard: 0 active, 1 inactive, 0 unknown\n"},
		{400, `<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>`,
			cli.ExitError, "unknown  STS limits the rate of requests (Throttling)\nkeyguard: 0 active, 0 inactive, 1 unknown\n"},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			fmt.Fprint(w, c.answer)
		}))
		e := synth.New(5)
		text, err := e.Expand("aws_access_key_id = {{akia}}\naws_secret_access_key = {{secret#secret}}\n")
		if err != nil {
			t.Fatal(err)
		}
		var out, errOut bytes.Buffer
		a := &cli.App{In: strings.NewReader(text), Out: &out, Err: &errOut, Env: func(string) string { return "" }}
		code := run(context.Background(), a, []string{"verify", "--endpoint", server.URL, "-"})
		server.Close()
		if code != c.code || !strings.HasSuffix(out.String(), c.want) {
			t.Errorf("exit code %d, want %d:\n%s%s", code, c.code, &out, &errOut)
		}
		if secret, _ := e.Named("secret"); strings.Contains(out.String()+errOut.String(), secret) {
			t.Error("the secret was printed")
		}
	}
}
