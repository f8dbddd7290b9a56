package proof

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"strconv"
	"strings"
)

// ppk is the content of a PuTTY key file.
type ppk struct {
	version               string // 2 or 3
	algorithm, encryption string
	comment               string
	public, private       []byte
	mac                   string
}

// checkPPK requires a PuTTY private key file of version 2 or 3 (PuTTY manual, appendix C). It
// verifies the MAC of a file without encryption. With encryption, the MAC needs the
// passphrase.
func checkPPK(_ *Proof, _, body []byte) Result {
	at := bytes.Index(body, []byte("PuTTY-User-Key-File-"))
	if at < 0 {
		return unknown("no PuTTY key file")
	}
	k, ok := parsePPK(unescapeLines(body[at:]))
	if !ok {
		return unknown("an incomplete PuTTY key file")
	}
	public, ok := parseSSHPublic(k.public)
	if !ok || public.algorithm != k.algorithm {
		return refuted("the public half of the key is damaged")
	}
	facts := public.facts()
	if k.encryption != "none" {
		facts.Encrypted = true
		return proven("it is an encrypted key", facts)
	}
	if k.mac != hex.EncodeToString(k.computeMAC()) {
		return refuted("the MAC of the key is wrong")
	}
	return proven("the MAC of the key is right", facts)
}

func parsePPK(text []byte) (k ppk, ok bool) {
	var lines []string
	for line := range strings.Lines(string(text)) {
		lines = append(lines, strings.TrimSpace(line))
	}
	for i := 0; i < len(lines); i++ {
		name, value, found := strings.Cut(lines[i], ": ")
		version, first := strings.CutPrefix(name, "PuTTY-User-Key-File-")
		switch {
		case !found:
			continue
		case first:
			k.version, k.algorithm = version, value
		case name == "Encryption":
			k.encryption = value
		case name == "Comment":
			k.comment = value
		case name == "Public-Lines":
			k.public, i = base64Lines(lines, i, value)
		case name == "Private-Lines":
			k.private, i = base64Lines(lines, i, value)
		case name == "Private-MAC":
			k.mac = value
			return k, (k.version == "2" || k.version == "3") && k.encryption != "" && len(k.public) > 0 && len(k.private) > 0
		}
	}
	return k, false
}

// base64Lines returns the content of count lines after at, and the last of them. The content
// is nil if it is not base64.
func base64Lines(lines []string, at int, count string) (content []byte, last int) {
	n, err := strconv.Atoi(count)
	if err != nil || n < 0 || n >= len(lines)-at {
		return nil, at
	}
	content, err = base64.StdEncoding.Strict().DecodeString(strings.Join(lines[at+1:at+1+n], ""))
	if err != nil {
		content = nil
	}
	return content, at + n
}

// computeMAC returns the MAC of a file without encryption, over five strings. Its key is
// fixed in version 2 and empty in version 3.
func (k *ppk) computeMAC() []byte {
	newHash, key := func() hash.Hash { return sha256.New() }, []byte(nil)
	if k.version == "2" {
		sum := sha1.Sum([]byte("putty-private-key-file-mac-key"))
		newHash, key = sha1.New, sum[:]
	}
	mac := hmac.New(newHash, key)
	for _, part := range [][]byte{[]byte(k.algorithm), []byte(k.encryption), []byte(k.comment), k.public, k.private} {
		mac.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
		mac.Write(part)
	}
	return mac.Sum(nil)
}
