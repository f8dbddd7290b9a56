package corpus_test

import (
	_ "embed"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

//go:embed names.txt
var namesTable string

// namesAround returns the text before a name, by the label in the second column of the
// table.
func namesAround() map[string]string {
	return map[string]string{
		"alone":     "",
		"id":        "",
		"region":    "AWS_REGION=eu-west-1\nAWS_BUCKET=media\n",
		"google":    "aws: no\naccess_key: GOOG1E{{upnum 55}}\n",
		"minio":     "# AWS S3 or the like\naccess_key: {{upnum 20}}\n",
		"aliyun":    "# not AWS\naccess_key_id: LTAI{{alnum 20}}\n",
		"tencent":   "# not AWS\nsecret_id: AKID{{alnum 32}}\n",
		"pair":      "AWS_ACCESS_KEY_ID={{akia}}\nAWS_SECRET_ACCESS_KEY={{secret}}\n",
		"reference": "AWS_ACCESS_KEY_ID={{akia}}\nAWS_SECRET_ACCESS_KEY=${FROM_VAULT}\n",
	}
}

// TestNames holds the decision whose a secret is to a table, half of which is on
// either side. One line of a side may be wrong.
func TestNames(t *testing.T) {
	const least, allowed = 150, 1
	s := newScanner(t)
	total, wrong := make(map[string]int), make(map[string]int)
	for n, line := range strings.Split(namesTable, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		side, rest, _ := strings.Cut(line, " ")
		around, text, _ := strings.Cut(rest, " ")
		before, ok := namesAround()[around]
		if side != "aws" && side != "other" || !ok {
			t.Fatalf("names.txt:%d: unknown side or surroundings: %s", n+1, line)
		}
		total[side]++
		text = before + strings.ReplaceAll(text, `\n`, "\n") + "\n"
		if found := reportsNamed(t, s, uint64(n), text); found != (side == "aws") {
			wrong[side]++
			t.Logf("names.txt:%d: found is %t: %s", n+1, found, line)
		}
	}
	for _, side := range []string{"aws", "other"} {
		if total[side] < least || wrong[side] > allowed {
			t.Errorf("%s: %d of %d wrong; %d may be, of at least %d", side, wrong[side], total[side], allowed, least)
		}
	}
}

// reportsNamed reports whether the secret s of a template is found: in a pair with
// k if there is one.
func reportsNamed(t *testing.T, s *scanner.Scanner, seed uint64, template string) bool {
	t.Helper()
	e := synth.New(seed)
	text, err := e.Expand(template)
	if err != nil {
		t.Fatal(err)
	}
	secret, _ := e.Named("s")
	id, paired := e.Named("k")
	for _, f := range s.ScanBytes([]byte(text)) {
		if string(f.Secret.Reveal()) == secret && f.Family == "aws" {
			return !paired || f.Kind == patterns.KeyPair && f.KeyID == id && f.Confidence == patterns.Sure
		}
	}
	return false
}
