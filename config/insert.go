package config

import (
	"errors"
	"fmt"
	"strings"
)

// AddFingerprint returns a configuration file with an added entry for one fingerprint.
// The rest of the text is unchanged. Such entries are sorted by fingerprint, so that
// entries that two branches add usually merge.
func AddFingerprint(name string, text []byte, fingerprint, why string, expires *Date) ([]byte, error) {
	f, err := Parse(name, text)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(why) == "" {
		return nil, errors.New("a reason is required")
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
		return nil, fmt.Errorf("%s has an allowlist in a form that keyguard cannot extend; add this entry by hand:\n%s", name, entry)
	}
	return []byte(out), nil
}

// insertOffset returns the offset of the first entry for a greater fingerprint, including
// the comment before it, or -1.
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
