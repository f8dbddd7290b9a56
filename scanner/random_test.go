package scanner_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// TestRandomSecretsAreFound: a random secret with a name or an ID is never dropped by a
// check, for any sequence of characters.
func TestRandomSecretsAreFound(t *testing.T) {
	const (
		files = 140
		rows  = 50 // in a file, so 7,000 of each layout
	)
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s := scanner.New(set, scanner.Options{})
	for name, layout := range map[string]string{
		"environment":    "AWS_SECRET_ACCESS_KEY={{b64 40}}\n",
		"JSON":           `{"SecretAccessKey": "{{b64 40}}"}` + "\n",
		"with its id":    "AWS_ACCESS_KEY_ID={{akia}}\nAWS_SECRET_ACCESS_KEY={{b64 40}}\n",
		"id and no name": "Client(\"{{akia}}\", \"{{b64 40}}\")\n",
		"table":          "{{akia}},{{b64 40}}\n",
		"YAML":           "access_key: {{akia}}\nsecret_key: {{b64 40}}\n",
	} {
		t.Run(name, func(t *testing.T) {
			random := synth.New(1)
			found := 0
			for range files {
				text, err := random.Expand(strings.Repeat(layout, rows))
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range s.ScanBytes([]byte(text)) {
					if f.Kind != patterns.AccessKeyID {
						found++
					}
				}
			}
			if found != files*rows {
				t.Errorf("found %d of %d", found, files*rows)
			}
		})
	}
}

// TestWordsAreNoSecret: a value with the letters of words is dropped.
func TestWordsAreNoSecret(t *testing.T) {
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s := scanner.New(set, scanner.Options{})
	for _, value := range []string{
		"TeamPlatform/Production/DatabaseCredenti", "com/AWSEC2/latest/UserGuide/EBSOptimized", "SecretRotationFunctionServiceRole1A2B3C4",
		"/prod/app1/Database/Master/SecretKey/v01", "kubernetesClusterAutoscalerPrdEuWest1Rol",
	} {
		if found := s.ScanBytes([]byte("aws_secret_access_key = " + value + "\n")); len(value) != 40 || len(found) > 0 {
			t.Errorf("%d bytes are a secret: %s", len(value), bytes.ToUpper([]byte(value)))
		}
	}
}
