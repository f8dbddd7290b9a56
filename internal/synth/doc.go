// Package synth expands templates into text with fake credentials.
//
// Rule examples, tests and the corpus contain templates instead of credentials. So push
// protection does not reject the project, keyguard does not report itself, and the
// repository cannot contain a real key. A template expands to the same text for the same
// seed, on every machine.
//
//	{{akia}} {{asia}} {{abia}}  a well-formed key ID that encodes an account
//	{{akia-old}}                a well-formed key ID of the old generation
//	{{secret}}                  a secret access key: 40 base64 characters
//	{{token}}                   a session token of 400 characters
//	{{b64 N}} {{b32 N}} {{hex N}} {{alnum N}} {{upnum N}} {{upper N}} {{lower N}}
//	{{digits N}} {{dna N}}      N random characters of that alphabet
//	{{lines N}}                 N lines of meaningless settings
//	{{byte N}}                  the byte with that value
//
// A name repeats a value: every {{akia#a}} is the same ID. Filters follow a bar and apply
// from left to right. {{(}} … {{)|base64}} applies them to all text in between.
// {{)#name}} names that text, to compose a value: {{(}}/{{b64 39}}{{)#s}}. The filters
// are in filter.go.
package synth
