package inspect_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/keyguard/keyguard/inspect"
	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

func ExampleParseID() {
	c, err := inspect.ParseID(id("AKIA-ZAVB57H55F3T4BKH"))
	if err != nil {
		panic(err)
	}
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, f := range c.Facts(now)[1:] {
		fmt.Println(f.Name+":", f.Value)
	}
	fmt.Println(c.Steps(now)[7].Text)
	// Output:
	// kind: access key ID of an IAM user or of the root user
	// lifetime: long-term: until it is deleted
	// generation: new: contains the account number
	// account: 619888638459
	// Deactivate it. If something fails, --status Active reverts this.
}

// id joins the halves of an id that no scanner should find here.
func id(halves string) string { return strings.Replace(halves, "-", "", 1) }

// now is when the tests take place.
func now() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }

// tell writes facts and steps as one text.
func tell(c inspect.Credential) string {
	var b strings.Builder
	for _, f := range c.Facts(now()) {
		fmt.Fprintf(&b, "%s: %s\n", f.Name, f.Value)
	}
	for _, s := range c.Steps(now()) {
		fmt.Fprintf(&b, "%s\n%s\n", s.Text, strings.Join(s.Commands, "\n"))
	}
	return b.String()
}

func TestIDsTellWhatTheyAre(t *testing.T) {
	for id, want := range map[string][]string{
		id("AKIA-SP2TPHJSQH3FJRUX"):  {"account: 171436882533", "canary: yes, of canarytokens.org", "Do not use or verify it"},
		id("AKIA-IOSFODNN7EXAMPLE"):  {"harmless: yes: documentation example", "Nothing"},
		id("AKIA-QAAAAAAAGMKEM7X5"):  {"account: 000000000000", "harmless: yes: key of an emulator"},
		id("AKIA-JQ2WXSZ3EDC4RFV5"):  {"generation: old", "account: not in the ID", "aws sts get-access-key-info --access-key-id AKIAJ"},
		id("AKIA-KQ2WXSZ3EDC4RFV5"):  {"generation: neither"},
		id("AKIA-ZAVB18H59F3T4BKH"):  {"generation: none: not base32"},
		id("ASIA-ZAVB57H55F3T4BKH"):  {"account: 619888638459", "lifetime: temporary", `{"aws:TokenIssueTime":"2026-01-02T03:04:05Z"}`, "put-role-policy --role-name ROLE", "put-user-policy --user-name USER"},
		id("ABIA-ZAVB57H55F3T4BKH"):  {"bearer token", "and expires"},
		id("ACCA-QFODXMPL4YFHP7DZE"): {"service-specific credential", "--service-specific-credential-id ACCAQFODXMPL4YFHP7DZE --status Inactive"},
		id("AROA-DBQP57FF2AEXAMPLE"): {"unique ID of an IAM role", "Nothing to do: it is an identifier"},
		id("AIDA-DBQP57FF2AEXAMPLE"): {"unique ID of an IAM user"},
		id("APKA-JIKZATYYYEXAMPLE"):  {"public key"},
	} {
		c, err := inspect.ParseID(id)
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		for _, w := range want {
			if got := tell(c); !strings.Contains(got, w) {
				t.Errorf("%s: no %q in\n%s", id, w, got)
			}
		}
	}
}

func TestOtherTextIsNoIDAndIsNotRepeated(t *testing.T) {
	e := synth.New(3)
	for _, template := range []string{
		"{{secret}}", "{{b32 20}}", "ASKED{{b32 15}}", "AKIA{{b32 15}}", "AKIA{{b32 17}}", "AKIA", "akia{{lower 16}}", "AKIA{{b32 12}}-234", "", "AROA{{b32 200}}",
	} {
		s, err := e.Expand(template)
		if err != nil {
			t.Fatal(err)
		}
		_, err = inspect.ParseID(s)
		if !errors.Is(err, inspect.ErrNoID) || s != "" && strings.Contains(err.Error(), s) {
			t.Errorf("%s: %v", template, err)
		}
	}
}

// Rotation without an interruption has an order: the successor works before the
// old key stops, and stops before it is deleted.
func TestRotationIsInOrder(t *testing.T) {
	c, err := inspect.ParseID(id("AKIA-ZAVB57H55F3T4BKH"))
	if err != nil {
		t.Fatal(err)
	}
	text, last := tell(c), -1
	for _, command := range []string{
		"get-access-key-last-used", "belongs to the root user", "list-attached-user-policies", "cloudtrail lookup-events", "create-access-key",
		"get-caller-identity", "update-access-key", "delete-access-key", "put-user-policy", "detach-user-policy",
	} {
		at := strings.Index(text, command)
		if at < last {
			t.Errorf("%s is missing, or before what it follows", command)
		}
		last = at
	}
}

// Steps that name others by number must name the right ones. A quarantine hits the
// successor too, if that is the same user's.
func TestRotationUnderQuarantine(t *testing.T) {
	c, err := inspect.ParseID(id("AKIA-ZAVB57H55F3T4BKH"))
	if err != nil {
		t.Fatal(err)
	}
	steps := c.Steps(time.Now())
	for _, s := range steps {
		if strings.Contains(s.Text, "step 8") && !strings.HasPrefix(steps[8-1].Text, "Deactivate it") ||
			strings.Contains(s.Text, "Step 3") && !strings.Contains(strings.Join(steps[3-1].Commands, ""), "list-attached") ||
			strings.Contains(s.Text, "step 4") && !strings.Contains(steps[4-1].Text, "CloudTrail") {
			t.Errorf("wrong number: %s", s.Text)
		}
	}
	for i, want := range map[int]string{2: "AWSCompromisedKeyQuarantine", 4: "another user", len(steps) - 1: "detach the policy last"} {
		if !strings.Contains(steps[i].Text, want) {
			t.Errorf("step %d lacks %q: %s", i+1, want, steps[i].Text)
		}
	}
}

// of describes the only finding in a template's text.
func of(t *testing.T, template string) (inspect.Credential, *synth.Expander) {
	t.Helper()
	e := synth.New(11)
	text, err := e.Expand(template)
	if err != nil {
		t.Fatal(err)
	}
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	found := scanner.New(set, scanner.Options{}).ScanBytes([]byte(text))
	if len(found) != 1 {
		t.Fatalf("%d findings in %q", len(found), template)
	}
	return inspect.Of(&found[0]), e
}

func TestBedrockKeysAreDecoded(t *testing.T) {
	const short = "key = bedrock-api-key-{{(}}bedrock.amazonaws.com/?Action=CallWithBearerToken&X-Amz-Algorithm=AWS4-HMAC-SHA256" +
		"&X-Amz-Credential={{asia#id}}%2F2026%2Fus-east-1%2Fbedrock%2Faws4_request&X-Amz-Date=DATE&X-Amz-Expires=43200" +
		"&X-Amz-Security-Token={{token#token}}&X-Amz-Signature={{hex 64#signature}}&X-Amz-SignedHeaders=host&Version=1{{)|base64}}"
	for template, want := range map[string][]string{
		"AWS_BEARER_TOKEN_BEDROCK=ABSK{{(}}BedrockAPIKey-a1b2-at-123456789012:{{b64 60#token}}{{)|base64}}": {
			"account: 123456789012", "user: BedrockAPIKey-a1b2", "lifetime: long-term",
			"list-service-specific-credentials --all-users --service-name bedrock.amazonaws.com", "--user-name BedrockAPIKey-a1b2 "},
		strings.Replace(short, "DATE", "20260102T000000Z", 1): {"ID: ASIA", "account: ", "lifetime: until 2026-01-02T12:00:00Z", "put-role-policy"},
		strings.Replace(short, "DATE", "20260101T000000Z", 1): {"lifetime: expired at 2026-01-01T12:00:00Z", "Nothing to do: it has expired"},
		strings.Replace(short, "DATE", "yesterday", 1):        {"ID: ASIA", "put-role-policy"},
	} {
		c, e := of(t, template)
		got := tell(c)
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("no %q in\n%s", w, got)
			}
		}
		for _, name := range []string{"token", "signature"} {
			if secret, ok := e.Named(name); ok && strings.Contains(got, secret[:20]) {
				t.Errorf("the %s is shown", name)
			}
		}
	}
}

func TestFindingsAreDescribed(t *testing.T) {
	for template, want := range map[string]string{
		"aws_access_key_id={{akia}}\naws_secret_access_key={{secret}}":                              "a key ID with its secret",
		"aws_secret_access_key={{secret}}":                                                          "Find its key ID",
		"AWS_SESSION_TOKEN={{token}}":                                                               "starts with ASIA",
		"SES_SMTP_PASSWORD=BLBM{{b64 40}}":                                                          "whose ID is the SMTP user name",
		"username = jane-at-{{digits 12}}\npassword = {{b64 43}}=\n":                                "--service-specific-credential-id ACCA… --status Inactive",
		"client_secret: amzn1.oa2-cs.v1.{{hex 64}}":                                                 "in the service that issued it",
		`"refreshToken": "aorAAAAAG{{alnum 90}}:MGU{{b64 100}}"`:                                    "aws sso logout",
		"AWS_BEARER_TOKEN_BEDROCK=ABSK{{b64 120}}":                                                  "bedrock.amazonaws.com",
		"token = bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t{{b64 600}}":                           "expires within 12 hours",
		"aws_access_key_id={{asia}}\naws_secret_access_key={{secret}}\naws_session_token={{token}}": "until the session ends",
	} {
		c, _ := of(t, template)
		if got := tell(c); !strings.Contains(got, want) {
			t.Errorf("%s: no %q in\n%s", template, want, got)
		}
	}
}

// What is taken for an id is one, with something to say and to do.
func FuzzParseID(f *testing.F) {
	for _, s := range []string{"", id("AKIA-ZAVB57H55F3T4BKH"), "ACCA", id("AROA-DBQP57FF2AEXAMPLE"), "akia\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := inspect.ParseID(s)
		if err != nil {
			return
		}
		if c.ID != s || strings.ToUpper(s) != s || len(c.Facts(now())) < 2 || len(c.Steps(now())) == 0 {
			t.Errorf("%q: %+v", s, c)
		}
	})
}
