package proof

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
)

// object is a JSON object whose members are not decoded yet.
type object map[string]json.RawMessage

// parseObject returns the object that text is, or nil.
func parseObject(text []byte) object {
	var o object
	if !bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{")) || json.Unmarshal(text, &o) != nil {
		return nil
	}
	return o
}

// text returns a member that is a string or a number, or "".
func (o object) text(name string) string {
	raw := o[name]
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	if n := json.Number(""); json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	return ""
}

// seconds returns a member that is a number, or 0.
func (o object) seconds(name string) (n float64) {
	if json.Unmarshal(o[name], &n) != nil {
		return 0
	}
	return n
}

// lacks returns the first of keys that o does not have, or "". A key name=value requires
// that value.
func (o object) lacks(keys []string) string {
	for _, key := range keys {
		name, want, valued := strings.Cut(key, "=")
		if got := o.text(name); valued && got != want || !valued && isEmpty(o[name]) {
			return name
		}
	}
	return ""
}

// isEmpty reports whether a member is missing, null, an empty string, array or object.
func isEmpty(raw json.RawMessage) bool {
	switch string(raw) {
	case "", "null", `""`, "[]", "{}":
		return true
	}
	return false
}

// facts adds the facts that members of o hold.
func (o object) facts(f *Facts, members map[string]string) {
	for name, member := range members {
		if text := f.text(name); text != nil {
			*text = Printable(o.text(member))
		} else if t := f.time(name); t != nil {
			*t = unix(o.seconds(member))
		}
	}
}

func validateJSON(p *Proof) error {
	if len(p.Keys) == 0 {
		return fmt.Errorf("proof json needs keys: set keys to the members that the object has")
	}
	if err := oneOf("encoding", p.Encoding, "plain", "base64"); err != nil {
		return err
	}
	return validateFacts(p)
}

// checkJSON requires an object with members (RFC 8259). In the encoding base64, the value is
// base64 or base64url of it, and ends before the separator. Service account keys of Google
// are such objects (cloud.google.com/iam/docs/keys-create-delete), and so are encoded tokens
// of 1Password, Grafana Cloud and Sentry.
func checkJSON(p *Proof, _, body []byte) Result {
	if p.Separator != "" {
		body, _, _ = bytes.Cut(body, []byte(p.Separator))
	}
	if p.Encoding == "base64" {
		decoded, err := base64.RawStdEncoding.AppendDecode(nil, standardBase64(body))
		if err != nil {
			return unknown("no base64")
		}
		if body = decoded; parseObject(body) == nil {
			return refuted("it is not the base64 of a JSON object")
		}
	}
	o := parseObject(body)
	if o == nil {
		return unknown("no JSON object")
	}
	if name := o.lacks(p.Keys); name != "" {
		return refuted("the object has no " + name)
	}
	var facts Facts
	if p.PEM != "" {
		r := checkPEM(p, nil, []byte(o.text(p.PEM)))
		if r.Verdict != Proven {
			return Result{r.Verdict, p.PEM + ": " + r.Reason, Facts{}}
		}
		facts = r.Facts
	}
	o.facts(&facts, p.Facts)
	return proven("the JSON object has its members", facts)
}
