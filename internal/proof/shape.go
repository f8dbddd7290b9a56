package proof

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

func validateEqualHalves(p *Proof) error {
	if p.Mark == "" {
		return fmt.Errorf("proof equal-halves needs a mark: set it to the literal in the middle")
	}
	return nil
}

// checkEqualHalves requires the mark in the middle of the token. Keys of OpenAI have
// T3BlbkFJ there, the base64 of "OpenAI". Samples verify it; no document describes it.
func checkEqualHalves(p *Proof, _, body []byte) Result {
	if !bytes.Contains(body, []byte(p.Mark)) {
		return unknown("without its mark")
	}
	half := (len(body) - len(p.Mark)) / 2
	if (len(body)-len(p.Mark))%2 != 0 || !bytes.HasPrefix(body[half:], []byte(p.Mark)) {
		return refuted("its mark is not in the middle")
	}
	if half == 0 {
		return unknown("nothing but its mark")
	}
	return proven("its mark is in the middle", Facts{})
}

// day is the format of the parameter since.
const day = "2006-01-02"

// slack is the tolerance for clocks that are ahead.
const slack = 24 * time.Hour

func validateSince(p *Proof) error {
	if _, err := time.Parse(day, p.Since); p.Since != "" && err != nil {
		return fmt.Errorf("since is %q: use a date such as 2014-06-01", p.Since)
	}
	return nil
}

func validateSnowflake(p *Proof) error {
	if p.Epoch < 0 {
		return fmt.Errorf("epoch is %d: use milliseconds since 1970", p.Epoch)
	}
	if err := validateSince(p); err != nil {
		return err
	}
	return oneOf("encoding", p.Encoding, "decimal", "base64")
}

// issued returns a proof of a time of issue between earliest, or since if it is given, and
// now.
func (p *Proof) issued(t, earliest time.Time) Result {
	if since, err := time.Parse(day, p.Since); err == nil {
		earliest = since
	}
	if t.Before(earliest) || t.After(time.Now().Add(slack)) {
		return refuted("it contains an impossible time of issue")
	}
	return proven("it contains a possible time of issue", Facts{Issued: t})
}

// checkObjectID reads the first 24 hexadecimal digits: four bytes of seconds since 1970, big
// endian, and eight others (mongodb.com, BSON types, ObjectId). MongoDB appeared in
// February 2009.
func checkObjectID(p *Proof, _, body []byte) Result {
	if len(body) < 24 {
		return unknown("no ObjectId")
	}
	id, err := hex.AppendDecode(nil, body[:24])
	if err != nil {
		return unknown("no ObjectId")
	}
	seconds := int64(id[0])<<24 | int64(id[1])<<16 | int64(id[2])<<8 | int64(id[3])
	return p.issued(time.Unix(seconds, 0).UTC(), time.Date(2009, 2, 11, 0, 0, 0, 0, time.UTC))
}

// discordEpoch is the start of 2015, in milliseconds since 1970.
const discordEpoch = 1420070400000

// checkSnowflake reads a decimal ID of 64 bits, of which the upper 42 are milliseconds since
// the epoch (discord.com/developers/docs/reference, Snowflakes). In the encoding base64, as
// in a bot token of Discord, the ID ends at the first full stop. It is the account.
func checkSnowflake(p *Proof, _, body []byte) Result {
	if p.Encoding == "base64" {
		first, _, _ := bytes.Cut(body, []byte("."))
		decoded, err := base64.RawStdEncoding.Strict().AppendDecode(nil, standardBase64(first))
		if err != nil {
			return unknown("no base64 of an ID")
		}
		body = decoded
	}
	id, err := strconv.ParseUint(string(body), 10, 64)
	if err != nil || len(body) < 15 || id>>63 != 0 {
		return unknown("no snowflake ID")
	}
	epoch := p.Epoch
	if epoch == 0 {
		epoch = discordEpoch
	}
	r := p.issued(time.UnixMilli(int64(id>>22)+epoch).UTC(), time.UnixMilli(epoch))
	if r.Verdict == Proven && p.Encoding == "base64" {
		r.Facts.Account = string(body)
	}
	return r
}

// checkBasicAuth requires base64 of user:password (RFC 7617), both of printable characters.
// The user is a fact unless it could be the secret, as in token:x-oauth-basic.
func checkBasicAuth(_ *Proof, _, body []byte) Result {
	decoded, err := base64.RawStdEncoding.Strict().AppendDecode(nil, standardBase64(body))
	if err != nil {
		return unknown("no base64")
	}
	user, password, found := strings.Cut(string(decoded), ":")
	if !found || user == "" || password == "" || !isPrintable(user) || !isPrintable(password) {
		return refuted("it is not the base64 of user:password")
	}
	return proven("it is the base64 of user:password", Facts{Account: account(user, password)})
}

// maxUser is the greatest length of a user that is a fact, in bytes. Longer ones could be
// tokens, unless they are addresses.
const maxUser = 32

// account returns user, or "" if it could be the secret rather than the password.
func account(user, password string) string {
	isAddress := strings.Contains(user, "@")
	if len(password) < 4 || strings.HasPrefix(password, "x-oauth") || !isAddress && (len(user) > maxUser || len(user) > 16 && len(user) >= len(password)) {
		return ""
	}
	return Printable(user)
}

// checkURL requires a scheme, a user, a password and a host (RFC 3986). The last "@" before
// the path ends the password, because passwords are often not escaped. The user can be
// empty, as in redis://. The URLs of JDBC can have both as parameters. Placeholders are for
// other checks.
func checkURL(p *Proof, _, body []byte) Result {
	scheme, rest, ok := strings.Cut(string(body), "://")
	if !ok || !isScheme(scheme) {
		return unknown("no URL")
	}
	if len(p.Schemes) > 0 && !slices.Contains(p.Schemes, strings.ToLower(scheme)) {
		return unknown("with another scheme")
	}
	authority := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		authority = rest[:end]
	}
	var user, password string
	host := authority
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		user, password, _ = strings.Cut(authority[:at], ":")
		host = authority[at+1:]
	} else if user, password = jdbcParameters(scheme, rest); password == "" {
		return unknown("no user in the URL")
	}
	host, _, _ = strings.Cut(host, ";")
	if password == "" {
		return refuted("the URL has no password")
	}
	if host == "" || !isHost(host) {
		return refuted("the URL has no host")
	}
	if name, err := url.PathUnescape(user); err == nil {
		user = name
	}
	return proven("the URL has a password", Facts{Account: account(user, password), Host: Printable(host)})
}

// jdbcParameters returns the user and the password among the parameters of a JDBC URL, as in
// jdbc:mysql://host/db?user=…&password=… and jdbc:sqlserver://host;user=…;password=….
func jdbcParameters(scheme, rest string) (user, password string) {
	if !strings.HasPrefix(strings.ToLower(scheme), "jdbc:") {
		return "", ""
	}
	for parameter := range strings.FieldsFuncSeq(rest, func(r rune) bool { return r == '?' || r == '&' || r == ';' }) {
		switch name, value, _ := strings.Cut(parameter, "="); strings.ToLower(name) {
		case "user", "username":
			user = value
		case "password", "pwd":
			password = value
		}
	}
	return user, password
}

// isScheme reports whether s is a scheme, such as jdbc:mysql: a letter, then letters, digits
// and + - . or :, at most 64 bytes.
func isScheme(s string) bool {
	for i, c := range []byte(s) {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (i == 0 || !('0' <= c && c <= '9') && !strings.ContainsRune("+-.:", rune(c))) {
			return false
		}
	}
	return s != "" && len(s) <= 64
}

// isHost reports whether s consists of the characters of hosts and ports, of one or several.
func isHost(s string) bool {
	for _, c := range s {
		if c <= ' ' || strings.ContainsRune("<>\"'`{}|\\^$", c) {
			return false
		}
	}
	return true
}
