package patterns

import "github.com/keyguard/keyguard/internal/proof"

// Match is one match of a rule. Its offsets are into the text that was searched.
type Match struct {
	Start, End             int    // of the match of the regex
	SecretStart, SecretEnd int    // of the secret, which reports mask
	Value                  []byte // the secret, decoded
	Confidence             Confidence
	Severity               Severity // the rule's, or the one that its facts give it
	Specificity            Specificity
	Alone                  bool         // reported even if it does not complete a pair
	Name                   Name         // of the secret, if the rule has a vocabulary
	Doubt                  string       // why Alone is false, if the reason is the name
	Drop                   Drop         // why it is not reported
	Facts                  []proof.Fact // public content of the secret and its match

	// Set by MatchAt, with or without a match: the number of bytes before and after the
	// offset of the keyword on which the result depends, and on which the regex ran.
	Before, After, Tried int
}

// Specificity is the strength of the evidence that a match is the credential of its rule,
// rather than another one.
type Specificity int

// The specificities, lowest first.
const (
	ByForm   Specificity = iota // a form that credentials of many providers have
	ByName                      // its name, or a credential near it
	ByPrefix                    // its keyword is a part of the secret
	ByProof                     // its structure, by a strong proof
)

// drop drops the match because of its content.
func (m *Match) drop(text string) { m.Drop = Drop{By: ByContent, Text: text} }

// dropWithin drops a part of a run of base64 that has at least run bytes.
func (m *Match) dropWithin(text []byte, run int) {
	start, end := m.SecretStart, m.SecretEnd
	for start > 0 && end-start < run && isBase64(text[start-1]) {
		start--
	}
	for end < len(text) && end-start < run && isBase64(text[end]) {
		end++
	}
	if end-start >= run {
		m.drop("inside a long run of base64")
	}
}
