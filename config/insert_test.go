package config_test

import (
	"strings"
	"testing"

	"github.com/keyguard/keyguard/config"
)

func TestAddFingerprint(t *testing.T) {
	fp := func(digit string) string { return strings.Repeat(digit, 32) }
	text := "# mine\n[scan]\njobs = 2 # two\n"
	for _, digit := range []string{"5", "9", "3", "7"} {
		out, err := config.AddFingerprint("x", []byte(text), fp(digit), "say \""+digit+"\"", nil)
		if err != nil {
			t.Fatal(err)
		}
		text = string(out)
	}
	want := "# mine\n[scan]\njobs = 2 # two\n"
	for _, digit := range []string{"3", "5", "7", "9"} {
		want += "\n[[allow]]\nfingerprints = [\"" + fp(digit) + "\"]\nreason = \"say \\\"" + digit + "\\\"\"\n"
	}
	if text != want {
		t.Errorf("got:\n%s\nwant:\n%s", text, want)
	}
}

func TestAddFingerprintKeepsComments(t *testing.T) {
	last := "# about the next\n# and more\n[[allow]]\nfingerprints = [\"" + strings.Repeat("9", 32) + "\"]\nreason = \"x\"\n"
	date, err := config.ParseDate("2030-01-31")
	if err != nil {
		t.Fatal(err)
	}
	out, err := config.AddFingerprint("x", []byte(last), strings.Repeat("1", 32), "y", &date)
	if err != nil {
		t.Fatal(err)
	}
	if want := "[[allow]]\nfingerprints = [\"" + strings.Repeat("1", 32) + "\"]\nreason = \"y\"\nexpires = 2030-01-31\n\n" + last; string(out) != want {
		t.Errorf("got:\n%s", out)
	}
	if _, err := config.AddFingerprint("x", []byte("allow = []\n"), strings.Repeat("1", 32), "y", nil); err == nil {
		t.Error("an inline list was added to")
	}
}
