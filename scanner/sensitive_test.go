package scanner_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// TestSensitiveFile: a sensitive file is one finding, by name and content, unless it
// contains a credential.
func TestSensitiveFile(t *testing.T) {
	s := newScanner(t)
	for _, c := range []struct{ name, path, text, want string }{
		{"values", "app/.env", "PORT=80\nAPI_KEY={{alnum 24}}\nDB_PASSWORD={{alnum 12}}\n", "env-file 2:9"},
		{"a credential", ".env", "AWS_SECRET_ACCESS_KEY={{secret}}\nAPI_KEY={{alnum 24}}\n", "aws-secret-access-key 1:23"},
		{"another name", "app/settings", "API_KEY={{alnum 24}}\n", ""},
		{"no values", ".env", "PORT=80\nAPI_KEY=\n", ""},
		{"far into a large file", ".env", "{{lines 100000}}API_KEY={{alnum 24}}\n", ""},
		{"a private key without an end", "server.pem", "-----BEGIN PRIVATE KEY-----\n{{b64 64}}\n", "private-key-file 2:1"},
		{"a private key", "server.pem", "-----BEGIN PRIVATE KEY-----\n{{b64 64}}\n-----END PRIVATE KEY-----\n", "private-key 1:1"},
		{"a certificate", "server.pem", "-----BEGIN CERTIFICATE-----\n{{b64 64}}\n-----END CERTIFICATE-----\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := expand(t, c.text)
			stream := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
			whole := &scanner.Blob{Origin: scanner.Origin{Path: c.path}, Open: opener(text)}
			got := ""
			for r := range s.Scan(t.Context(), lister{whole, {Origin: whole.Origin, Open: stream}}) {
				for _, f := range r.Findings {
					got += fmt.Sprintf("%s %d:%d\n", f.RuleID, f.Span.Line, f.Span.Column)
					if f.Kind == patterns.Sensitive && strings.Contains(f.Excerpt.Masked(), string(f.Secret)) {
						t.Error("its excerpt shows it")
					}
				}
			}
			if c.want != "" {
				c.want = strings.Repeat(c.want+"\n", 2) // in memory and as a stream
			}
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
