package proof

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// MaxValue is the greatest length of a value that a check reads, in bytes.
const MaxValue = 64 << 10

// Proof is a check of a value's own structure, as written in the table [rule.proof]. Its
// doc tags are for documents. It must not be modified after the first check.
type Proof struct {
	Kind   string `toml:"kind" doc:"The structure that values have, such as crc32 or jwt."`
	Effect string `toml:"effect" doc:"drop or raise: whether a refuted value is dropped, or a proven one only gains confidence. Default: raise."`

	Prefixes []string `toml:"prefixes" doc:"Literals that a value begins with. The structure starts after the first that fits."`
	Lengths  []int    `toml:"lengths" doc:"Lengths after the prefix that the proof covers, in bytes. Default: any."`

	Over      string            `toml:"over" doc:"With crc32: body or value, the bytes that the checksum covers, without or with the prefix. Default: body."`
	Encoding  string            `toml:"encoding" doc:"The encoding of the checksum or of the content, by kind."`
	Tail      int               `toml:"tail" doc:"With crc32: the number of characters of the checksum. Default: that of the greatest checksum."`
	Separator string            `toml:"separator" doc:"With crc32: a literal before the checksum, which does not cover it. With json: a literal that ends the object."`
	Mark      string            `toml:"mark" doc:"A literal at a fixed place in the value, such as +ASt. Values without it are not covered."`
	Seeds     []string          `toml:"seeds" doc:"With marvin32: the seeds of the checksum, each of eight characters."`
	HRP       []string          `toml:"hrp" doc:"With bech32: the human-readable parts of the values, without the 1."`
	Since     string            `toml:"since" doc:"With objectid and snowflake: the earliest possible date, as in 2014-06-01."`
	Epoch     int64             `toml:"epoch" doc:"With snowflake: the start of its clock, in milliseconds since 1970. Default: that of Discord."`
	Schemes   []string          `toml:"schemes" doc:"With url: the schemes that the proof covers. Default: any."`
	Keys      []string          `toml:"keys" doc:"With json and jwt: members that the object has; name=value requires a value too."`
	PEM       string            `toml:"pem" doc:"With json: the member that holds a PEM private key."`
	Facts     map[string]string `toml:"facts" doc:"With json and jwt: the members that hold facts, such as project = \"project_id\"."`
}

// Verdict is the result of a check.
type Verdict int8

const (
	// Unknown is the verdict on values without the shape that the proof covers.
	Unknown Verdict = iota
	// Refuted is the verdict on values that have the shape but contradict it.
	Refuted
	// Proven is the verdict on values whose structure is right.
	Proven
)

// String returns unknown, refuted or proven.
func (v Verdict) String() string {
	return [...]string{"unknown", "refuted", "proven"}[v]
}

// Result is a verdict, its reason, and the facts that the value contains. The reason is a
// phrase such as "the CRC-32 is wrong".
type Result struct {
	Verdict Verdict
	Reason  string
	Facts   Facts
}

func unknown(reason string) Result { return Result{Unknown, reason, Facts{}} }
func refuted(reason string) Result { return Result{Refuted, reason, Facts{}} }
func proven(reason string, f Facts) Result {
	return Result{Proven, reason, f}
}

// Check returns the verdict on value. The proof must be valid; an invalid one decides
// nothing. Check keeps no reference to value.
func (p *Proof) Check(value []byte) Result {
	if len(value) > MaxValue {
		return unknown(fmt.Sprintf("longer than %d bytes", MaxValue))
	}
	k, ok := kindNamed(p.Kind)
	if !ok {
		return unknown("unknown kind of proof")
	}
	body, ok := p.body(value)
	if !ok {
		return unknown("without a prefix of the proof")
	}
	if len(p.Lengths) > 0 && !slices.Contains(p.Lengths, len(body)) {
		return unknown("of another length")
	}
	return k.check(p, value, body)
}

// body returns value without its prefix.
func (p *Proof) body(value []byte) (body []byte, ok bool) {
	if len(p.Prefixes) == 0 {
		return value, true
	}
	for _, prefix := range p.Prefixes {
		if body, ok = bytes.CutPrefix(value, []byte(prefix)); ok {
			return body, true
		}
	}
	return nil, false
}

// Bits returns the redundancy of the structure: a random value of the shape is proven with
// a chance of about 1 in 2^Bits. Returns 0 for an unknown kind.
func (p *Proof) Bits() int {
	k, _ := kindNamed(p.Kind)
	if p.Kind == "marvin32" && p.Encoding == "entra" {
		return 13 // three of six digits
	}
	return k.bits
}

// Validate returns an error for an unknown kind, for a parameter that the kind does not use,
// and for an impossible value.
func (p *Proof) Validate() error {
	k, ok := kindNamed(p.Kind)
	if !ok {
		return fmt.Errorf("unknown proof %q: use one of %s", p.Kind, strings.Join(Kinds(), ", "))
	}
	if p.Effect != "" && p.Effect != "drop" && p.Effect != "raise" {
		return fmt.Errorf("effect is %q: use drop or raise", p.Effect)
	}
	for _, name := range p.given() {
		if !slices.Contains(k.params, name) {
			return fmt.Errorf("proof %s does not use %s: remove it", k.name, name)
		}
	}
	for i, prefix := range p.Prefixes {
		if prefix == "" {
			return fmt.Errorf("a prefix is empty: remove it")
		}
		for _, earlier := range p.Prefixes[:i] {
			if strings.HasPrefix(prefix, earlier) {
				return fmt.Errorf("prefix %q never applies: move it before %q", prefix, earlier)
			}
		}
	}
	for _, n := range p.Lengths {
		if n <= 0 || n > MaxValue {
			return fmt.Errorf("length %d is impossible: use 1 to %d", n, MaxValue)
		}
	}
	if k.validate == nil {
		return nil
	}
	return k.validate(p)
}

// given returns the names of the parameters that are set and that not every kind uses.
func (p *Proof) given() (names []string) {
	for _, param := range []struct {
		name string
		set  bool
	}{
		{"over", p.Over != ""}, {"encoding", p.Encoding != ""}, {"tail", p.Tail != 0}, {"separator", p.Separator != ""},
		{"mark", p.Mark != ""}, {"seeds", len(p.Seeds) > 0}, {"hrp", len(p.HRP) > 0}, {"since", p.Since != ""}, {"epoch", p.Epoch != 0},
		{"schemes", len(p.Schemes) > 0}, {"keys", len(p.Keys) > 0}, {"pem", p.PEM != ""}, {"facts", len(p.Facts) > 0},
	} {
		if param.set {
			names = append(names, param.name)
		}
	}
	return names
}

// oneOf returns an error if value is neither empty nor one of allowed.
func oneOf(name, value string, allowed ...string) error {
	if value == "" || slices.Contains(allowed, value) {
		return nil
	}
	return fmt.Errorf("%s is %q: use %s", name, value, strings.Join(allowed, ", "))
}
