package redact

import "bytes"

const (
	// longWord is the length from which a last word waits until it ends: half of a
	// secret, or most of an id.
	longWord = 16
	// patience is for how many ticks without a byte a shorter one waits: a prompt.
	patience = 20
)

// settled returns up to where the stream is known to hold no credential that was
// cut in the middle.
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

// lastWord returns where the last word of text begins, or the first long part of
// it: dots, colons and bars join the parts of some credentials.
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

// openKey returns where a private key begins whose end has not come, or -1.
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

// begun returns where one of the values begins at the end of text and does not end, or
// the length of text. Less than longWord of a value does not count.
func begun(list []known, text []byte) int {
	first := len(text)
	if len(list) == 0 {
		return first
	}
	joined := unwrapped(bytes.TrimRight(text, " \t\r\n")) // a line break may have come in part
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
