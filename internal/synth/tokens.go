package synth

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// keyTags returns the tags whose arguments are words.
func keyTags() map[string]func(*Expander, []string) (string, error) {
	return map[string]func(*Expander, []string) (string, error){
		"marvin":      (*Expander).marvinKey,
		"cask":        (*Expander).cask,
		"entra":       func(e *Expander, words []string) (string, error) { return e.entra(), none("entra", words) },
		"jwt":         (*Expander).jwt,
		"pem":         (*Expander).pem,
		"openssh":     (*Expander).openssh,
		"ppk":         (*Expander).ppk,
		"pgp":         (*Expander).pgp,
		"bech32":      func(e *Expander, words []string) (string, error) { return e.bech32(words, 1) },
		"bech32m":     func(e *Expander, words []string) (string, error) { return e.bech32(words, 0x2bc830a3) },
		"base58check": (*Expander).base58check,
		"macaroon":    (*Expander).macaroon,
		"objectid":    func(e *Expander, words []string) (string, error) { return e.objectID(), none("objectid", words) },
		"snowflake":   func(e *Expander, words []string) (string, error) { return e.snowflake(), none("snowflake", words) },
	}
}

// none returns an error if there are words.
func none(tag string, words []string) error {
	if len(words) > 0 {
		return fmt.Errorf("tag %s takes no arguments", tag)
	}
	return nil
}

// The times in tokens: they were issued in 2023, and JWTs expire in 2100.
const (
	issuedFrom = 1672531200
	issuedSpan = 365 * 24 * 3600
	expiry     = 4102444800
)

// jwt returns a signed token whose claims are sub, iat and exp, and those that words give as
// name=value. A value of digits is a number. The word alg=… chooses the algorithm.
func (e *Expander) jwt(words []string) (string, error) {
	header := map[string]any{"alg": "HS256", "typ": "JWT"}
	claims := map[string]any{"sub": e.chars(digits, 10), "iat": issuedFrom + e.rng.IntN(issuedSpan), "exp": expiry}
	for _, word := range words {
		name, value, ok := strings.Cut(word, "=")
		switch n, err := strconv.Atoi(value); {
		case !ok:
			return "", fmt.Errorf("tag jwt takes claims such as iss=x, not %q", word)
		case name == "alg":
			header["alg"] = value
		case err == nil:
			claims[name] = n
		default:
			claims[name] = value
		}
	}
	sizes := map[any]int{"none": 0, "HS256": 32, "HS384": 48, "HS512": 64, "ES256": 64, "ES384": 96, "EdDSA": 64, "RS256": 256, "PS256": 256}
	size, ok := sizes[header["alg"]]
	if !ok {
		return "", fmt.Errorf("tag jwt has an unknown algorithm %q", header["alg"])
	}
	return encodeJSON(header) + "." + encodeJSON(claims) + "." + base64.RawURLEncoding.EncodeToString(e.bytes(size)), nil
}

// encodeJSON returns an object, with sorted members, in base64url.
func encodeJSON(v map[string]any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts and numbers have JSON
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// macaroon returns a macaroon of version 2 in base64url, as PyPI does: a location, a UUID,
// and a caveat for each word after the location.
func (e *Expander) macaroon(words []string) (string, error) {
	if len(words) == 0 {
		return "", fmt.Errorf("tag macaroon takes a location, such as pypi.org, and caveats")
	}
	hex := alphabet("hex")
	id := strings.Join([]string{e.chars(hex, 8), e.chars(hex, 4), "4" + e.chars(hex, 3), "a" + e.chars(hex, 3), e.chars(hex, 12)}, "-")
	field := func(out []byte, kind byte, content string) []byte {
		return append(binary.AppendUvarint(append(out, kind), uint64(len(content))), content...)
	}
	out := field(field([]byte{2}, 1, words[0]), 2, id)
	for _, caveat := range words[1:] {
		out = field(append(out, 0), 2, caveat)
	}
	out = field(append(out, 0, 0), 6, string(e.bytes(32)))
	return base64.RawURLEncoding.EncodeToString(out), nil
}

// objectID returns a MongoDB ObjectId: seconds, and eight random bytes.
func (e *Expander) objectID() string {
	return fmt.Sprintf("%08x", issuedFrom+e.rng.IntN(issuedSpan)) + e.chars(alphabet("hex"), 16)
}

// snowflake returns an ID of Discord: milliseconds since 2015, and 22 random bits.
func (e *Expander) snowflake() string {
	const epoch = 1420070400
	ms := uint64(issuedFrom+e.rng.IntN(issuedSpan)-epoch) * 1000
	return strconv.FormatUint(ms<<22|e.rng.Uint64N(1<<22), 10)
}
