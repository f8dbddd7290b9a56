package proof

import (
	"bytes"
	"encoding/base64"
)

// signatureSizes returns the least and the greatest length of a signature, in bytes (RFC
// 7518, section 3; RFC 8037). Signatures of RSA are as long as the modulus.
func signatureSizes(algorithm string) (least, greatest int, known bool) {
	switch algorithm {
	case "none":
		return 0, 0, true
	case "HS256":
		return 32, 32, true
	case "HS384":
		return 48, 48, true
	case "HS512":
		return 64, 64, true
	case "ES256", "ES256K":
		return 64, 64, true
	case "ES384":
		return 96, 96, true
	case "ES512":
		return 132, 132, true
	case "EdDSA":
		return 64, 114, true
	case "RS256", "RS384", "RS512", "PS256", "PS384", "PS512":
		return 128, 2048, true
	}
	return 0, 0, false
}

// checkJWT requires a compact JWS with claims (RFC 7515, RFC 7519). It has three parts in
// base64url: two JSON objects, and a signature as long as its algorithm requires. The
// signature cannot be verified. Encrypted tokens (RFC 7516) have five parts and are not
// covered. The facts are the algorithm, iss, iat, exp, and others that the rule names. A
// token with the algorithm "none" grants nothing.
func checkJWT(p *Proof, _, body []byte) Result {
	parts := bytes.Split(body, []byte("."))
	if len(parts) != 3 || !bytes.HasPrefix(body, []byte("ey")) {
		return unknown("no signed JSON Web Token")
	}
	var decoded [3][]byte
	for i, part := range parts {
		if bytes.ContainsFunc(part, isNotBase64URL) {
			return unknown("no base64url")
		}
		var err error
		if decoded[i], err = base64.RawURLEncoding.Strict().AppendDecode(nil, part); err != nil {
			return refuted("the base64url is damaged")
		}
	}
	header, claims, signature := parseObject(decoded[0]), parseObject(decoded[1]), decoded[2]
	if header == nil || isEmpty(header["alg"]) {
		return refuted("the header is not JSON with an algorithm")
	}
	if claims == nil {
		return refuted("the claims are not a JSON object")
	}
	algorithm := header.text("alg")
	least, greatest, known := signatureSizes(algorithm)
	if known && (len(signature) < least || len(signature) > greatest) {
		return refuted("the signature is too short or too long for the algorithm")
	}
	if name := claims.lacks(p.Keys); name != "" {
		return refuted("the claims have no " + name)
	}
	facts := Facts{
		Algorithm: Printable(algorithm), Issuer: Printable(claims.text("iss")),
		Issued: unix(claims.seconds("iat")), Expires: unix(claims.seconds("exp")),
	}
	claims.facts(&facts, p.Facts)
	return proven("the header and the claims are JSON", facts)
}

func isNotBase64URL(r rune) bool {
	return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_')
}
