package redact_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/redact"
	"github.com/keyguard/keyguard/scanner"
)

func newScanner(t testing.TB) *scanner.Scanner {
	t.Helper()
	set, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return scanner.New(set, scanner.Options{})
}

func expand(t testing.TB, template string) string {
	t.Helper()
	text, err := synth.New(1).Expand(template)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// filtered returns what comes out when texts come one after the other, with so many
// ticks after each.
func filtered(t testing.TB, s *scanner.Scanner, ticks int, texts ...string) string {
	t.Helper()
	var out bytes.Buffer
	f := redact.New(&out, s, nil)
	for _, text := range texts {
		if _, err := io.WriteString(f, text); err != nil {
			t.Fatal(err)
		}
		for range ticks {
			if err := f.Tick(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestMasks(t *testing.T) {
	s := newScanner(t)
	for _, c := range []struct {
		name, in string // in: a template, in which «…» is to be masked, and ‹…› is an id
	}{
		{"a pair", "aws_access_key_id = ‹{{akia}}›\naws_secret_access_key = «{{secret}}»\n"},
		{"without a last line break", "AWS_SECRET_ACCESS_KEY=«{{secret}}»"},
		{"CRLF", "aws_access_key_id = ‹{{akia}}›\r\naws_secret_access_key = «{{secret}}»\r\n"},
		{"JSON in one line", `{"Credentials":{"SecretAccessKey":"«{{secret}}»","SessionToken":"«{{token}}»","AccessKeyId":"‹{{asia}}›"}}`},
		{"a secret without a name, lines after its id", "user: ‹{{akia}}›\n\n\n\nkey\n«{{secret}}»\n"},
		{"two secrets and one id", "‹{{akia}}›\none «{{secret}}»\ntwo «{{secret}}»\n"},
		{"terraform's colours", "  \x1b[33m~\x1b[0m secret_key = \x1b[32m\"«{{secret}}»\"\x1b[0m \x1b[33m->\x1b[0m \x1b[32m\"«{{secret}}»\"\x1b[0m # aws\n"},
		{"many values behind one name", "aws_secret «{{secret}}» «{{secret}}» «{{secret}}» «{{secret}}» «{{secret}}» «{{secret}}» «{{secret}}» «{{secret}}» «{{secret}}» «{{secret}}»\n"},
		{"old and new on a line", `~ aws_secret = "«{{secret}}»" -> "«{{secret}}»"`},
		{"a name and its value in base64", "  AWS_SECRET_ACCESS_KEY: «{{secret|base64}}»\n"},
		{"a private key", "cloudfront\n«-----BEGIN RSA PRIVATE KEY-----\n{{b64 64}}\n{{b64 64}}\n{{b64 40}}\n-----END RSA PRIVATE KEY-----»\nApply complete\n"},
		{"a presigned request", "https://b.s3.amazonaws.com/k?X-Amz-Credential=‹{{asia}}›%2F20250101&X-Amz-Security-Token=«{{token}}»&X-Amz-Date=1"},
		{"nothing", "\x00\x01 keyguard \xff\xfe {{hex 40}}\r\r\n\x1b[0m"},
		{"examples", "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := expand(t, c.in)
			in := strings.NewReplacer("«", "", "»", "", "‹", "", "›", "").Replace(text)
			want := regexp.MustCompile("(?s)«.*?»").ReplaceAllString(text, scanner.Mask)
			want = regexp.MustCompile("‹(....)............(....)›").ReplaceAllString(want, "${1}"+scanner.Mask+"${2}")
			if got := filtered(t, s, 0, in); got != want {
				t.Errorf("got  %q\nwant %q", got, want)
			}
			if got := filtered(t, s, 0, strings.SplitAfter(in, "")...); got != want {
				t.Errorf("byte by byte: got  %q", got)
			}
		})
	}
}

// TestColoursInside: what grep --color puts into a match stays, for the terminal's
// sake, beside the mask.
func TestColoursInside(t *testing.T) {
	in := expand(t, "aws_secret_access_key=\x1b[01;31m\x1b[K{{b64 12}}\x1b[m\x1b[K{{b64 28}}\n")
	got := filtered(t, newScanner(t), 0, in)
	if want := "aws_secret_access_key=\x1b[01;31m\x1b[K" + scanner.Mask + "\x1b[m\x1b[K\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestUTF16(t *testing.T) {
	in := expand(t, "AWS_ACCESS_KEY_ID={{akia}}\r\nAWS_SECRET_ACCESS_KEY={{secret#s}}\r\n")
	wide := []byte("\xff\xfe")
	for _, u := range utf16.Encode([]rune(in)) {
		wide = binary.LittleEndian.AppendUint16(wide, u)
	}
	for name, order := range map[string]binary.AppendByteOrder{"little": binary.LittleEndian, "big": binary.BigEndian} {
		var wider []byte
		for _, c := range in {
			wider = order.AppendUint32(wider, uint32(c))
		}
		got := filtered(t, newScanner(t), 0, string(wider))
		if narrow := strings.ReplaceAll(got, "\x00", ""); narrow != "AWS_ACCESS_KEY_ID=********\r\nAWS_SECRET_ACCESS_KEY=********\r\n" {
			t.Errorf("UTF-32, %s-endian: got %q", name, got)
		}
	}
	got := filtered(t, newScanner(t), 0, string(wide))
	if narrow := strings.ReplaceAll(got[2:], "\x00", ""); narrow != "AWS_ACCESS_KEY_ID=********\r\nAWS_SECRET_ACCESS_KEY=********\r\n" || len(got)%2 != 0 {
		t.Errorf("got %q", got)
	}
}

// TestTicks tells when what waits is passed on.
func TestTicks(t *testing.T) {
	in := func(template string) string { return expand(t, template) }
	for _, c := range []struct {
		name, in  string
		two, many string // passed on after two ticks, and after many
	}{
		{"a line", "Creating...\n", "Creating...\n", "Creating...\n"},
		{"a prompt", "Enter a value: ", "Enter a value: ", "Enter a value: "},
		{"a question", "Sure? [y/N]", "Sure? [y/N]", "Sure? [y/N]"},
		{"progress", "\r 45%", "\r ", "\r 45%"},
		{"dots", "tests/x_test.py ....F..", "tests/x_test.py ....F..", "tests/x_test.py ....F.."},
		{"the beginning of an id", "id AKIAQ", "id ", "id AKIAQ"},
		{"half a secret", in("aws_secret = {{b64 20}}"), "aws_secret = ", "aws_secret = "},
		{"a token in parts", in("token aoaAAAA{{alnum 30}}:MGU"), "token ", "token "},
		{"a private key begins", in("iot\n-----BEGIN PRIVATE KEY-----\n{{b64 64}}\n"), "iot\n", "iot\n"},
		{"one that is none", "-----BEGIN PRIVATE KEY-----\n$ ", "-----BEGIN PRIVATE KEY-----\n$ ", "-----BEGIN PRIVATE KEY-----\n$ "},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			f := redact.New(&out, newScanner(t), nil)
			io.WriteString(f, c.in)
			f.Tick()
			f.Tick()
			if got := out.String(); strings.TrimSuffix(got, "F..") != strings.TrimSuffix(c.two, "F..") {
				t.Errorf("after two ticks: %q, want %q", got, c.two)
			}
			for range 60 {
				f.Tick()
			}
			if got := out.String(); got != c.many {
				t.Errorf("after many: %q, want %q", got, c.many)
			}
			if f.Close(); out.String() != c.in && f.Masked() == 0 {
				t.Errorf("at the end: %q", out.String())
			}
		})
	}
}

// TestLater: what was passed on is context for what comes hours later.
func TestLater(t *testing.T) {
	got := filtered(t, newScanner(t), 100, expand(t, "aws_access_key_id = {{akia}}\n"), "Secret: ", expand(t, "{{b64 3}}"), expand(t, "{{b64 37}}\n"), "done\n")
	if !regexp.MustCompile(`^aws_access_key_id = AKIA\*{8}....\nSecret: ...\*{8}\ndone\n$`).MatchString(got) {
		t.Errorf("got %q", got)
	}
}

// TestKeep: what the caller allows stays, whatever is masked beside it.
func TestKeep(t *testing.T) {
	in := expand(t, "{{akia#a}} {{akia#b}}\nA {{secret#s}}\n")
	e := synth.New(1)
	e.Expand("{{akia#a}} {{akia#b}}\nA {{secret#s}}\n")
	keep, _ := e.Named("a")
	var out bytes.Buffer
	f := redact.New(&out, newScanner(t), func(p *scanner.Finding) bool { return p.KeyID == keep })
	io.WriteString(f, in)
	f.Close()
	if !strings.HasPrefix(out.String(), keep+" AKIA********") || f.Masked() == 0 {
		t.Errorf("got %q", out.String())
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestWriteError(t *testing.T) {
	f := redact.New(failing{}, newScanner(t), nil)
	io.WriteString(f, "x\n")
	if err := f.Close(); err != os.ErrClosed {
		t.Error(err)
	}
	if _, err := f.Write([]byte("y")); err != os.ErrClosed {
		t.Error(err)
	}
}

// TestBulk: of megabytes, in one line and in many, only what a scan of all of it
// finds is masked, however they come.
func TestBulk(t *testing.T) {
	s := newScanner(t)
	e := synth.New(7)
	for _, eol := range []string{"\n", " "} {
		var in strings.Builder
		for in.Len() < 3<<20 {
			text, err := e.Expand("{{lines 300}}id = {{akia}}\nx\nsecret {{secret}}\n{{lines 100}}AWS_SESSION_TOKEN={{token}}\n")
			if err != nil {
				t.Fatal(err)
			}
			in.WriteString(strings.ReplaceAll(text, "\n", eol))
		}
		whole := filtered(t, s, 0, in.String())
		if found := s.ScanBytes([]byte(whole)); len(found) > 0 {
			t.Errorf("%d findings are left, the first at %d: %s", len(found), found[0].Span.Start, found[0].RuleID)
		}
		passedOn(t, in.String(), whole)
		var pieces []string
		rng := rand.New(rand.NewPCG(1, 2))
		for rest := in.String(); rest != ""; {
			n := min(len(rest), rng.IntN(100_000))
			pieces, rest = append(pieces, rest[:n]), rest[n:]
		}
		if got := filtered(t, s, 0, pieces...); got != whole {
			t.Error("in pieces it is another")
		}
		passedOn(t, in.String(), filtered(t, s, 2, pieces...))
	}
}

// passedOn fails unless out is in with stretches of it masked.
func passedOn(t testing.TB, in, out string) {
	t.Helper()
	rest := in
	for i, piece := range regexp.MustCompile(`(?:(?:AKIA|ASIA|ABIA)?\*{8}(?:[A-Z0-9]{4})?)+|(?:\*\x00){8}|(?:\x00\*){8}`).Split(out, -1) {
		at := strings.Index(rest, piece)
		if at < 0 || i == 0 && at > 0 {
			t.Fatalf("%.100q is not in what went in", piece)
		}
		rest = rest[at+len(piece):]
	}
}

// FuzzFilter: what comes out is the same however the stream is cut; it is what went
// in but for masks; and a scan of it finds nothing.
func FuzzFilter(f *testing.F) {
	s := newScanner(f)
	for _, template := range []string{
		"aws_access_key_id = {{akia}}\naws_secret_access_key = {{secret}}\n", `{"SecretAccessKey":"{{secret}}","x":"{{akia}}"}`,
		"{{akia|base64}} \x1b[1m{{secret}}\x1b[0m", "AWS_SESSION_TOKEN={{token}}", "%3D{{akia}}%26secret%3D{{secret}}", "{{secret}} {{akia}}/{{secret}}",
		"ec2 -----BEGIN RSA PRIVATE KEY-----\n{{b64 64}}\n{{b64 64}}\n-----END RSA PRIVATE KEY-----\n",
	} {
		f.Add(expand(f, template), uint64(3))
	}
	f.Fuzz(func(t *testing.T, in string, seed uint64) {
		out := filtered(t, s, 0, in)
		var pieces []string
		rng := rand.New(rand.NewPCG(seed, 0))
		for rest := in; rest != ""; {
			n := 1 + rng.IntN(len(rest))
			pieces, rest = append(pieces, rest[:n]), rest[n:]
		}
		if got := filtered(t, s, 0, pieces...); got != out {
			t.Errorf("in pieces %q it is %q, not %q", pieces, got, out)
		}
		for _, found := range s.ScanBytes([]byte(out)) {
			if found.DecodedFrom.Member == "" { // inside of archives nothing is masked
				t.Errorf("%s is left at %d of %q", found.RuleID, found.Span.Start, out)
			}
		}
		if !strings.Contains(in, "*") && !strings.Contains(in, "\x1b[") {
			passedOn(t, in, out)
		}
	})
}

// FuzzPauses: a secret that is cut anywhere, with any pauses, is not to be read in
// what comes out, but for 15 characters.
func FuzzPauses(f *testing.F) {
	s := newScanner(f)
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) {
		rng := rand.New(rand.NewPCG(seed, 1))
		e := synth.New(seed)
		template := []string{
			"aws_access_key_id = {{akia}}\naws_secret_access_key = {{secret#s}}\nnext\n",
			"export AWS_SECRET_ACCESS_KEY=\x1b[32m{{secret#s}}\x1b[0m and so on",
			"{{akia}}\n{{secret#s}}", "AWS_SESSION_TOKEN={{token#s}}\n",
			"iot\n-----BEGIN PRIVATE KEY-----\n{{b64 64}}\n{{b64 64#s}}\n-----END PRIVATE KEY-----\n$ ",
		}[rng.IntN(5)]
		in, err := e.Expand(template)
		if err != nil {
			t.Fatal(err)
		}
		secret, _ := e.Named("s")
		if whole := filtered(t, s, 0, in); strings.Contains(whole, secret) {
			t.Skip("the checks take it for words")
		}
		var out bytes.Buffer
		filter := redact.New(&out, s, nil)
		for rest := in; rest != ""; {
			n := 1 + rng.IntN(len(rest))
			io.WriteString(filter, rest[:n])
			for range rng.IntN(4) * rng.IntN(20) {
				filter.Tick()
			}
			rest = rest[n:]
		}
		filter.Close()
		for i := 0; i+16 <= len(secret); i++ {
			if strings.Contains(out.String(), secret[i:i+16]) {
				t.Fatalf("%q shows %q", out.String(), secret[i:i+16])
			}
		}
	})
}

// BenchmarkFilter: a log without credentials, one with some, and one in colour.
func BenchmarkFilter(b *testing.B) {
	s := newScanner(b)
	for _, c := range []struct{ name, template string }{
		{"plain", "{{lines 20000}}"},
		{"secrets", "{{lines 5000}}{{akia}}\nsecret {{secret}}\n{{lines 5000}}aws_secret={{secret}}\n{{lines 5000}}"},
		{"colour", "{{lines 5000}}\x1b[1m{{lines 5000}}\x1b[0m{{lines 5000}}"},
	} {
		text := []byte(strings.Repeat(expand(b, c.template), 40))
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				f := redact.New(io.Discard, s, nil)
				for rest := text; len(rest) > 0; {
					n := min(len(rest), 64<<10)
					f.Write(rest[:n])
					rest = rest[n:]
				}
				f.Close()
			}
		})
	}
	b.Run("scan", func(b *testing.B) { // what the above can be compared with
		text := []byte(strings.Repeat(expand(b, "{{lines 20000}}"), 40))
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			s.ScanReader(bytes.NewReader(text))
		}
	})
}

func ExampleFilter() {
	set, _ := patterns.Builtin()
	text, _ := synth.New(1).Expand("AWS_SECRET_ACCESS_KEY={{secret}}\nApply complete!\n")
	f := redact.New(os.Stdout, scanner.New(set, scanner.Options{}), nil)
	fmt.Fprint(f, text)
	f.Close()
	// Output:
	// AWS_SECRET_ACCESS_KEY=********
	// Apply complete!
}
