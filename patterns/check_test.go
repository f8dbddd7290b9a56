package patterns

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"
)

// checked returns the match of value in before + value + after that a check has seen.
func checked(check check, before, value, after string, confidence Confidence) Match {
	start := len(before)
	m := Match{SecretStart: start, SecretEnd: start + len(value), Value: []byte(value), Confidence: confidence}
	check([]byte(before+value+after), &m)
	return m
}

func TestCheckKeyID(t *testing.T) {
	const issued, words, digits = akia + "QNZGKIQY56JQ7WML", akia + "LALEMELZXOWUOLIB", akia + "LALEMEL33243OLIB"
	for _, c := range []struct {
		name, before, id string
		given, want      Confidence
		reason           string
	}{
		{"issued", "", issued, Sure, Sure, ""},
		{"too short", "", issued[1:], Sure, Sure, "not the length of a key ID"},
		{"too long", "", issued + "A", Sure, Sure, "not the length of a key ID"},
		{"emulator", "", akia + "QAAAAAAAGMKEM7X5", Sure, Sure, "key of an emulator (account 000000000000)"},
		{"placeholder", "", akia + "XXXXXXXXXXXXXXXX", Sure, Sure, "placeholder"},
		{"not base32", "", akia + "I44QH8DHB2XAMPLW", Sure, Unsure, ""},
		{"not issued", "", digits, Sure, Likely, ""},
		{"not issued, less sure", "", digits, Unsure, Unsure, ""},
		{"not issued, letters only", "", words, Sure, Sure, "reads as words: not an ID that AWS issued"},
		{"the same with a name", "my KEY: ", words, Sure, Likely, ""},
		{"the same with a name at the limit", "id" + strings.Repeat(".", keyNameReach-2), words, Sure, Likely, ""},
		{"the same with a name past the limit", "id" + strings.Repeat(".", keyNameReach-1), words, Sure, Sure, "reads as words: not an ID that AWS issued"},
	} {
		m := checked(checkKeyID, c.before, c.id, "", c.given)
		if m.Drop.Text != c.reason || m.Confidence != c.want {
			t.Errorf("%s: got %q, %s", c.name, m.Drop.Text, m.Confidence)
		}
		if (m.Drop.By == ByEmulator) != (c.name == "emulator") {
			t.Errorf("%s: dropped by %s", c.name, m.Drop.By)
		}
	}
}

// TestChecksOfValues runs checks that depend on the value only.
func TestChecksOfValues(t *testing.T) {
	past, future := time.Now().Unix()-5, time.Now().Unix()+3600
	text := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	for _, c := range []struct {
		name, value string
		dropped     bool
	}{
		{"not-hex", "0123456789abcdefABCDEF", true},
		{"not-hex", "0123456789abcdefg", false},
		{"not-hex", "0123456789@", false},
		{"not-hex", "0123`", false},
		{"not-hex", "0123G", false},
		{"not-hex", "0123/", false},
		{"not-hex", "0123:", false},
		{"mixed-case", "aZ0", false},
		{"mixed-case", "zA", false},
		{"mixed-case", "az0", true},
		{"mixed-case", "AZ0", true},
		{"not-plain-words", "az-_.:@,", true},
		{"not-plain-words", "az1", false},
		{"not-plain-words", "azA", false},
		{"not-plain-words", "{", false},
		{"not-plain-words", "`", false},
		{"not-reference", "op://vault", true},
		{"not-reference", "az:x", true},
		{"not-reference", "z9+.-:x", true},
		{"not-reference", "a:x", false},
		{"not-reference", "9a:x", false},
		{"not-reference", "aB:x", false},
		{"not-reference", "azx", false},
		{"not-reference", strings.Repeat("a", 15) + ":", true},
		{"not-reference", strings.Repeat("a", 16) + ":", false},
		{"not-placeholder", "CHANGEME", true},
		{"not-placeholder", "Qz7pR2mX", false},
		{"not-example", "myExampleKey", true},
		{"not-example", akia + "IOSFODNN7" + "EX" + "BCDEF", true},  // 5 of 20 bytes differ
		{"not-example", akia + "IOSFODNN8" + "EX" + "BCDEF", false}, // 6 of 20
		{"not-example", akia + "IOSFODNN7" + "EX" + "BCDEFG", false},
		{"not-jwt", "eyJhbGciOi", true},
		{"not-jwt", "xeyJhbGciOi", false},
		{"not-text", text("some words ~ here\r\n\t!"), true},
		{"not-text", text("some words \x7f here !"), false},
		{"not-text", text("some words \x1f here !"), false},
		{"not-text", text(strings.Repeat("a", 48) + "\x01"), true},
		{"not-text", text(strings.Repeat("a", 47) + "\x01"), false},
		{"not-text", "????", false},
		{"not-expired", fmt.Sprintf("Expires=%d&x", past), true},
		{"not-expired", fmt.Sprintf("Expires=%d&x", future), false},
		{"not-expired", "Expires=x", false},
		{"not-expired", "12", false},
		{"not-words", "internationalisation" + "4Q7Z2X9W5K8V3J6H0T1Y", true},  // 19 of 39 pairs
		{"not-words", "internationalisatio4" + "4Q7Z2X9W5K8V3J6H0T1Y", false}, // 18 of 39
		{"not-words", "xqzjvkqxzjwvqkzxjqvz" + "4Q7Z2X9W5K8V3J6H0T1Y", false}, // pairs that words lack
		{"not-words", "STATION4STATION4STATION4STATION4", true},               // 7 changes
		{"not-words", "STATION4STATION4STATION4STATION4S", false},             // 8
		{"not-words", "STation4STation4STation4STAtion4", true},               // 7, without those from a capital
	} {
		named, ok := checkNamed(c.name)
		if !ok {
			t.Fatal("unknown check", c.name)
		}
		if m := checked(named.check, "", c.value, "", Sure); m.Drop.IsZero() == c.dropped {
			t.Errorf("%s of %q: got %q", c.name, c.value, m.Drop.Text)
		}
	}
	if m := checked(checkMixedCase, "", "aZ", "", Likely); m.Drop.IsZero() {
		t.Error("letters only, with an uncertain name: not dropped")
	}
}

// TestChecksOfSurroundings runs checks that depend on the bytes around a value.
func TestChecksOfSurroundings(t *testing.T) {
	b64 := func(n int) string { return strings.Repeat("aB3/", n)[:n] }
	const value = "Q7ZK2M9XW4RT6YHPq7zk2m9x"
	for _, c := range []struct {
		name, before, after string
		dropped             bool
	}{
		{"not-in-blob", b64(20), b64(blobRun - 20 - len(value)), true},
		{"not-in-blob", b64(20), b64(blobRun - 20 - len(value) - 1), false},
		{"not-in-blob", b64(blobRun - len(value)), "", true},
		{"not-in-blob", "", b64(blobRun - len(value)), true},
		{"not-in-blob", b64(60) + " ", " " + b64(60), false},
		{"not-in-data", b64(100), b64(dataRun - 100 - len(value)), true},
		{"not-in-data", b64(100), b64(dataRun - 100 - len(value) - 1), false},
		{"not-in-text", "", "\n", true},
		{"not-in-text", "\n", "", true},
		{"not-in-text", "", "", false},
		{"not-in-text", "\n\t\r\x1b ", "", true},
		{"not-in-text", "\n\x00", "", false},
		{"not-in-text", "\n", "\x1f", false},
		{"not-in-text", "\n" + strings.Repeat(".", textReach-1), "", true},
		{"not-in-text", "\n" + strings.Repeat(".", textReach), "", false},
		{"not-in-text", "", strings.Repeat(".", textReach-1) + "\n", true},
		{"not-in-text", "", strings.Repeat(".", textReach) + "\n", false},
		{"not-in-lines", b64(21) + "\n", "\n", true},
		{"not-in-lines", b64(20) + "\n", "\n", false},
		{"not-in-lines", "", "\n" + b64(21), true},
		{"not-in-lines", "", "\n" + b64(20), false},
		{"not-in-lines", "", "\n" + b64(21) + "\nx", true},
		{"not-in-lines", "x = ", "\n" + b64(21), false},
		{"not-in-lines", "", ";\n" + b64(21), false},
		{"not-in-lines", "+", "==\n+" + b64(21) + "=\n", true},
		{"not-in-lines", "x\n\n", "\n" + b64(21) + "\n", true},
		{"not-in-lines", b64(21) + "\nx\n", "\n", false},
		{"not-in-lines", b64(21) + "\n" + strings.Repeat(" ", lineReach-23), "", true},
		{"not-in-lines", b64(21) + "\n" + strings.Repeat(" ", lineReach-21), "", false}, // one byte of the line is out of reach
		{"not-in-lines", "", strings.Repeat(" ", lineReach-22) + "\n" + b64(21), true},
		{"not-in-lines", "", strings.Repeat(" ", lineReach-21) + "\n" + b64(21), false},
	} {
		named, ok := checkNamed(c.name)
		if !ok {
			t.Fatal("unknown check", c.name)
		}
		if m := checked(named.check, c.before, value, c.after, Sure); m.Drop.IsZero() == c.dropped {
			t.Errorf("%s between %q and %q: got %q", c.name, c.before, c.after, m.Drop.Text)
		}
	}
}

func TestPlaceholder(t *testing.T) {
	for value, want := range map[string]bool{
		"aaaaQzRp": true, "aaaQzRpB": false, "QzRpabcd": true, "QzRpdcba": true, "QzRp7890": true, "QzRp0987": false, "QzRpBabcd": false,
		"QzRpkey": false, "QzkeyRp": false, "QkeyRp": true, "KEYQ7Z": true, "keykeyQzRpBn": true, "Qz7Qz7Qz7Qz7": true, "Qz7pQz7pQz7p": false, "Qz7pQz7pQz7pQz7p": true,
		"": true, "Q": false,
	} {
		if got := placeholder([]byte(value)); got != want {
			t.Errorf("%q: got %v", value, got)
		}
	}
}

func TestWordiness(t *testing.T) {
	for _, word := range []string{"information", "STATION", "zooKeeper"} {
		if got := wordiness([]byte(word)); got < 0.5 {
			t.Errorf("%s: got %.2f", word, got)
		}
	}
	pair := func(a, b int) float64 { return float64(letterPairs[a*26+b]-'0') - 5 }
	for s, want := range map[string]float64{
		"": 0, "a": 0, "1{2[": 0, "{a@`": 0,
		"aa": pair(0, 0), "az": pair(0, 25), "za": pair(25, 0), "zz": pair(25, 25), "TH": pair(19, 7), "th.aa": (pair(19, 7) + pair(0, 0)) / 2,
	} {
		if got := wordiness([]byte(s)); got != want {
			t.Errorf("%q: got %v, want %v", s, got, want)
		}
	}
}

// akia is the prefix of the key IDs in tests. Written in full they would be findings.
const akia = "AKIA"
