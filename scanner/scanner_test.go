package scanner_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
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
	s, err := synth.New(1).Expand(template)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// describe returns the kind and line of each finding, and the distance of the ID of a
// pair.
func describe(found []scanner.Finding) string {
	var out []string
	for _, f := range found {
		s := fmt.Sprintf("%s@%d", f.Kind, f.Span.Line)
		for _, r := range f.Related {
			s += fmt.Sprintf("+%s@%d", r.Kind, r.Span.Line)
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestScanBytes(t *testing.T) {
	s := newScanner(t)
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "hello, world\n", ""},
		{"lone id", "id = {{akia}}\n", "access_key_id@1"},
		{"lone secret with context", "\naws_secret_access_key = {{secret}}\n", "secret_access_key@2"},
		{"secret of another service", "minio secret = {{secret}}\n", ""},
		{"credentials file", "[default]\naws_access_key_id = {{akia}}\naws_secret_access_key = {{secret}}\n", "key_pair@3+access_key_id@2"},
		{"secret first", "secretKey={{secret}}\naccessKey={{akia}}\n", "key_pair@1+access_key_id@2"},
		{"positional arguments", `credentials.NewStaticCredentials("{{akia}}", "{{secret}}", "")`, "key_pair@1+access_key_id@1"},
		{"with token", "{{asia}}\nsecret {{secret}}\n{{token}}\n", "key_pair@2+access_key_id@1+session_token@3"},
		{"two profiles", "[a]\naws_access_key_id={{akia}}\naws_secret_access_key={{secret}}\n[b]\naws_access_key_id={{akia}}\naws_secret_access_key={{secret}}\n",
			"key_pair@3+access_key_id@2 key_pair@6+access_key_id@5"},
		{"two profiles, secret first", "[a]\nsecret_key={{secret}}\naccess_key={{akia}}\n[b]\nsecret_key={{secret}}\naccess_key={{akia}}\n",
			"key_pair@2+access_key_id@3 key_pair@5+access_key_id@6"},
		{"secret first, nothing between", "secret_key={{secret}}\naccess_key={{akia}}\nsecret_key={{secret}}\naccess_key={{akia}}\n",
			"key_pair@1+access_key_id@2 key_pair@3+access_key_id@4"},
		{"csv", "User name,Access key ID,Secret access key\nu,{{akia}},{{secret}}\nv,{{akia}},{{secret}}\n",
			"key_pair@2+access_key_id@2 key_pair@3+access_key_id@3"},
		{"hash beside an id", "{{akia}} {{hex 40}}\n", "access_key_id@1"},
		{"id once more", "id={{akia#a}}\nsecret={{secret}}\n# was {{akia#a}}\n", "key_pair@2+access_key_id@1+access_key_id@3"},
		{"the same pair twice", "{{akia#a}}:{{secret#b}}\n\n{{akia#a}}:{{secret#b}}\n", "key_pair@1+access_key_id@1+secret_access_key@3+access_key_id@3"},
		{"too far apart", "{{akia}}\n" + strings.Repeat("\n", 70) + "aws_secret_key={{secret}}\n", "access_key_id@1 secret_access_key@72"},
		{"named as another's, beside its id", "slack_key={{akia}}\nslack_secret={{secret}}\n", "key_pair@2+access_key_id@1"},
		{"named as another's, beside another id", "aws_key={{akia}}\nslack_secret={{secret}}\n", "access_key_id@1"},
		{"named as another's, beside a plain id", "id={{akia}}\nslack_secret={{secret}}\n", "key_pair@2+access_key_id@1"},
		{"named as another's, before a plain id", "slack_secret={{secret}}\nid={{akia}}\n", "access_key_id@2"},
		{"named as another's, in the line of a plain id", "slack_secret={{secret}} id={{akia}}\n", "key_pair@1+access_key_id@1"},
		{"named as another's, farther from a plain id", "id={{akia}}\n\nslack_secret={{secret}}\n", "access_key_id@1"},
		{"an unknown name, nearer than one that fits", "id={{akia}}\nhooli_secret={{secret}}\n\n\n\nsecret_key={{secret}}\n", "key_pair@6+access_key_id@1"},
		{"an unknown name and no other", "id={{akia}}\nhooli_secret={{secret}}\n", "key_pair@2+access_key_id@1"},
		{"a patch", "+{{akia}}\n+{{secret}}\n", "key_pair@2+access_key_id@1"},
		{"a patch, secret with a plus", "+{{akia}}\n++{{b64 39}}\n", "key_pair@2+access_key_id@1"},
		{"what a patch takes out", "-{{akia}}\n-{{secret}}\n", "key_pair@2+access_key_id@1"},
		{"a patch of two parents", "++{{akia}}\n++{{secret}}\n", "key_pair@2+access_key_id@1"},
		{"a patch of a patch", "-+{{akia}}\n-+{{secret}}\n", "key_pair@2+access_key_id@1"},
		{"a patch that is quoted", "> +{{akia}}\n> +{{secret}}\n", "key_pair@2+access_key_id@1"},
		{"quoted", ">{{akia}}\n>{{secret}}\n", "key_pair@2+access_key_id@1"},
		{"a table without blanks", "|{{akia}}|\n|{{secret}}|\n", "key_pair@2+access_key_id@1"},
		{"a line that goes on, in a patch", "+aws_secret_access_key = \\\n+{{secret}}\n", "secret_access_key@2"},
		{"a name above its value, in a patch", "+AWS Secret Access Key:\n+  {{secret}}\n", "secret_access_key@2"},
		{"a token in a patch", "+{{token}}\n", "session_token@1"},
		{"a plus within a line", "{{akia}}\nx+{{secret}}\n", "access_key_id@1"},
		{"lines of base64 in a patch", "+{{akia}}\n+{{b64 40}}\n+{{b64 40}}\n", "access_key_id@1"},
		{"names and values side by side", "\x01\x03/5AWS_ACCESS_KEY_ID{{akia}}\x02\x037]AWS_SECRET_ACCESS_KEY{{secret}}", "key_pair@1+access_key_id@1"},
		{"the next row's length is a letter", "\x03/5accessKeyId{{akia}}A\x02\x037]secretAccessKey{{secret}}A\x01\x03", "key_pair@1+access_key_id@1"},
		{"escaped newline before the id", `"x\n{{akia}}\n{{secret}}"`, "key_pair@1+access_key_id@1"},
		{"percent before both", "u=%2F{{akia}}%3D{{secret}}%26", "key_pair@1+access_key_id@1"},
		{"documentation", "AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""},
		{"an emulator's key, whole", "<AccessKeyId>ASIAQAAAAAAAKZ4L3POJ</AccessKeyId><SecretAccessKey>{{secret}}</SecretAccessKey><SessionToken>{{token}}</SessionToken>", ""},
		{"id and secret twice, one token", "KEY={{asia#i}}\nKEY_ID={{asia#i}}\nAWS_SECRET_KEY={{secret#s}}\nAWS_SECRET={{secret#s}}\nTOKEN={{token}}\n",
			"key_pair@4+access_key_id@2+secret_access_key@3+access_key_id@1+session_token@5"},
		{"utf-16 with a mark", "\xff\xfe{{(}}a\nk={{akia}}\n{{)|utf16le}}", "access_key_id@2"},
		{"utf-16 without", "{{(}}some text before\nk={{akia}}\nsecret={{secret}}{{)|utf16be}}", "key_pair@3+access_key_id@2"},
		{"utf-16 of other letters", "{{(}}секретные ключи нашей службы\naws_secret_access_key={{secret}}\n{{)|utf16le}}", "secret_access_key@2"},
		{"the same, big-endian, to its end", "{{(}}секретные ключи нашей службы\naws_secret_access_key={{secret}}{{)|utf16be}}", "secret_access_key@2"},
		{"ascii behind a false mark", "\xff\xfek={{akia}}\n", "access_key_id@1"},
		{"binary around", "\x00\x01\x02{{akia}}\x00\xff{{secret}}\x00", "key_pair@1+access_key_id@1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := expand(t, c.text)
			if got := describe(s.ScanBytes([]byte(text))); got != c.want {
				t.Errorf("got  %q\nwant %q\nin %s", got, c.want, text)
			}
		})
	}
}

func TestFindingTellsWhereAndWhose(t *testing.T) {
	text := expand(t, "é id={{akia#id}}\n\tsecret: {{secret#s}} # {{secret#s}}\n")
	found := newScanner(t).ScanBytes([]byte(text))
	if len(found) != 1 {
		t.Fatalf("got %d findings", len(found))
	}
	f := found[0]
	if text[f.Span.Start:f.Span.End] != f.Secret.Reveal() {
		t.Error("the span is not that of the secret")
	}
	if f.Span.Line != 2 || f.Span.Column != 10 || f.Span.EndLine != 2 || f.Span.EndColumn != 50 {
		t.Errorf("span is %+v", f.Span)
	}
	if id := f.Related[0]; id.Span.Line != 1 || id.Span.Column != 6 || string(id.Secret) != f.KeyID {
		t.Errorf("id is %+v", id)
	}
	if len(f.Account) != 12 || f.Severity != patterns.Critical || f.Confidence != patterns.Sure {
		t.Errorf("account %q, severity %v, confidence %v", f.Account, f.Severity, f.Confidence)
	}
	if got := f.Excerpt.Masked(); got != "\tsecret: ******** # ********" {
		t.Errorf("excerpt is %q", got)
	}
}

func TestExcerptMasksWhatNoRuleFound(t *testing.T) {
	for _, line := range []string{
		"aws_secret_access_key={{secret#a}}; echo {{secret#a}}", `aws_secrets: ["{{secret#a}}", "{{secret#b}}"]`, `{{akia}} github_token="{{secret#b}}"`,
	} {
		e := synth.New(3)
		text, err := e.Expand(line)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range newScanner(t).ScanBytes([]byte(text)) {
			for name, value := range e.Names() {
				if strings.Contains(f.Excerpt.Masked(), value) {
					t.Errorf("%s: the excerpt %q shows %s", line, f.Excerpt.Masked(), name)
				}
			}
		}
	}
}

func TestSecretNeverPrints(t *testing.T) {
	s := scanner.Secret("hunter2")
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "s", s, "list", []scanner.Secret{s})
	data, err := json.Marshal(map[string]any{"s": s, "f": scanner.Finding{Secret: s}})
	if err != nil {
		t.Fatal(err)
	}
	for _, out := range []string{
		fmt.Sprint(s), fmt.Sprintf("%v %+v %#v %s %q %x %d", s, s, s, s, s, s, s),
		fmt.Sprintf("%v %+v", scanner.Finding{Secret: s}, []scanner.Secret{s}), fmt.Errorf("x: %v", s).Error(), log.String(), string(data),
	} {
		for _, leak := range []string{"hunter2", "68756e74657232", "aHVudGVyMg", "104 117"} {
			if strings.Contains(out, leak) {
				t.Errorf("%q holds the secret", out)
			}
		}
	}
}

func opener(text string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return scanner.InMemory([]byte(text)), nil }
}

// lister is a source of blobs.
type lister []*scanner.Blob

func (l lister) Blobs(context.Context) iter.Seq2[*scanner.Blob, error] {
	return func(yield func(*scanner.Blob, error) bool) {
		for _, b := range l {
			if b == nil && !yield(nil, errors.New("lost")) || b != nil && !yield(b, nil) {
				return
			}
		}
	}
}

func TestScanKeepsTheSourcesOrder(t *testing.T) {
	var src lister
	for i := range 2000 {
		text := strings.Repeat("x\n", 2000*(i%3)) + expand(t, "{{akia}}")
		src = append(src, &scanner.Blob{Origin: scanner.Origin{Path: fmt.Sprint(i)}, Open: opener(text)})
		if i%100 == 50 {
			src = append(src, nil)
		}
	}
	i, lost := 0, 0
	for r := range newScanner(t).Scan(t.Context(), src) {
		if r.Err != nil {
			lost++
			continue
		}
		if r.Origin.Path != fmt.Sprint(i) || len(r.Findings) != 1 {
			t.Fatalf("result %d is %s with %d findings", i, r.Origin.Path, len(r.Findings))
		}
		i++
	}
	if i != 2000 || lost != 20 {
		t.Errorf("%d results, %d errors", i, lost)
	}
}

func TestScanStops(t *testing.T) {
	src := lister{}
	for range 5000 {
		src = append(src, &scanner.Blob{Open: opener("x")})
	}
	for range newScanner(t).Scan(t.Context(), src) {
		break // must not block a worker
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last scanner.Result
	for r := range newScanner(t).Scan(ctx, src) {
		cancel()
		last = r
	}
	if !errors.Is(last.Err, context.Canceled) {
		t.Errorf("the last result's error is %v", last.Err)
	}
}

func TestOnlyReportsTheLinesThatCount(t *testing.T) {
	text := expand(t, "id={{akia}}\n\n\nsecret={{secret}}\n")
	for _, c := range []struct {
		name string
		only scanner.Lines
		want int
	}{
		{"neither half", scanner.Lines{{First: 2, Last: 3}}, 0},
		{"the secret", scanner.Lines{{First: 4, Last: 4}}, 1},
		{"the id alone completes the pair", scanner.Lines{{First: 1, Last: 1}}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := lister{{Open: opener(text), Only: func(scanner.Lines) (scanner.Lines, error) { return c.only, nil }}}
			for r := range newScanner(t).Scan(t.Context(), src) {
				if len(r.Findings) != c.want {
					t.Errorf("got %d findings, want %d", len(r.Findings), c.want)
				}
			}
		})
	}
}

func TestReadErrorIsToldAndWhatWasReadIsScanned(t *testing.T) {
	text := expand(t, "{{akia}}")
	r := newScanner(t).ScanReader(io.MultiReader(strings.NewReader(text), iotest.ErrReader(io.ErrClosedPipe)))
	if !errors.Is(r.Err, io.ErrClosedPipe) || len(r.Findings) != 1 {
		t.Errorf("got %v and %d findings", r.Err, len(r.Findings))
	}
}

// TestLongInputs puts credentials at the borders of windows in long texts: the result
// must equal that of a scan in memory.
func TestLongInputs(t *testing.T) {
	s := newScanner(t)
	pair := expand(t, "\nid={{akia}}\nsecret={{secret}}\n")
	for _, filler := range []string{"x", "x\n", "{\"AKIA\": \"secret \"}", "\x00"} {
		for _, at := range []int{0, 1 << 10, 256<<10 - 60, 256 << 10, 256<<10 + 9<<10, 256<<10 + 12<<10, 700 << 10} {
			text := []byte(strings.Repeat(filler, at/len(filler)) + pair + strings.Repeat(filler, 300<<10/len(filler)))
			want := s.ScanBytes(text)
			got := s.ScanReader(bytes.NewReader(text)).Findings
			if len(want) != 1 || len(got) != 1 || got[0].Span != want[0].Span || got[0].Excerpt.Masked() != want[0].Excerpt.Masked() {
				t.Errorf("filler %q at %d: got %v, want %v", filler, at, describe(got), describe(want))
			}
		}
	}
}

func FuzzSplitReadsEqualWhole(f *testing.F) {
	s := newScanner(f)
	seed := expand(f, "id={{akia}}\nsecret={{secret}}\n{{token}} {{asia}},{{secret}}\n")
	f.Add([]byte(seed), uint16(1), uint8(3))
	f.Add([]byte("\xff\xfe"+expand(f, "{{(}}k={{akia}}{{)|utf16le}}")), uint16(7), uint8(0))
	f.Fuzz(func(t *testing.T, piece []byte, filler uint16, repeat uint8) {
		// With filler, the repeated text crosses the borders of windows.
		var text []byte
		for range int(repeat)%32 + 1 {
			text = append(append(text, piece...), bytes.Repeat([]byte{'.'}, int(filler))...)
		}
		want := s.ScanBytes(text)
		split := iotest.OneByteReader
		if len(text) > 64<<10 {
			split = iotest.HalfReader
		}
		got := s.ScanReader(split(bytes.NewReader(text))).Findings
		if len(got) != len(want) {
			t.Fatalf("split found %s, whole %s", describe(got), describe(want))
		}
		for i := range got {
			if got[i].Span != want[i].Span || got[i].RuleID != want[i].RuleID || len(got[i].Related) != len(want[i].Related) || got[i].Excerpt.Masked() != want[i].Excerpt.Masked() {
				t.Fatalf("split found %+v, whole %+v", got[i], want[i])
			}
		}
	})
}

func BenchmarkScanBytes(b *testing.B) {
	s := newScanner(b)
	var text []byte
	for len(text) < 4<<20 {
		text = append(text, "func (s *Server) Handle(ctx context.Context, req *Request) error { return fmt.Errorf(\"no secret: %w\", err) }\n\t// the session of the request is kept with its token\n"...)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		s.ScanBytes(text)
	}
}

func ExampleScanner_ScanBytes() {
	set, err := patterns.Builtin()
	if err != nil {
		panic(err)
	}
	text, _ := synth.New(1).Expand("[default]\naws_access_key_id = {{akia}}\naws_secret_access_key = {{secret}}\n")
	for _, f := range scanner.New(set, scanner.Options{}).ScanBytes([]byte(text)) {
		fmt.Println(f.Kind, f.Severity, f.Span.Line, f.Excerpt.Masked())
	}
	// Output: key_pair critical 3 aws_secret_access_key = ********
}

// TestNamesDecide: the name of another owner drops a secret with a reason. Text next to a
// name of the right owner only lowers the confidence.
func TestNamesDecide(t *testing.T) {
	s := newScanner(t)
	for _, c := range []struct {
		name, text string
		confidence patterns.Confidence
		drop       string
	}{
		{"the owner's", "aws_secret={{secret}}\n", patterns.Sure, ""},
		{"the owner's, beside another id", "access_key: {{upnum 20}}\naws_secret={{secret}}\n", patterns.Unsure, ""},
		{"it fits, beside another id", "access_key: {{upnum 20}}\nS3_SECRET={{secret}}\n", patterns.Unsure, "beside the key ID of another service"},
		{"another kind", "# aws\nNEXTAUTH_SECRET={{secret}}\n", patterns.Unsure, "its name does not fit, and no matching ID is near"},
		{"an unknown name", "# aws\nHOOLI_SECRET={{secret}}\n", patterns.Unsure, "its name does not fit, and no matching ID is near"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := s.ScanReader(strings.NewReader(expand(t, c.text)))
			all := append(r.Findings, r.Dropped...)
			if len(all) != 1 || all[0].Drop.Text != c.drop || c.drop == "" && all[0].Confidence != c.confidence {
				t.Errorf("got %d findings, %d dropped: %+v", len(r.Findings), len(r.Dropped), all)
			}
		})
	}
}
