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
//	{{lownum N}} {{letters N}} {{digits N}} {{b58 N}} {{dna N}}
//	                            N random characters of that alphabet
//	{{lines N}}                 N lines of meaningless settings
//	{{byte N}}                  the byte with that value
//
// These have a structure that can be verified, and grant access to nothing. Words in
// brackets are optional:
//
//	{{crc62 N}}                 N letters and digits, and their CRC-32 in base62
//	{{crc36 N}}                 the same in base36; {{crchex N}} in hexadecimal,
//	                            {{crcupper N}} in upper case, {{crcle N}} in little-endian
//	{{marvin MARK SEED [BYTES]}}
//	                            an identifiable key of Azure, such as {{marvin +ASt Default0}}
//	{{cask MARK [long]}}        a common annotated security key of Azure
//	{{entra}}                   a client secret of Entra ID
//	{{jwt [NAME=VALUE …]}}      a JSON Web Token with these claims; alg=RS256 is the algorithm
//	{{pem rsa|ec|ed25519 [pkcs8] [encrypted]}}
//	                            a private key in PEM
//	{{openssh rsa|ecdsa|ed25519 [encrypted]}}
//	                            a private key of OpenSSH
//	{{ppk [encrypted]}}         a private key of PuTTY
//	{{pgp [encrypted]}}         a private key of OpenPGP
//	{{bech32 HRP [BYTES]}}      bytes in bech32, or in {{bech32m HRP [BYTES]}}
//	{{base58check VERSION BYTES}}
//	                            bytes in Base58Check, such as {{base58check 80 32}}
//	{{macaroon LOCATION [CAVEAT …]}}
//	                            a macaroon, such as pypi-{{macaroon pypi.org}}
//	{{objectid}} {{snowflake}}  an ID with a time of 2023
//
// If the checksum covers a prefix too, use a filter: {{(}}glpat-{{alnum 30}}{{)|crc36}}.
//
// A name repeats a value: every {{akia#a}} is the same ID. Filters follow a bar and apply
// from left to right. {{(}} … {{)|base64}} applies them to all text in between.
// {{)#name}} names that text, to compose a value: {{(}}/{{b64 39}}{{)#s}}. The filters
// are in filter.go.
package synth
