package corpus_test

import (
	"strings"
	"testing"

	"github.com/keyguard/keyguard/patterns"
)

// TestFaultsOfRules runs the tests of quality on rules with one fault each.
func TestFaultsOfRules(t *testing.T) {
	const (
		right = "keywords=['acme_']\nregex='acme_[0-9a-f]{32}'\nleft='a-z'\nright='0-9a-z'\nchecks=['not-placeholder']\nexamples=['k = acme_{{hex 32}}']\n"
		crc   = "keywords=['acme_']\nregex='acme_[A-Za-z0-9]{36}'\nright='0-9A-Za-z'\nexamples=['acme_{{crc62 30}}']\n"
		proof = "proof={kind='crc32',encoding='base62',prefixes=['acme_'],lengths=[%],effect='drop'}\n"
		named = "keywords=['acme_key']\nregex='acme_key[^\\r\\n]{0,9}?[^0-9a-f]([0-9a-f]{32})'\nright='0-9a-z'\nexamples=['acme_key = \"{{hex 32}}\"']\n"
	)
	loose, carried, checked, once, lost := (*quality).looseMatches, (*quality).hiddenByCarriers, (*quality).acceptedChecksums, (*quality).overlaps, (*quality).lostValues
	change := func(rule, old, replacement string) string {
		if !strings.Contains(rule, old) {
			t.Fatalf("%s does not contain %s", rule, old)
		}
		return strings.Replace(rule, old, replacement, 1)
	}
	for _, c := range []struct {
		name  string
		rule  string
		test  func(*quality, example) []string
		fault string // "" for none
	}{
		{"right", right, loose, ""},
		{"right in carriers", right, carried, ""},
		{"right for any value", right, lost, ""},
		{"right, once", right, once, ""},
		{"a prefix that is in a class", "keywords=['_acme_']\nbefore=9\nregex='[a-z]{2}_acme_[0-9a-f]{32}'\nexamples=['k = sk_acme_{{hex 32}}']\n", loose, "prefix: byte 1 of the secret, 's', replaced by 'q'"},
		{"a second keyword in the secret", change(right, "keywords=['acme_']\nregex='acme_", "keywords=['acme_','cme_']\nbefore=1\nregex='.cme_"), loose, "prefix: byte 1 of the secret, 'a'"},
		{"any end", change(right, "right='0-9a-z'", ""), loose, "length: 38 bytes, {{hex 33}} instead of {{hex 32}}; 37 to 37 are right"},
		{"any end, after a named group", change(change(right, "acme_[0-9", "(?P<name>acme)_[0-9"), "right='0-9a-z'", ""), loose, "length: 38 bytes"},
		{"any end of a value without tags", "keywords=['acme']\nregex='acme[0-9]{4}'\nexamples=['acme7931']\n", loose, "length: with one more byte"},
		{"an end that may be missing", change(right, "[0-9a-f]{32}", "[0-9a-f]{31,32}"), loose, ""},
		{"an alphabet that is too large", change(right, "[0-9a-f]{32}", "[0-9a-z]{32}"), loose, "alphabet: g{{hex 31}}"},
		{"an alphabet of punctuation", change(crc, "[A-Za-z0-9]", "[A-Za-z0-9!]"), loose, "alphabet: !{{crc62 29}}"},
		{"a placeholder", change(right, "checks=['not-placeholder']", ""), loose, "placeholder: 0123456789abcdef"},
		{"an entropy that is too high", change(right, "left=", "entropy=3.6\nleft="), lost, "are not found; dropped: x: entropy too low"},
		{"an example that is not found", change(right, "{32}", "{20,30}"), once, "found nothing; want one finding"},
		{"an example with two secrets", change(right, "k = ", "acme_{{hex 32}} "), once, "found x on line 1"},
		{"a secret in quotes", "keywords=['acme_']\nbefore=1\nregex='\"(acme_[0-9a-f]{32})\"'\nexamples=['\"acme_{{hex 32}}\"']\n", carried, "is not found under the name value in: env, YAML, XML"},
		{"a checksum", crc + change(proof, "%", "36"), checked, ""},
		{"a checksum that raises", crc + change(change(proof, "%", "36"), "drop", "raise"), checked, ""},
		{"a checksum of another length", crc + change(proof, "%", "35"), checked, ""},
		{"a named secret", named, carried, ""},
		{"a named secret in quotes", change(named, "[^0-9a-f](", "\"("), carried, "is not found under the name acme_key in: env, YAML, XML"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file, err := patterns.ParseFile("x.toml", []byte("[[rule]]\nid='x'\nkind='api_key'\n"+c.rule))
			if err != nil {
				t.Fatal(err)
			}
			set, err := patterns.NewSet(file)
			if err != nil {
				t.Fatal(err)
			}
			q := qualityOf(t, set)
			got := strings.Join(c.test(q, examples(t, q.rules[0])[0]), "\n")
			if c.fault == "" && got != "" || !strings.Contains(got, c.fault) {
				t.Errorf("got %q, want %q in it", got, c.fault)
			}
		})
	}
}
