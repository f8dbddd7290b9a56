// Package synth expands templates into text with made-up credentials.
//
// Rule examples, tests and the corpus hold templates, never credentials: so
// no push protection fires on the project, keyguard does not find itself, and
// nobody's real key can be in the tree. A template expands to the same text
// for the same seed, on every machine.
//
//	{{akia}} {{asia}} {{abia}}  a well-formed key id with an account inside
//	{{akia-old}}                a well-formed key id of the old generation
//	{{secret}}                  a secret access key: 40 base64 characters
//	{{token}}                   a session token of 400 characters
//	{{b64 N}} {{b32 N}} {{hex N}} {{alnum N}} {{upnum N}} {{upper N}} {{lower N}}
//	{{digits N}} {{dna N}}      N random characters of that alphabet
//	{{lines N}}                 N lines of settings that mean nothing
//	{{byte N}}                  the byte of that value
//
// A name makes a value recur: {{akia#a}} is the same id wherever it stands.
// Filters follow a bar, applied left to right, and {{(}} … {{)|base64}} applies
// them to all that stands between. {{)#name}} names that text, so that a value
// can be put together: {{(}}/{{b64 39}}{{)#s}}. The filters are in filter.go.
package synth
