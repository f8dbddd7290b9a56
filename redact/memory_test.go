package redact_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/redact"
	"github.com/keyguard/keyguard/scanner"
)

// wrap breaks text into lines of so many columns, of which the first has some already.
func wrap(text string, column, columns int, end string) string {
	var b strings.Builder
	for _, c := range text {
		if column == columns {
			b.WriteString(end)
			column = 0
		}
		b.WriteRune(c)
		column++
	}
	return b.String()
}

// TestRemembers: what was masked once is masked where nothing else shows it.
func TestRemembers(t *testing.T) {
	s := newScanner(t)
	const first = "export AWS_SECRET_ACCESS_KEY=%s\n"
	for _, c := range []struct {
		name, between string
		later         func(secret string) string
		want          string
	}{
		{"bare", "", func(s string) string { return s + "\n" }, "********\n"},
		{"in a word", "", func(s string) string { return "xY1" + s + "z\n" }, "xY1********z\n"},
		{"twice", "", func(s string) string { return s + " " + s + "\n" }, "******** ********\n"},
		{"76 columns", "", func(s string) string { return wrap(s, 60, 76, "\n") + "\n" }, "********\n********\n"},
		{"80 columns", "", func(s string) string { return wrap(s, 75, 80, "\r\n") + "\r\n" }, "********\r\n********\r\n"},
		{"a character a line", "", func(s string) string { return wrap(s, 0, 1, "\n") + "\n" }, strings.Repeat("********\n", 40)},
		{"indented", "", func(s string) string { return s[:20] + "  \n\t" + s[20:] + "\n" }, "********  \n\t********\n"},
		{"a mebibyte later", strings.Repeat("nothing to see\n", 1<<16), func(s string) string { return s + "\n" }, "********\n"},
		{"a part of it", "", func(s string) string { return s[:39] + "\n" }, "<39>\n"},
		{"another", strings.Repeat("nothing to see\n", 100), func(s string) string { return s[1:] + s[:1] + "\n" }, "<39><1>\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			secret := expand(t, "{{secret}}")
			named := fmt.Sprintf(first, secret)
			want := fmt.Sprintf(first, "********") + c.between + strings.NewReplacer("<39>", c.later(secret)[:39], "<1>", secret[:1]).Replace(c.want)
			for _, ticks := range []int{0, 2, 50} {
				texts := []string{named, c.between, c.later(secret)}
				if got := filtered(t, s, ticks, texts...); got != want {
					t.Errorf("%d ticks: got %q, want %q", ticks, got[max(0, len(got)-200):], want[max(0, len(want)-200):])
				}
			}
			if got := filtered(t, s, 0, named+c.between+c.later(secret)); got != want {
				t.Errorf("at once: got %q", got[max(0, len(got)-200):])
			}
		})
	}
}

// TestRemembersOnlyWhatCame: what comes before is not known yet, and what is allowed is
// not masked anywhere.
func TestRemembersOnlyWhatCame(t *testing.T) {
	s := newScanner(t)
	secret := expand(t, "{{secret}}")
	in := secret + "\n" + strings.Repeat("\n", 60) + "aws_secret_access_key=" + secret + "\n" + secret + "\n"
	want := secret + "\n" + strings.Repeat("\n", 60) + "aws_secret_access_key=********\n********\n"
	if got := filtered(t, s, 0, in); got != want {
		t.Errorf("got %q", got)
	}
	var out bytes.Buffer
	f := redact.New(&out, s, func(*scanner.Finding) bool { return true })
	io.WriteString(f, in)
	if f.Close(); out.String() != in {
		t.Errorf("allowed: %q", out.String())
	}
}

// TestRemembersOtherForms: a value under an encoding is known as it is, too, and an id by
// its last characters.
func TestRemembersOtherForms(t *testing.T) {
	s := newScanner(t)
	e := synth.New(3)
	encoded, err := e.Expand("{{(}}aws_access_key_id={{akia#id}} aws_secret_access_key={{secret#s}}{{)|base64}}")
	if err != nil {
		t.Fatal(err)
	}
	id, _ := e.Named("id")
	secret, _ := e.Named("s")
	got := filtered(t, s, 2, "data: "+encoded+"\n", "then "+secret+"\n", "and "+id[:10]+"\n"+id[10:]+"\n")
	if want := regexp.MustCompile(`^data: \S*\*{8}\S*\nthen \*{8}\nand \*{8}\n\*{8}\n$`); !want.MatchString(got) || strings.Contains(got, id[10:]) {
		t.Errorf("got %q", got)
	}
}

// TestForgets: the memory has a bound.
func TestForgets(t *testing.T) {
	s := newScanner(t)
	e := synth.New(4)
	var in strings.Builder
	var secrets []string
	for range 1100 {
		secret, err := e.Expand("{{secret}}")
		if err != nil {
			t.Fatal(err)
		}
		secrets = append(secrets, secret)
		fmt.Fprintf(&in, "aws_secret_access_key=%s\n", secret)
	}
	in.WriteString(strings.Repeat("nothing to see\n", 1<<16))
	out := filtered(t, s, 0, in.String(), strings.Join(secrets, "\n\n"))
	_, later, _ := strings.Cut(out, "nothing to see\n")
	shown := 0
	for _, secret := range secrets {
		shown += strings.Count(later, secret)
	}
	if first, last := strings.Contains(later, secrets[0]), strings.Contains(later, secrets[1099]); !first || last || shown < 60 || shown > 90 {
		t.Errorf("the first is shown: %v, the last: %v, of all: %d", first, last, shown)
	}
}

// FuzzRemembers: a secret that was masked comes again, in lines of any length, with any
// pauses: no more of it is to be read than 15 characters in a row.
func FuzzRemembers(f *testing.F) {
	s := newScanner(f)
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) {
		rng := rand.New(rand.NewPCG(seed, 2))
		e := synth.New(seed)
		// A bare secret depends on the lines around it, which follow after a pause.
		head, err := e.Expand([]string{"AWS_SECRET_ACCESS_KEY={{secret#s}}\n", "AWS_SESSION_TOKEN={{token#s}}\n"}[rng.IntN(2)])
		if err != nil {
			t.Fatal(err)
		}
		secret, _ := e.Named("s")
		if strings.Contains(filtered(t, s, 0, head), secret) {
			t.Skip("the checks take it for words")
		}
		columns := 1 + rng.IntN(100)
		rest := head + strings.Repeat("x y\n", rng.IntN(30)) + wrap(secret, rng.IntN(columns), columns, []string{"\n", "\r\n", "\n  "}[rng.IntN(3)]) + "\nend\n"
		var out bytes.Buffer
		filter := redact.New(&out, s, nil)
		for rest != "" {
			n := 1 + rng.IntN(len(rest))
			io.WriteString(filter, rest[:n])
			for range rng.IntN(4) * rng.IntN(20) {
				filter.Tick()
			}
			rest = rest[n:]
		}
		filter.Close()
		got := strings.NewReplacer("\n", "", "\r", "", " ", "").Replace(out.String())
		for i := 0; i+16 <= len(secret); i++ {
			if strings.Contains(got, secret[i:i+16]) {
				t.Fatalf("%q shows %q", out.String(), secret[i:i+16])
			}
		}
	})
}
