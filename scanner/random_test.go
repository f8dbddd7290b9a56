package scanner_test

import (
	"testing"

	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// TestRandomSecretsAreFound: no check may drop more of what is random than it
// says of itself, wherever the random signs and letters happen to stand.
func TestRandomSecretsAreFound(t *testing.T) {
	const (
		tries   = 2000
		allowed = 6 // of them: 0.3 %
	)
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s := scanner.New(set, scanner.Options{})
	for name, layout := range map[string]string{
		"environment":    "AWS_SECRET_ACCESS_KEY={{b64 40}}\n",
		"credentials":    "aws_secret_access_key = {{b64 40}}\n",
		"JSON":           `{"SecretAccessKey": "{{b64 40}}"}`,
		"with its id":    "AWS_ACCESS_KEY_ID={{akia}}\nAWS_SECRET_ACCESS_KEY={{b64 40}}\n",
		"id and no name": "Client(\"{{akia}}\", \"{{b64 40}}\")\n",
		"table":          "Access key ID,Secret access key\n{{akia}},{{b64 40}}\n",
		"YAML":           "access_key: {{akia}}\nsecret_key: {{b64 40}}\n",
	} {
		t.Run(name, func(t *testing.T) {
			random := synth.New(1)
			missed := 0
			for range tries {
				text, err := random.Expand(layout)
				if err != nil {
					t.Fatal(err)
				}
				found := s.ScanBytes([]byte(text))
				if len(found) != 1 || found[0].Kind == patterns.AccessKeyID {
					missed++
				}
			}
			t.Logf("%d of %d missed", missed, tries)
			if missed > allowed {
				t.Errorf("%d of %d missed", missed, tries)
			}
		})
	}
}
