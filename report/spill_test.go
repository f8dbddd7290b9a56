package report_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/synth"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/report"
)

// forms are ways in which a text may repeat a secret.
func forms() map[string]func(secret string) string {
	bytewise := func(format, between string) func(string) string {
		return func(s string) string {
			var parts []string
			for _, c := range []byte(s) {
				parts = append(parts, fmt.Sprintf(format, c))
			}
			return strings.Join(parts, between)
		}
	}
	wrapped := func(n int, end string, f func(string) string) func(string) string {
		return func(s string) string {
			var out string
			for i, c := range f(s) {
				if i > 0 && i%n == 0 {
					out += end
				}
				out += string(c)
			}
			return out
		}
	}
	plain := func(s string) string { return s }
	toHex := func(s string) string { return hex.EncodeToString([]byte(s)) }
	base := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	return map[string]func(string) string{
		"plain": plain, "hex": toHex, "HEX": bytewise("%02X", ""), "hex, spaced": bytewise("%02x", " "), "hex, colons": bytewise("%02x", ":"),
		"0x": bytewise("0x%02x", ", "), "decimal": bytewise("%d", ","), "behind half a byte": func(s string) string { return "f" + toHex(s) },
		"base64": base, "base64url": func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte("x" + s)) },
		"base64 of more": func(s string) string { return base("id:" + s + "\n") }, "base64 of a pair": func(s string) string { return base("a=" + s + s) },
		"base64 in lines": wrapped(20, "\n", base), "base64 twice": func(s string) string { return base(base(s)) }, "hex of base64": func(s string) string { return toHex(base(s)) },
		"url": url.QueryEscape, "percent": bytewise("%%%02x", ""), "percent of percent": bytewise("%%25%02x", ""), "path": url.PathEscape,
		`\x`: bytewise(`\x%02x`, ""), `\u`: bytewise(`\u%04x`, ""), "octal": bytewise(`\%03o`, ""), "markup": bytewise("&#%d;", ""), "markup, hex": bytewise("&#x%x;", ""),
		"quoted-printable": bytewise("=%02X", ""), "slashes": func(s string) string { return strings.ReplaceAll(s, "/", `\/`) },
		"two lines": wrapped(20, "\n", plain), "lines of ten": wrapped(10, "\r\n    ", plain), "escaped lines": wrapped(20, `\n`, plain), "continued": wrapped(13, "\\\n", plain),
		"literals": wrapped(12, `" + "`, plain), "utf-16": bytewise("%c", "\x00"), "base64 of utf-16": func(s string) string { return base(bytewise("%c", "\x00")(s)) },
		"half": func(s string) string { return s[:len(s)/2] }, "half of hex": func(s string) string { return toHex(s)[:len(s)] },
	}
}

// fill puts something into every field below v.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Struct:
		for _, field := range v.Fields() {
			if field.CanSet() {
				fill(field)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]int{"x": 1}))
	case reflect.String:
		v.SetString("x\xff") // so that its bytes are there, too
	}
}

// full is a report with all fields that there are, of a secret and a token.
func full(t *testing.T, secret, token string) any {
	t.Helper()
	var f report.Finding
	var s report.Summary
	repository := new(report.Repository)
	fill(reflect.ValueOf(&f).Elem())
	fill(reflect.ValueOf(&s).Elem())
	fill(reflect.ValueOf(&repository).Elem())
	f.Kind, f.Fingerprint, f.Secret = patterns.KeyPair, strings.Repeat("0", 32), secret
	f.Related[0].Kind, f.Related[0].Secret = patterns.Token, token
	var document any
	text := writeRecords(t, named(t, "json"), report.Options{Reveal: true, Repository: repository, Version: "x"}, []report.Finding{f}, s)
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	return document
}

// spoil returns a document in which every text is another, and which has fields that
// are unknown.
func spoil(v any, text string) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{"unknown": text, text: text}
		for name, field := range v {
			switch {
			case slices.Contains([]string{"kind", "severity", "confidence", "fingerprint", "secret", "started"}, name):
				out[name] = field
			case name == "dropped" && !aText(field):
				out[name] = map[string]any{text: 1}
			default:
				out[name] = spoil(field, bytesOr(name, text))
			}
		}
		return out
	case []any:
		for i := range v {
			v[i] = spoil(v[i], text)
		}
	case string:
		return text
	}
	return v
}

func aText(v any) bool { _, ok := v.(string); return ok }

func bytesOr(field, text string) string {
	if strings.HasSuffix(field, "_bytes") {
		return base64.StdEncoding.EncodeToString([]byte(text))
	}
	return text
}

// shows returns what of a form a text shows: six letters and digits in a row, or twelve
// characters.
func shows(text, form string) string {
	for i := 0; i+6 <= len(form); i += 3 {
		piece := form[i : i+6]
		if strings.Trim(piece, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == "" && strings.Contains(text, piece) {
			return piece
		}
		if i+12 <= len(form) && strings.Contains(text, form[i:i+12]) {
			return form[i : i+12]
		}
	}
	return ""
}

// TestReadMasksEveryForm: of a report that shows a secret nothing comes out by which
// anybody has it, whatever field repeats it and how, and whatever the report says of itself.
func TestReadMasksEveryForm(t *testing.T) {
	e := synth.New(5)
	if _, err := e.Expand("{{secret#s}}{{token#t}}"); err != nil {
		t.Fatal(err)
	}
	secret, _ := e.Named("s")
	token, _ := e.Named("t")
	n := 0
	for _, value := range []string{secret, token[:64], "correct-horse-battery-7"} {
		shown := value
		if strings.HasPrefix(token, value) {
			shown = secret
		}
		n++ // another input for each form than before
		document := full(t, shown, token)
		all := forms()
		for _, name := range slices.Sorted(maps.Keys(all)) {
			text := all[name](value)
			doc := spoil(clone(t, document), text).(map[string]any)
			delete(doc, "revealed") // as earlier versions wrote it
			inputs := [][]byte{asLines(t, doc), asDocument(t, doc)}
			doc["revealed"] = false
			inputs = append(inputs, asDocument(t, doc))
			n++
			r, err := report.Read(bytes.NewReader(inputs[n%len(inputs)]), false)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if got := shows(everyFormat(t, r), text); got != "" {
				t.Errorf("input %d, %s: shows %q", n%len(inputs), name, got)
			}
		}
	}
}

// everyFormat returns a report in all formats.
func everyFormat(t *testing.T, r *report.Report) string {
	t.Helper()
	o := report.Options{Why: true, Verbose: true, Repository: r.Repository, Version: r.Version}
	var out bytes.Buffer
	for _, f := range report.Formats() {
		if err := r.Write(f.New(&out, o)); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

func clone(t *testing.T, v any) (out any) {
	t.Helper()
	if err := json.Unmarshal(asDocument(t, v), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func asDocument(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func asLines(t *testing.T, doc map[string]any) []byte {
	t.Helper()
	typed := func(name string, v any) []byte {
		line := map[string]any{}
		for k, field := range v.(map[string]any) {
			line[k] = field
		}
		line["type"] = name
		return append(asDocument(t, line), '\n')
	}
	out := typed("start", map[string]any{"version": doc["version"], "repository": doc["repository"], "revealed": doc["revealed"]})
	for _, f := range doc["findings"].([]any) {
		out = append(out, typed("finding", f)...)
	}
	return append(out, typed("summary", doc["summary"])...)
}

// What repeats no secret stays, and so do excerpts of a report that shows none.
func TestReadKeepsWhatRepeatsNoSecret(t *testing.T) {
	list := []report.Finding{{
		RuleID: "aws-key-pair", Family: "aws", Kind: patterns.KeyPair, Title: "AWS key pair", Severity: patterns.Critical, Path: "deploy/main-2.tf", Fingerprint: strings.Repeat("0", 32), Secret: "********",
		Excerpt: "secret = ********", Object: strings.Repeat("0123abcd", 5), Fix: "use AWS_PROFILE", History: &report.History{Commit: strings.Repeat("abcd0123", 5), Branches: []string{"topic"}},
	}}
	s := report.Summary{Findings: 1, Errors: []string{"read a: permission denied"}}
	for _, c := range []struct {
		name    string
		reveal  bool
		secret  string
		excerpt string
	}{
		{"masked", false, "********", "secret = ********"},
		{"revealed", true, "correct-horse-7", "********"},
		{"revealed, without a secret", true, "********", "********"},
		{"too short to be looked for", true, "a-2", "********"},
	} {
		list[0].Secret = c.secret
		text := writeRecords(t, named(t, "json"), report.Options{Reveal: c.reveal}, list, s)
		r, err := report.Read(bytes.NewReader(text), false)
		if err != nil {
			t.Fatal(err)
		}
		want := list[0]
		want.Secret, want.Excerpt = "********", c.excerpt
		if got := r.Findings[0]; !reflect.DeepEqual(got, want) || !reflect.DeepEqual(r.Summary.Errors, s.Errors) {
			t.Errorf("%s: %+v, want %+v", c.name, got, want)
		}
	}
}

// An error quotes nothing of the report.
func TestReadErrorsQuoteNothing(t *testing.T) {
	secret, err := synth.New(6).Expand("{{secret}}")
	if err != nil {
		t.Fatal(err)
	}
	for name, form := range forms() {
		text := form(secret)
		for _, field := range []string{"kind", "severity", "line", "related", "long_term", "fingerprint"} {
			doc := clone(t, full(t, secret, "x")).(map[string]any)
			doc["findings"].([]any)[0].(map[string]any)[field] = text
			for _, input := range [][]byte{asDocument(t, doc), asLines(t, doc)} {
				if _, err := report.Read(bytes.NewReader(input), false); err == nil || shows(err.Error(), text) != "" {
					t.Errorf("%s, %s: %v", name, field, err)
				}
			}
		}
		for _, started := range []string{`"started":%s`, `"dropped":{%s:"x"}`} {
			quoted := string(asDocument(t, text))
			input := `{"findings":[],"summary":{` + fmt.Sprintf(started, quoted) + `}}`
			if _, err := report.Read(strings.NewReader(input), false); err == nil || shows(err.Error(), text) != "" {
				t.Errorf("%s, %s: %v", name, started, err)
			}
		}
		if _, err := report.Read(strings.NewReader(`{"type":"start"}`+"\n"+string(asDocument(t, map[string]string{"type": text}))), false); err == nil || shows(err.Error(), text) != "" {
			t.Errorf("%s, type: %v", name, err)
		}
	}
	doc := full(t, secret, "x").(map[string]any)
	doc["findings"].([]any)[0].(map[string]any)["fingerprint"] = hex.EncodeToString([]byte(secret))[:32]
	if _, err := report.Read(bytes.NewReader(asDocument(t, doc)), false); err == nil || !strings.Contains(err.Error(), "its fingerprint repeats a secret") {
		t.Errorf("a fingerprint: %v", err)
	}
}
