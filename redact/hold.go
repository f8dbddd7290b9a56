package redact

import "bytes"

const (
	// longWord is the length from which a last word waits for its end: half a secret, or
	// most of a key ID.
	longWord = 16
	// patience is the number of ticks without a byte that a shorter word waits; it may be
	// a prompt.
	patience = 20
)

// settled returns the length of the text at the start of buf that does not end within a
// possible credential. quiet is the number of ticks since the last byte.
func settled(buf []byte, known []known, quiet int) int {
	text := buf[max(0, len(buf)-maxHeld):]
	base := len(buf) - len(text)
	if at := openKey(text); at >= 0 {
		return base + at
	}
	at, long := lastWord(text)
	if !long && quiet > patience {
		at = len(text)
	}
	return base + min(at, begun(known, text))
}

// lastWord returns the start of the last word of text, or of its first long part: dots,
// colons and bars join the parts of some credentials.
func lastWord(text []byte) (at int, long bool) {
	at = -1
	for end := len(text); ; {
		start := end
		for start > 0 && inCredential(text[start-1]) {
			start--
		}
		if at < 0 {
			at = start
		}
		if end-start >= longWord {
			at, long = start, true
		}
		if start == 0 || !joins(text[start-1]) {
			return at, long
		}
		end = start - 1
	}
}

func inCredential(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || bytes.IndexByte([]byte("+/=_-%\\"), c) >= 0
}

func joins(c byte) bool { return c == '.' || c == ':' || c == '|' }

// openKey returns the start of a private key without an end, or -1.
func openKey(text []byte) int {
	at := bytes.LastIndex(text, []byte("-----BEGIN "))
	if at < 0 {
		return -1
	}
	head, body, _ := bytes.Cut(text[at+len("-----BEGIN "):], []byte("-----"))
	for _, c := range body {
		if !inCredential(c) && bytes.IndexByte([]byte(" \t\r\n,:"), c) < 0 {
			return -1
		}
	}
	if len(head) > 32 || bytes.Contains(body, []byte("-----END ")) && bytes.HasSuffix(bytes.TrimRight(body, "\\nr\r\n"), []byte("-----")) {
		return -1
	}
	return at
}

// begun returns the position at the end of text where a prefix of a value starts, or the
// length of text. Prefixes shorter than longWord are ignored.
func begun(list []known, text []byte) int {
	first := len(text)
	if len(list) == 0 {
		return first
	}
	joined := unwrapped(bytes.TrimRight(text, " \t\r\n")) // a line break may be incomplete
	for _, k := range list {
		for n := min(len(k.value)-1, len(joined.text)); n >= longWord; n-- {
			if string(joined.text[len(joined.text)-n:]) != k.value[:n] {
				continue
			}
			at, _ := joined.span(len(joined.text)-n, len(joined.text)-n+1)
			first = min(first, at)
			break
		}
	}
	return first
}
