package config

import (
	"errors"
	"fmt"
	"strings"
)

// AddFingerprint returns a configuration file's text with an entry more, which
// allows one fingerprint. The rest of the text stays as it is. Entries of this
// kind are kept in the order of their fingerprints, so that those that two
// branches add mostly come to stand apart and merge.
func AddFingerprint(name string, text []byte, fingerprint, why string, expires *Date) ([]byte, error) {
	f, err := Parse(name, text)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(why) == "" {
		return nil, errors.New("an entry needs a reason")
	}
	entry := fmt.Sprintf("[[allow]]\nfingerprints = [%s]\nreason = %s\n", Quote(fingerprint), Quote(why))
	if expires != nil {
		entry += fmt.Sprintf("expires = %s\n", expires)
	}
	before, after := f.text, ""
	if at := f.insertOffset(fingerprint); at >= 0 {
		before, after = f.text[:at], "\n"+f.text[at:]
	} else if before != "" {
		before = strings.TrimRight(before, "\r\n") + "\n\n"
	}
	out := before + entry + after
	if g, err := Parse(name, []byte(out)); err != nil || len(g.Allow) != len(f.Allow)+1 {
		return nil, fmt.Errorf("%s has its allowlist in a form that cannot be added to; add this entry by hand:\n%s", name, entry)
	}
	return []byte(out), nil
}

// slot returns the offset of the first entry of one greater fingerprint, with
// the comment before it; -1 if there is none.
func (f *File) insertOffset(fingerprint string) int {
	for i := range f.Allow {
		header, ok := f.index()[fmt.Sprintf("allow[%d]", i)]
		if list := f.Allow[i].Fingerprints; !ok || len(list) != 1 || list[0] <= fingerprint || f.text[header.start] != '[' {
			continue
		}
		at := strings.LastIndexByte(f.text[:header.start], '\n') + 1
		for at > 0 {
			previous := strings.LastIndexByte(f.text[:at-1], '\n') + 1
			if !strings.HasPrefix(strings.TrimSpace(f.text[previous:at]), "#") {
				break
			}
			at = previous
		}
		return at
	}
	return -1
}
