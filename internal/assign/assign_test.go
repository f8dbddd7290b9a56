package assign

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestParse parses the assignment at the first "key", "KEY", "pass" or "token" of a text.
func TestParse(t *testing.T) {
	for _, c := range []struct{ text, name, value string }{
		{`api_key = "v1"`, "api_key", "v1"},
		{`api_key="v1"`, "api_key", "v1"},
		{`apikey: v1`, "apikey", "v1"},
		{`"api_key": "v1",`, "api_key", "v1"},
		{`'api_key' => 'v1',`, "api_key", "v1"},
		{`apiKey := "v1"`, "apiKey", "v1"},
		{`API_KEY=v1`, "API_KEY", "v1"},
		{`export API_KEY=v1 # a comment`, "API_KEY", "v1"},
		{`API_KEY ?= v1`, "API_KEY", "v1"},
		{`ENV API_KEY v1`, "", ""},
		{`const apiKey: string = "v1";`, "apiKey", "v1"},
		{`api_key: str = "v1"`, "api_key", "v1"},
		{`private static final String API_KEY = "v1";`, "API_KEY", "v1"},
		{`let api_key: &str = "v1";`, "api_key", "v1"},
		{`config["api_key"] = "v1"`, "api_key", "v1"},
		{`$config['api_key'] = 'v1';`, "api_key", "v1"},
		{`os.environ["API_KEY"] = "v1"`, "API_KEY", "v1"},
		{`os.environ.setdefault("API_KEY", "v1")`, "API_KEY", "v1"},
		{`os.getenv("API_KEY", "v1")`, "API_KEY", "v1"},
		{`process.env.API_KEY || "v1"`, "", ""},
		{`getenv("API_KEY") || "v1"`, "API_KEY", "v1"},
		{`getenv("API_KEY") ?: 'v1'`, "API_KEY", "v1"},
		{`define('API_KEY', 'v1');`, "API_KEY", "v1"},
		{`client.setApiKey("v1")`, "client.setApiKey", "v1"},
		{`.password("v1")`, ".password", "v1"},
		{`login(password="v1")`, "password", "v1"},
		{`login(password = 'v1', x)`, "password", "v1"},
		{`<apiKey>v1</apiKey>`, "apiKey", "v1"},
		{`<password type="x">v1</password>`, "password", "v1"},
		{`<password/>`, "", ""},
		{`<server password="v1"/>`, "password", "v1"},
		{`<add key="ApiKey" value="v1" />`, "key", "ApiKey"},
		{`<add name="ApiKey" value="v1" />`, "ApiKey", "v1"},
		{`<entry key='x.password' value='v1'/>`, "key", "x.password"},
		{"- name: API_KEY\n  value: v1\n", "API_KEY", "v1"},
		{"- name: API_KEY\n  value: \"v1\"\n", "API_KEY", "v1"},
		{"{\"name\": \"API_KEY\", \"value\": \"v1\"}", "API_KEY", "v1"},
		{"{\n  \"name\": \"API_KEY\",\n  \"value\": \"v1\"\n}", "API_KEY", "v1"},
		{"variable \"api_key\" {\n  type = string\n  default = \"v1\"\n}", "api_key", "v1"},
		{"variable \"api_key\" {\n  type = string\n}", "", ""},
		{"api_key: |\n  v1\n", "api_key", "v1"},
		{"api_key: >-\n    v1\n", "api_key", "v1"},
		{"api_key:\n  value: v1", "", ""},
		{"\"api_key\":\n  \"v1\"", "api_key", "v1"},
		{`--api-key v1`, "--api-key", "v1"},
		{`--api-key=v1`, "--api-key", "v1"},
		{`--api-key "v1"`, "--api-key", "v1"},
		{`--api-key --other`, "", ""},
		{`curl -H "X-Api-Key: v1" https://x`, "X-Api-Key", "v1"},
		{`X-Api-Key: v1`, "X-Api-Key", "v1"},
		{`https://x/?api_key=v1&b=2`, "api_key", "v1"},
		{`https://x/?a=1&token=v1`, "token", "v1"},
		{`spring.datasource.password=v1`, "spring.datasource.password", "v1"},
		{`Server=x;Password=v1;`, "Password", "v1"},
		{`CREATE USER x PASSWORD 'v1';`, "PASSWORD", "v1"},
		{`machine x login y password v1`, "", ""},
		{`password 'v1'`, "password", "v1"},
		{`"{\"api_key\": \"v1\"}"`, "api_key", "v1"},
		{`{\"api_key\":\"v1\",\"b\":1}`, "api_key", "v1"},
		{`api_key = "ab" + "cd"`, "api_key", "ab|cd"},
		{"api_key = \"ab\" +\n  \"cd\"", "api_key", "ab|cd"},
		{`$api_key = 'ab' . 'cd';`, "$api_key", "ab|cd"},
		{"api_key = (\"ab\"\n  \"cd\")", "api_key", "ab|cd"},
		{`api_key = "ab" + suffix`, "api_key", "ab ref"},
		{`api_key = b"v1"`, "api_key", "v1"},
		{`api_key = @"v1"`, "api_key", "v1"},
		{`api_key = """v1"""`, "api_key", "v1"},
		{"api_key = `v1`", "api_key", "v1"},
		{`api_key = String("v1")`, "api_key", "v1"},
		{`api_key = []byte("v1")`, "api_key", "v1"},
		{`api_key = os.getenv("X")`, "api_key", `os.getenv("X" ref`},
		{`api_key = os.getenv("X", "v1")`, "api_key", "v1"},
		{`api_key = ENV["X"]`, "api_key", `ENV[ ref`},
		{`api_key = ENV.fetch("X", "v1")`, "api_key", "v1"},
		{`api_key = config.api_key`, "api_key", "config.api_key ref"},
		{`api_key = get_key()`, "api_key", "get_key( ref"},
		{`api_key = ${API_KEY}`, "api_key", "${API_KEY ref"},
		{`api_key: "${API_KEY}"`, "api_key", "${API_KEY} ref"},
		{`api_key: {{ .Values.key }}`, "api_key", "{{ ref"},
		{`api_key: "{{ key }}"`, "api_key", "{{ key }} ref"},
		{`api_key=$API_KEY`, "api_key", "$API_KEY ref"},
		{`set api_key=%API_KEY%`, "api_key", "%API_KEY% ref"},
		{`api_key: <your key>`, "", ""},
		{`api_key: "<your key>"`, "api_key", "<your key> ref"},
		{`api_key == "v1"`, "", ""},
		{`api_key === "v1"`, "", ""},
		{`if (api_key != "v1")`, "", ""},
		{`api_key =~ /v1/`, "", ""},
		{`api_key::v1`, "", ""},
		{`the api key of the user`, "", ""},
		{`api_key`, "", ""},
		{`api_key = `, "", ""},
		{`api_key = ""`, "api_key", ""},
		{`api_key,other`, "", ""},
		{`api_key = "v1`, "", ""},
		{"api_key = \"v1\n\"", "", ""},
		{`api_key: "a\"b"`, "api_key", `a"b`},
		{`api_key: 'a\\b'`, "api_key", `a\b`},
		{"PASSWORD=v1\r\nX=2", "PASSWORD", "v1"},
		{`user:password@host`, "", ""},
		{`password=a:b/c+d==`, "password", "a:b/c+d=="},
		{`public string ApiKey { get; set; } = "v1";`, "ApiKey", "v1"},
		{`public string ApiKey { get; set; }`, "", ""},
		{`"a=1\r\napi_key=v1\r\nb=2"`, "api_key", "v1"},
		{`"a=1\ntoken=v1\""`, "token", "v1"},
		{`"https://x/token.git", "v1"`, "", ""},
		{`token: Bearer v1`, "token", "v1"},
		{`"token": "Bearer v1"`, "token", "v1"},
		{`token = "Bearer"`, "token", "Bearer"},
		{`-H "token: Bearer v1" https://x`, "token", "v1"},
		{`password=v1)`, "password", "v1"},
		{`token: !vault abc`, "token", "!vault"},
	} {
		lower := strings.ToLower(c.text)
		at := -1
		for _, word := range []string{"api_key", "apikey", "api-key", "password", "token"} {
			if i := strings.Index(lower, word); i >= 0 && (at < 0 || i < at) {
				at = i
			}
		}
		if strings.HasPrefix(c.text, "<add key=\"") || strings.HasPrefix(c.text, "<entry key") {
			at = strings.Index(c.text, "key")
		}
		end := at + 3
		got := ""
		a, _, ok := Parse([]byte(c.text), max(at, 0), max(end, 0))
		name := ""
		if ok {
			name = c.text[a.Name.Start:a.Name.End]
			var parts []string
			for _, s := range a.Parts {
				one := a
				one.Parts = []Span{s}
				parts = append(parts, string(one.AppendValue(nil, []byte(c.text))))
			}
			got = strings.Join(parts, "|")
			if a.Reference {
				got += " ref"
			}
		}
		if name != c.name || got != c.value {
			t.Errorf("%s\n  got %q = %q, want %q = %q", c.text, name, got, c.name, c.value)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`api_key = "ab" + "cd"`), 4, 7)
	f.Add([]byte("variable \"key\" {\n  default = \"v\"\n}"), 10, 13)
	f.Add([]byte(`<key a="b">v</key>`), 1, 4)
	f.Fuzz(func(t *testing.T, text []byte, at, end int) {
		if at < 0 || end < at || end > len(text) {
			return
		}
		a, after, ok := Parse(text, at, end)
		if to := min(len(text), at+after); to < len(text) {
			b, _, again := Parse(append(slices.Clip(text[:to]), "\x00"...), at, end)
			if again != ok || fmt.Sprint(a) != fmt.Sprint(b) {
				t.Fatalf("%+v %t depends on more than %d bytes: %+v %t", a, ok, after, b, again)
			}
		}
		if !ok {
			return
		}
		if a.Name.Start > at || a.Name.End < end || a.Name.Start < 0 || a.Name.Start < at-Before {
			t.Fatalf("name %+v", a.Name)
		}
		last := a.Name.End
		for _, p := range a.Parts {
			if p.Start < last || p.End < p.Start || p.End > len(text) || p.End > end+After {
				t.Fatalf("parts %+v of %d bytes", a.Parts, len(text))
			}
			last = p.End
		}
		// The result depends on the bytes that it may read only.
		from, to := max(0, at-Before), min(len(text), end+After)
		b, _, ok := Parse(text[from:to], at-from, end-from)
		if !ok || b.Name.Start+from != a.Name.Start || fmt.Sprint(len(b.Parts), b.Quoted, b.Reference) != fmt.Sprint(len(a.Parts), a.Quoted, a.Reference) {
			t.Fatalf("%+v in the whole text, %+v in the part", a, b)
		}
		a.AppendValue(nil, text)
	})
}
