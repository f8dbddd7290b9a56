package corpus_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
)

// TestRandomText scans text that is random, without a credential. No rule may find one. It
// scans 5 MB of each kind, or as many as KEYGUARD_TEST_RANDOM_MB.
func TestRandomText(t *testing.T) {
	const chunk = 1 << 20
	size := 5
	if text := os.Getenv("KEYGUARD_TEST_RANDOM_MB"); text != "" {
		var err error
		if size, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	s := newScanner(t)
	for kind, token := range randomTokens() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(1, 0x72616e64))
			for n := range size {
				text := randomText(rng, chunk, token)
				for _, f := range s.ScanBytes([]byte(text)) {
					t.Errorf("rule %s found %s in MB %d of random %s, on the line %.4q… of %d bytes", f.RuleID, masked(f.Secret.Reveal()), n+1, kind, lineOf(text, f.Span.Line), len(lineOf(text, f.Span.Line)))
				}
			}
		})
	}
}

func lineOf(text string, line int) string { return strings.Split(text, "\n")[line-1] }

// randomSize returns a number of bytes: of a key in most cases, of a file in a few.
func randomSize(rng *rand.Rand) int {
	if rng.IntN(100) == 0 {
		return 6000
	}
	return 4 + rng.IntN(120)
}

// randomTokens returns the generators of a token of the kinds of random text.
func randomTokens() map[string]func(*rand.Rand) string {
	const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	words := strings.Fields(randomWords)
	return map[string]func(*rand.Rand) string{
		"base64": func(rng *rand.Rand) string {
			return base64.StdEncoding.EncodeToString(randomBytes(rng, randomSize(rng)))
		},
		"hex": func(rng *rand.Rand) string { return hex.EncodeToString(randomBytes(rng, randomSize(rng)/2)) },
		"base62": func(rng *rand.Rand) string {
			token := randomBytes(rng, randomSize(rng))
			for i, c := range token {
				token[i] = base62[int(c)%len(base62)]
			}
			return string(token)
		},
		"words": func(rng *rand.Rand) string {
			name := words[rng.IntN(len(words))]
			for range rng.IntN(4) {
				name += []string{"_", "-", ".", "", " "}[rng.IntN(5)] + words[rng.IntN(len(words))]
			}
			return name
		},
	}
}

func randomBytes(rng *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rng.Uint32())
	}
	return b
}

// randomText returns at least size bytes of tokens, each in one of the layouts of files.
func randomText(rng *rand.Rand, size int, token func(*rand.Rand) string) string {
	layouts := []string{"%s\n", "%s ", "\"%s\",\n", "value: %s\n", "id=%s&", "<td>%s</td>\n", "/%s/", "data[%s] = %s;\n"}
	var b strings.Builder
	for b.Len() < size {
		layout := layouts[rng.IntN(len(layouts))]
		args := make([]any, strings.Count(layout, "%s"))
		for i := range args {
			args[i] = token(rng)
		}
		fmt.Fprintf(&b, layout, args...)
	}
	return b.String()
}

// randomWords includes words of rules, which must not be enough for a finding.
const randomWords = `
access account action active address admin agent alert amazon amount analytics api app application archive array assert asset
assign async attach audit auth author authorization aws azure backup balance base bearer binary block body branch bridge browser
bucket buffer build button bytes cache callback cancel catalog certificate channel chart check child client cloud cluster code
collection column command comment commit compare complete component config connect console constant consumer container content
context control cookie copy counter create credential cursor custom data database date debug decode default delete deploy detail
device digest direct directory discord disk docker document domain download draft driver element email enable encode encrypt end
endpoint engine entity entry environment error event example exchange execute expire export extension factory failure family
feature field figure file filter final find first flag folder force form format forward frame framework function gateway general
generate get github gitlab global google grant graph group guide handler hash header health heroku history home hook host html
icon identifier identity image import index info input insert instance integer interface internal issue item iterate job join
json key keyword label language last layer layout library license light limit line link list load local location lock log login
machine main manager map mark master match member memory menu merge message metadata method middleware migrate mode model module
monitor name network next node note notify number object offset openai operation option order organization origin output owner
package page panel parameter parent parse partner passphrase password patch path pattern payload payment permission phone
pipeline plan platform player plugin point policy pool port position postgres prefix preview price primary print private process
product profile program project promise property protocol provider proxy public publish pull purchase push query queue random
range read record redirect reference refresh region register registry release remote remove render replace report repository
request reset resource response restore result return review right role root route rule sample save schedule schema scope screen
script search secret section security select send sender server service session set setting shape share shell sign signature
size slack slot snapshot socket sort source space stack stage standard start state static status step storage store stream string
stripe style submit subscription success summary support switch symbol sync system table tag target task team template tenant
test text theme thread ticket time title token tool topic total trace track transaction transfer transform tree trigger twilio
type unique unit update upload user username utility valid value variable vault vendor verify version video view virtual volume
wait wallet warning watch webhook website widget width window word worker workflow workspace wrapper write xml zone zoom
`
