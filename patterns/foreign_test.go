package patterns

import (
	"strings"
	"testing"
)

func TestForeign(t *testing.T) {
	const body = "Q7ZK2M5XW4RT6YHP"
	const own, other = "AKIA" + body, "ABCD" + "Q7ZK2M9XW4RT6YHP"
	for _, c := range []struct {
		name, text string
		want       bool
	}{
		{"no id", "secret: X", false},
		{"another's id", "access_key: " + other + "\nsecret: X", true},
		{"another's id after", "secret: X\naccess_key: " + other, true},
		{"an id of AWS", "access_key: " + own + "\nsecret: X", false},
		{"in lower case", "access_key: " + strings.ToLower(own) + "\nsecret: X", false},
		{"a role's", "access_key: AROA" + other[4:] + "\nsecret: X", false},
		{"of AWS, nearer than another's", "access_key: " + other + "\naccess_key: " + own + "\nsecret: X", false},
		{"another's, nearer than AWS's", "access_key: " + own + "\naccess_key: " + other + "\nsecret: X", true},
		{"under any name, by its beginning", "id: GOOG1E" + strings.Repeat("A2", 25) + "\nsecret: X", true},
		{"too short for an id", "id: GOOGLE\nsecret: X", false},
		{"within a word", "id: xGOOG1E" + strings.Repeat("A2", 25) + "\nsecret: X", false},
	} {
		if got := foreignReason([]byte(c.text), strings.Index(c.text, "X"), awsNames(t)); (got != "") != c.want {
			t.Errorf("%s: got %q", c.name, got)
		}
	}
}

func TestForeignTokens(t *testing.T) {
	for text, want := range map[string]bool{
		`session_token: "eyJhbGciOi`: false, `sessionToken: "eyJhbGciOi`: true, `SESSIONTOKEN="eyJhbGciOi`: true, `sessionToken: "eyJxbGciOi`: false,
		"sessiontoken" + strings.Repeat(" ", 7) + `"eyJhbGciOi`: true, "sessiontoken" + strings.Repeat(" ", 8) + `"eyJhbGciOi`: false,
	} {
		if got := foreignReason([]byte(text), 0, nil); (got != "") != want {
			t.Errorf("%q: got %q", text, got)
		}
	}
}

func TestHasID(t *testing.T) {
	for text, want := range map[string]bool{
		"GOOG" + strings.Repeat("1", 16): true, "GOOG" + strings.Repeat("1", 15): false, "GOOG" + strings.Repeat("-", 16): false,
		"xGOOG" + strings.Repeat("1", 16): false, "=GOOG" + strings.Repeat("1", 16): true, "GOOG1 GOOG" + strings.Repeat("1", 16): true, "GOO" + strings.Repeat("1", 17): false,
		"GOOG" + strings.Repeat("1", 15) + " 1": false, "": false,
	} {
		if got := hasID([]byte(text), "GOOG"); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

func TestIDAfter(t *testing.T) {
	upper := func(n int) string { return "Q7ZK2M5XW4RT6YHP8N3B9VCDF"[:n] }
	for text, want := range map[string]string{
		`_key: "` + upper(18) + `"`: upper(18), "=" + upper(24): upper(24), "key>" + upper(20) + "<": upper(20),
		"=" + upper(17): "", "=" + upper(25): "", upper(20): "",
		"=" + strings.ToLower(upper(20)): strings.ToLower(upper(20)), "=" + strings.ToLower(upper(19)): "", "=" + upper(20) + "/x": "",
		"=" + strings.ToLower(upper(21)): "", "=za" + upper(17): "",
		strings.Repeat("_", 43) + "=" + upper(20): upper(20), strings.Repeat("_", 44) + "=" + upper(20): upper(19),
	} {
		if got := string(idAfter([]byte(text))); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestForeignIDsNearASecret(t *testing.T) {
	const other = "access_key: ABCDQ7ZK2M9XW4RT6YHP\n"
	for _, c := range []struct {
		name      string
		before    string
		after     string
		ownership Ownership
		dropped   bool
		want      Confidence
	}{
		{"none", "", "", OwnerUnnamed, false, Sure},
		{"before", other, "", OwnerUnnamed, true, Sure},
		{"after", "", "\n" + other, OwnerLikely, true, Sure},
		{"named after the owner", other, "", OwnerNamed, false, Unsure},
		{"at the greatest distance before", other + strings.Repeat(" ", foreignReach-len(other)), "", OwnerUnnamed, true, Sure},
		{"too far before", other + strings.Repeat(" ", foreignReach-len(other)+1), "", OwnerUnnamed, false, Sure},
		{"too far after", "", strings.Repeat(" ", foreignReach-5) + other, OwnerUnnamed, false, Sure},
	} {
		text := c.before + "X" + c.after
		m := Match{SecretStart: len(c.before), SecretEnd: len(c.before) + 1, Confidence: Sure, Name: Name{Ownership: c.ownership}}
		checkNotBesideForeignID([]byte(text), &m)
		if m.Drop.IsZero() == c.dropped || m.Confidence != c.want {
			t.Errorf("%s: got %q, %s", c.name, m.Drop.Text, m.Confidence)
		}
	}
}
