package patterns

import (
	"strings"
	"testing"
)

func TestEscapeEndsAt(t *testing.T) {
	for _, c := range []struct {
		before string
		want   bool
	}{
		{`\n`, true}, {`\a`, true}, {`\0`, true}, {`%3D`, true}, {`\x3d`, true}, {`\X3d`, true}, {`\u003D`, true}, {`\U003D`, true}, {`\075`, true},
		{"\x1b[1;31m", true}, {"\x1b[m", true}, {"x\x1b[m", true}, {"\x1b[" + strings.Repeat("1", 17) + "m", true},
		{`n`, false}, {`\c`, false}, {`3D`, false}, {`%3`, false}, {`%3g`, false}, {`%g3`, false}, {`xy`, false}, {`\y3d`, false}, {`\x3g`, false}, {``, false},
		{`\v003D`, false}, {`\u003g`, false}, {`\ug03D`, false}, {`\085`, false}, {`\805`, false}, {`\058`, false}, {`u075`, false},
		{`[1;31m`, false}, {`[m`, false}, {"\x1b1m", false}, {"\x1b[x1m", false}, {`m`, false}, {"\x1b[" + strings.Repeat("1", 19) + "m", false},
	} {
		text := []byte(c.before + "AKIA")
		if got := escapeEndsAt(text, len(c.before)); got != c.want {
			t.Errorf("%q: got %v", c.before, got)
		}
	}
}

func TestPatchMarkEndsAt(t *testing.T) {
	for _, c := range []struct {
		before string
		want   bool
	}{
		{"+", true}, {"x\n+", true}, {"x\r+", true}, {"++", true}, {"x\n +", true}, {"x\n> +", true}, {"x\n-+", true}, {"x\n| +", true}, {"x\n\t+", true},
		{"", false}, {"-", false}, {"x\n", false}, {"x+", false}, {"a\nx+", false}, {"+ ", false},
		{strings.Repeat("+", maxMarks), true}, {"x\n" + strings.Repeat("+", maxMarks), true}, {strings.Repeat("+", maxMarks+1), false},
	} {
		if got := patchMarkEndsAt([]byte(c.before+"secret"), len(c.before)); got != c.want {
			t.Errorf("%q: got %v", c.before, got)
		}
	}
}

func TestOptionEndsAt(t *testing.T) {
	for before, want := range map[string]bool{
		"-u": true, " -u": true, "\t-u": true, "\n-u": true, `"-u`: true, "'-u": true,
		"": false, "u": false, "uu": false, "x-u": false, "--u": false, "-u ": false, "xx-u": false,
	} {
		if got := optionEndsAt([]byte(before+" - "), len(before)); got != want {
			t.Errorf("%q: got %v", before, got)
		}
	}
}

func TestIDEndsAt(t *testing.T) {
	id := "ASIA" + "QNZGKIQY56JQ7WML"
	for before, want := range map[string]bool{
		id + "/": true, "x" + id + "/": true,
		id: false, id + "+": false, id[1:] + "/": false, "AKIA" + "I44QH8DHBEXAMPLE" + "/": false, "XXXX" + id[4:] + "/": false,
	} {
		if got := idEndsAt([]byte(before), len(before)); got != want {
			t.Errorf("%q: got %v", before, got)
		}
	}
}
