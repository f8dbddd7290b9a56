package inspect

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// readBedrock sets the fields that an API key for Amazon Bedrock contains. It ignores
// other text.
//
// A long-term key is ABSK and the base64 of USER-at-ACCOUNT:SECRET. A short-term key is
// bedrock-api-key- and the base64 of a presigned URL without its scheme
// (github.com/aws/aws-bedrock-token-generator-js).
func (c *Credential) readBedrock(key string) {
	if rest, ok := strings.CutPrefix(key, "ABSK"); ok {
		c.readBedrockLong(decode(rest))
	}
	if rest, ok := strings.CutPrefix(key, "bedrock-api-key-"); ok {
		c.readBedrockShort(decode(rest))
	}
}

func (c *Credential) readBedrockLong(text string) {
	c.class = bedrockLong
	if m := regexp.MustCompile(`\A([\w+=,.@-]{1,64})-at-([0-9]{12}):`).FindStringSubmatch(text); m != nil {
		c.User, c.Account = m[1], m[2]
	}
}

// readBedrockShort reads the signer's key ID and the expiry from the parameters of a
// presigned URL.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
func (c *Credential) readBedrockShort(text string) {
	c.class = bedrockShort
	_, query, _ := strings.Cut(text, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return
	}
	begin, err := time.Parse("20060102T150405Z", values.Get("X-Amz-Date"))
	seconds, err2 := strconv.ParseUint(values.Get("X-Amz-Expires"), 10, 20)
	if err == nil && err2 == nil {
		c.Expires = begin.Add(time.Duration(seconds) * time.Second)
	}
	id, _, _ := strings.Cut(values.Get("X-Amz-Credential"), "/")
	if signer, err := ParseID(id); err == nil {
		c.ID, c.Account, c.Generation, c.Canary, c.Harmless = id, signer.Account, signer.Generation, signer.Canary, signer.Harmless
	}
}

// decode decodes base64 in either alphabet, with or without padding, up to the first
// error.
func decode(s string) string {
	s = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(s, "="))
	data, _ := base64.RawStdEncoding.DecodeString(s)
	return string(data)
}
