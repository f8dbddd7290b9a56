package proof

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"strconv"
	"strings"
)

// macaroon is the public part of a macaroon: its location and the first-party caveats.
type macaroon struct {
	location string
	caveats  [][]byte
}

// signatureLen is the length of the signature of a macaroon, in bytes.
const signatureLen = 32

// checkMacaroon requires a macaroon in base64 or base64url, in the binary format of version
// 1 or 2 (github.com/rescrv/libmacaroons, doc/format.txt). Tokens of PyPI are such (PyPI
// documentation, "API tokens"; github.com/pypi/warehouse, warehouse/macaroons). The location
// is the issuer. The caveats of PyPI hold the project and the expiry.
func checkMacaroon(_ *Proof, _, body []byte) Result {
	data, err := base64.RawStdEncoding.AppendDecode(nil, standardBase64(body))
	if err != nil || len(data) == 0 {
		return unknown("no base64")
	}
	m, ok := parseMacaroon2(data)
	if !ok {
		m, ok = parseMacaroon1(data)
	}
	if !ok {
		return refuted("it is not a macaroon")
	}
	facts := Facts{Issuer: Printable(m.location)}
	for _, caveat := range m.caveats {
		facts.addCaveat(caveat)
	}
	return proven("it is a macaroon", facts)
}

// The fields of a macaroon of version 2. A section ends with a zero.
const (
	macaroonEnd        = 0
	macaroonLocation   = 1
	macaroonIdentifier = 2
	macaroonVID        = 4
	macaroonSignature  = 6
)

// parseMacaroon2 reads a 2, the header section, the caveats, each a section, an empty
// section, and the signature.
func parseMacaroon2(data []byte) (m macaroon, ok bool) {
	data, ok = bytes.CutPrefix(data, []byte{2})
	if !ok {
		return m, false
	}
	header, data, ok := macaroonSection(data)
	if !ok || len(header[macaroonIdentifier]) == 0 || header[macaroonVID] != nil {
		return m, false
	}
	m.location = string(header[macaroonLocation])
	for {
		var caveat [macaroonVID + 1][]byte
		if caveat, data, ok = macaroonSection(data); !ok {
			return m, false
		}
		if caveat[macaroonIdentifier] == nil {
			break
		}
		if caveat[macaroonVID] == nil {
			m.caveats = append(m.caveats, caveat[macaroonIdentifier])
		}
	}
	field, signature, rest, ok := macaroonField(data)
	return m, ok && field == macaroonSignature && len(signature) == signatureLen && len(rest) == 0
}

// macaroonSection reads fields in ascending order up to a zero.
func macaroonSection(data []byte) (fields [macaroonVID + 1][]byte, rest []byte, ok bool) {
	for last := uint64(0); ; {
		if len(data) > 0 && data[0] == macaroonEnd {
			return fields, data[1:], true
		}
		field, content, after, ok := macaroonField(data)
		if !ok || field <= last || field > macaroonVID || field == macaroonVID-1 {
			return fields, nil, false
		}
		fields[field], last, data = content, field, after
	}
}

// macaroonField reads a type and a length, both varints, and the content.
func macaroonField(data []byte) (field uint64, content, rest []byte, ok bool) {
	field, n := binary.Uvarint(data)
	if n <= 0 {
		return 0, nil, nil, false
	}
	size, m := binary.Uvarint(data[n:])
	if m <= 0 || size > uint64(len(data)-n-m) {
		return 0, nil, nil, false
	}
	data = data[n+m:]
	return field, data[:size:size], data[size:], true
}

// parseMacaroon1 reads packets: four hexadecimal digits with the length of the packet, a
// key, a space, the content, and a line feed.
func parseMacaroon1(data []byte) (m macaroon, ok bool) {
	order := []string{"location", "identifier"}
	for n := 0; len(data) >= 5; n++ {
		size, err := strconv.ParseUint(string(data[:4]), 16, 16)
		if err != nil || size < 6 || size > uint64(len(data)) || data[size-1] != '\n' {
			return m, false
		}
		key, content, found := bytes.Cut(data[4:size-1], []byte(" "))
		data = data[size:]
		switch {
		case !found || n < len(order) && string(key) != order[n]:
			return m, false
		case n == 0:
			m.location = string(content)
		case string(key) == "cid":
			m.caveats = append(m.caveats, content)
		case string(key) == "signature":
			return m, len(content) == signatureLen && len(data) == 0
		}
	}
	return m, false
}

// addCaveat adds the facts of a caveat of PyPI: [0, expiry, start], [1, [projects]], and the
// older {"permissions": {"projects": [...]}} and {"exp": …}. It skips others.
func (f *Facts) addCaveat(caveat []byte) {
	var list []json.RawMessage
	if json.Unmarshal(caveat, &list) == nil && len(list) >= 2 {
		var projects []string
		switch string(list[0]) {
		case "0":
			f.Expires = unix(object{"exp": list[1]}.seconds("exp"))
		case "1":
			if json.Unmarshal(list[1], &projects) == nil {
				f.Project = Printable(strings.Join(projects, ", "))
			}
		}
		return
	}
	var old struct {
		Expires     float64         `json:"exp"`
		Permissions json.RawMessage `json:"permissions"`
	}
	if json.Unmarshal(caveat, &old) != nil {
		return
	}
	if old.Expires != 0 {
		f.Expires = unix(old.Expires)
	}
	var permissions struct {
		Projects []string `json:"projects"`
	}
	if json.Unmarshal(old.Permissions, &permissions) == nil && len(permissions.Projects) > 0 {
		f.Project = Printable(strings.Join(permissions.Projects, ", "))
	}
}
