package proof_test

import (
	"fmt"

	"github.com/keyguard/keyguard/internal/proof"
	"github.com/keyguard/keyguard/internal/synth"
)

func ExampleProof_Check() {
	npm := proof.Proof{Kind: "crc32", Encoding: "base62", Prefixes: []string{"npm_"}, Lengths: []int{36}}
	token, _ := synth.New(1).Expand("npm_{{crc62 30}}")
	for _, value := range []string{token, token[:39] + "0", token + "0"} {
		r := npm.Check([]byte(value))
		fmt.Printf("%s: %s\n", r.Verdict, r.Reason)
	}
	// Output:
	// proven: the CRC-32 is right
	// refuted: the CRC-32 is wrong
	// unknown: of another length
}

func ExampleFacts_List() {
	jwt := proof.Proof{Kind: "jwt", Facts: map[string]string{"project": "ref"}}
	token, _ := synth.New(1).Expand("{{jwt iss=supabase ref=acme iat=1700000000 exp=1800000000}}")
	r := jwt.Check([]byte(token))
	for _, fact := range r.Facts.List() {
		fmt.Println(fact.Name, fact.Value)
	}
	// Output:
	// algorithm HS256
	// issuer supabase
	// project acme
	// issued 2023-11-14T22:13:20Z
	// expires 2027-01-15T08:00:00Z
}

func ExampleProof_Validate() {
	p := proof.Proof{Kind: "crc32", Encoding: "base64"}
	fmt.Println(p.Validate())
	// Output: encoding is "base64": use base62, base36, hex, HEX or hex-le
}
