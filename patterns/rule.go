package patterns

import (
	"regexp"

	"github.com/keyguard/keyguard/internal/proof"
	"github.com/keyguard/keyguard/patterns/internal/expr"
)

// Rule finds one kind of credential. It is a [[rule]] table of a rule file. Editors and
// docs/configuration.md show its doc tags.
type Rule struct {
	ID             string   `toml:"id" doc:"Lower-case letters, digits and dashes. Never reused, because fingerprints depend on it."`
	Title          string   `toml:"title" doc:"A noun phrase, which reports show."`
	Description    string   `toml:"description" doc:"The credential, and the access that it grants."`
	Since          string   `toml:"since" doc:"The version that introduced the rule."`
	Family         string   `toml:"family" doc:"The provider or the group of rules, such as aws. Default: the name of the built-in rule file; custom for rules of a configuration."`
	Tags           []string `toml:"tags" doc:"Words that describe the rule, which rules list -f json shows."`
	Owner          string   `toml:"owner" doc:"The service that issues the credential, as reports name it: Amazon Bedrock."`
	Bits           int      `toml:"bits" doc:"Random bits of the secret. Default: 0, for a password that a person may choose. Below 128, reports contain nothing that helps to guess it."`
	Revoke         *Revoke  `toml:"revoke" doc:"How to end the access that the credential grants."`
	Kind           Kind     `toml:"kind" doc:"The kind of finding. An api_key is useful on its own; an id, a secret, a token, a user and a host are parts of a pair."`
	Pair           string   `toml:"pair" doc:"The ID of the pair that the matches are parts of. Default: the pair of the rule's kind. Never changed, because fingerprints depend on it."`
	Alone          *bool    `toml:"alone" doc:"false: a match is reported only as a part of a pair, because it is public or harmless alone. Default: true."`
	Describe       string   `toml:"describe" doc:"The description of IDs, which reads their structure: aws-key-id."`
	Severity       Severity `toml:"severity" doc:"The severity of a finding. Default: medium."`
	SeverityReason string   `toml:"severity_reason" doc:"Why the rule has its severity. Required for built-in rules of low severity."`

	Keywords    []string  `toml:"keywords" doc:"Literals of four bytes or more. A match starts with one of them; the regex runs nowhere else."`
	InValues    bool      `toml:"in_values" doc:"The keywords are too common or too short to search for: the rule applies only to values of names such as token, key, secret and password."`
	Services    []string  `toml:"services" doc:"Instead of keywords: words for the service, one of which is in the name of a value or before it. The regex must match the whole value."`
	IgnoreCase  bool      `toml:"ignore_case" doc:"Whether the case of the keywords is ignored."`
	Before      int       `toml:"before" doc:"The greatest number of bytes of a match before its keyword."`
	AsIs        bool      `toml:"as_is" doc:"Whether the rule applies only to plain text, not to decoded text, which may lack the bytes before the match."`
	Encoded     []Encoded `toml:"encoded" doc:"Words that are searched in encoded form too. The text after them is decoded, and all rules apply to it."`
	KeywordCost string    `toml:"keyword_cost" doc:"The reason for a keyword that costs more than keyguard rules check accepts."`
	OnlyIn      []string  `toml:"only_in" doc:"Names of files, as in paths, outside of which the rule does not apply."`
	NotIn       []string  `toml:"not_in" doc:"Names of files, as in paths, in which the rule does not apply."`
	NotInTests  bool      `toml:"not_in_tests" doc:"Whether the rule does not apply in files of tests, examples and documents, by their path."`
	Near        *Near     `toml:"near" doc:"Instead of keywords: the rule applies only near findings of another kind."`
	Paths       []string  `toml:"paths" doc:"Instead of keywords: names of files, as in .gitignore, that should not be committed if the regex matches their content."`
	Regex       string    `toml:"regex" doc:"A regular expression (RE2) with a greatest length, so without * and +. The secret is the group named secret, or else its first group without a name, or the whole match. Other named groups are facts, which are public: (?P<mode>live|test)."`
	Decode      string    `toml:"decode" doc:"base64 or hex: the encoding of the secret in the match."`
	Value       string    `toml:"value" doc:"With decode: a regex for the secret in the decoded text; the secret is its first group, or the whole match."`
	Tail        Class     `toml:"tail" doc:"Bytes that may extend a secret past the match, as in the brackets of a regex."`
	Until       string    `toml:"until" doc:"A regex that ends the secret, at most 8192 bytes after the regex: the secret ends with its match."`
	Left        Class     `toml:"left" doc:"Bytes that must not precede the secret directly."`
	Right       Class     `toml:"right" doc:"Bytes that must not follow the secret directly."`

	Confidence *Confidence `toml:"confidence" doc:"The confidence in a match that nothing else lowers or raises: low, medium or high. Default: high."`
	InTests    Severity    `toml:"in_tests" doc:"The severity of a match in a file of tests, examples or documents, by its path."`
	When       []When      `toml:"when" doc:"Severities of matches with a fact, such as an encrypted key. The first that applies decides."`
	Generic    bool        `toml:"generic" doc:"Whether credentials of many providers have the form, such as URLs with a password: a match of another rule for the same text takes precedence."`
	Stop       []string    `toml:"stop" doc:"Texts that occur in placeholders and not in secrets, in any case."`
	Decoys     []string    `toml:"decoys" doc:"Published values that are harmless: the first 16 hexadecimal digits of their SHA-256."`

	MinEntropy float64      `toml:"entropy" doc:"The least entropy of the secret, in bits per byte. Random base64 of 40 characters has 4.5 or more."`
	Checks     []string     `toml:"checks" doc:"Names of checks, which drop false positives."`
	Proof      *proof.Proof `toml:"proof" doc:"The structure of the secret, such as a checksum. A secret that contradicts it is dropped or gets less confidence."`
	Context    string       `toml:"context" doc:"A regex that must match between 300 bytes before the keyword and 120 bytes after the secret. Otherwise the match can only complete a pair."`
	Sure       string       `toml:"sure" doc:"A regex that raises the confidence if it matches before the secret."`
	Unless     string       `toml:"unless" doc:"A regex that must not match on the secret's line before the secret."`
	Names      string       `toml:"names" doc:"The vocabulary that decides by the name of a secret, such as aws-secret, to which provider it belongs. A secret with another name can only complete a pair."`

	Examples        []string `toml:"examples" doc:"Templates that must be found: {{alnum 32}} stands for 32 random characters. See keyguard rules check."`
	CounterExamples []string `toml:"counter_examples" doc:"Templates that must not be found."`

	pair       *Pair  // see PartOf
	vocabulary *Names // the table that Names names
	files      *fileRules
	compiled   func() (*compiled, error)
}

// compiled is a Rule in the form that matching needs.
type compiled struct {
	regex        *expr.Bounded
	secretGroup  int  // index of the group of the secret
	endsWithRun  bool // a match cannot end inside the run that the regex requires
	secretOnly   bool // a match is the secret, and starts with the keyword
	checks       []check
	value        func() *regexp.Regexp
	until        func() *regexp.Regexp
	context      *expr.Finder
	sure         *expr.Finder
	unless       *expr.Finder
	unlessSuffix int // bytes before a secret that decide whether unless matches
}

// Revoke holds the ways to end the access that a credential grants.
type Revoke struct {
	Text    string `toml:"text" doc:"One or two sentences, if page and command are not enough."`
	Page    string `toml:"page" doc:"The page of the service on which it is revoked, or its documentation."`
	Command string `toml:"command" doc:"A command line that revokes it."`
	API     string `toml:"api" doc:"A request that revokes it: DELETE https://…"`
}

// Encoded is words whose encoded forms show that the text after them is encoded.
type Encoded struct {
	Words []string   `toml:"words" doc:"Words of four bytes or more. The keywords of the rule, if there are none."`
	As    []Encoding `toml:"as" doc:"The encodings: base64, base64-twice, base64-utf-16, utf-16, utf-32, hex or escapes."`
}

// When sets the severity of matches with a fact.
type When struct {
	Fact     string   `toml:"fact" doc:"A fact from the proof or a named group of the regex, as NAME=VALUE: encrypted=yes, mode=test. A secret that contains the time of its expiry has expired=yes after it."`
	Severity Severity `toml:"severity" doc:"The severity of such a match."`
}

// Near makes a rule apply near findings of another kind, instead of at keywords.
type Near struct {
	Kind  Kind `toml:"kind" doc:"The kind of the nearby finding. It must be of the same pair if the rule has one."`
	Lines int  `toml:"lines" doc:"The greatest distance in lines."`
	Bytes int  `toml:"bytes" doc:"The greatest distance in bytes."`
}
