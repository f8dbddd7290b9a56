package patterns

import (
	"bytes"
	"slices"

	"github.com/keyguard/keyguard/internal/literal"
)

// foreignReach is the number of bytes around a secret that may contain the ID of another
// service.
const foreignReach = 200

// checkNotBesideForeignID drops the secret of a key of MinIO, Ceph, Google (HMAC keys)
// and the like: an ID of twenty letters and digits without a prefix of AWS, or a token
// that is a JSON web token, is near it under its name. A secret that is named after AWS
// stays, with less confidence, because IDs near it may be unrelated.
func checkNotBesideForeignID(text []byte, m *Match) {
	from := max(0, m.SecretStart-foreignReach)
	reason := foreignReason(text[from:min(len(text), m.SecretEnd+foreignReach)], m.SecretStart-from, m.Name.names)
	switch {
	case reason == "":
	case m.Name.Ownership == OwnerNamed:
		m.Confidence = Unsure
	default:
		m.drop(reason)
	}
}

// foreignReason returns the reason why the secret at around[at:] belongs to another
// service, or "". The nearest ID decides.
func foreignReason(around []byte, at int, names *Names) string {
	if i := literal.IndexFold(around, "sessiontoken"); i >= 0 && bytes.Contains(around[i:min(len(around), i+30)], []byte(`"eyJhbGciOi`)) {
		return "beside the token of another service"
	}
	if names != nil && slices.ContainsFunc(names.RivalIDs, func(begin string) bool { return hasID(around, begin) }) {
		return "beside the key ID of another service"
	}
	nearest, reason := len(around), ""
	for next := 0; ; {
		i := literal.IndexFold(around[next:], "access")
		if i < 0 {
			return reason
		}
		next += i + len("access")
		id := idAfter(around[next:])
		if distance := max(next-at, at-next); id != nil && !placeholder(id) && distance < nearest {
			nearest, reason = distance, ""
			if !awsID(id) {
				reason = "beside the key ID of another service"
			}
		}
	}
}

// hasID reports whether text contains an ID with a prefix.
func hasID(text []byte, begin string) bool {
	for next := 0; ; {
		i := bytes.Index(text[next:], []byte(begin))
		if i < 0 {
			return false
		}
		next += i
		n := 0
		for next+n < len(text) && isAlnum(text[next+n]) {
			n++
		}
		if n >= keyIDLen && (next == 0 || !isBase64(text[next-1])) {
			return true
		}
		next += n
	}
}

// idAfter returns the value of the name with which text starts, if it has 20 letters and
// digits, or 18 to 24 capitals and digits.
func idAfter(text []byte) []byte {
	text = text[:min(len(text), 64)]
	i := bytes.IndexAny(text, ":=>")
	if i < 0 {
		return nil
	}
	value := bytes.TrimLeft(text[i+1:], " \t\"'")
	n := 0
	upper := true
	for n < len(value) && isAlnum(value[n]) {
		upper = upper && (value[n] < 'a' || value[n] > 'z')
		n++
	}
	if n < len(value) && isBase64(value[n]) {
		return nil // a part of a longer value, such as the secret itself
	}
	if n == 20 || upper && 18 <= n && n <= 24 {
		return value[:n]
	}
	return nil
}
