package githooks

import (
	"testing"
)

func TestKeptOfMessage(t *testing.T) {
	const diff = " " + scissors + "\n# Do not modify\ndiff --git\n-key\n"
	for _, c := range []struct {
		name    string
		habits  editing
		message string
		want    string
	}{
		{"comments go, lines stay where they are", editing{"#", "default"}, "a\n# b\n\n#c\nd", "a\n\n\n\nd"},
		{"not behind a space", editing{"#", "strip"}, "a\n # b\n", "a\n # b\n"},
		{"another character", editing{";", "default"}, "a\n# b\n; c\n", "a\n# b\n\n"},
		{"a longer one", editing{"//", "default"}, "/ a\n// b\n", "/ a\n\n"},
		{"the diff of --verbose", editing{"#", "default"}, "a\n# b\n#" + diff, "a\n\n"},
		{"a line that looks like it", editing{";", "default"}, "a\n#" + diff, "a\n#" + diff},
		{"scissors keep comments", editing{"#", "scissors"}, "a\n# b\n#" + diff, "a\n# b\n"},
		{"verbatim", editing{"#", "verbatim"}, "a\n# b\n", "a\n# b\n"},
		{"an automatic character", editing{"auto", "default"}, "a\n# b\n;" + diff, "a\n# b\n"},
		{"line breaks of Windows", editing{"#", "default"}, "a\r\n# b\r\n# " + scissors + "\r\nx\r\n", "a\r\n\n"},
		{"nothing", editing{"#", "default"}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := string(c.habits.kept([]byte(c.message))); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
