package report

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Names in git may be any bytes, while JSON contains only Unicode. For a name that is not
// UTF-8, a second field with the suffix _bytes contains it in base64; for a list with
// such a name it contains all names. In memory names are unchanged, and these fields are
// empty.

// bytesOf returns a name that is not UTF-8 in base64, and "" for other names.
func bytesOf(name string) string {
	if utf8.ValidString(name) {
		return ""
	}
	return base64.StdEncoding.EncodeToString([]byte(name))
}

// bytesOfAll returns names in base64; nil if all are UTF-8.
func bytesOfAll(names []string) []string {
	if !slices.ContainsFunc(names, func(n string) bool { return !utf8.ValidString(n) }) {
		return nil
	}
	return each(names, func(n string) string { return base64.StdEncoding.EncodeToString([]byte(n)) })
}

// readable escapes the bytes of a text that are not UTF-8.
func readable(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		r, n := utf8.DecodeRuneInString(text)
		if r == utf8.RuneError && n == 1 {
			fmt.Fprintf(&b, `\x%02x`, text[0])
		} else {
			b.WriteString(text[:n])
		}
		text = text[n:]
	}
	return b.String()
}

// wire returns the finding in its form in JSON.
func (f *Finding) wire() *Finding {
	out := *f
	out.PathBytes = bytesOf(f.Path)
	if f.History != nil {
		h := *f.History
		h.AuthorBytes, h.TagBytes = bytesOf(h.Author), bytesOf(h.Tag)
		h.PathsBytes, h.BranchesBytes, h.TagsBytes = bytesOfAll(h.Paths), bytesOfAll(h.Branches), bytesOfAll(h.Tags)
		out.History = &h
	}
	return &out
}

// wire returns the repository in its form in JSON.
func (r *Repository) wire() *Repository {
	if r == nil {
		return nil
	}
	out := *r
	out.BranchBytes, out.PrefixBytes = bytesOf(r.Branch), bytesOf(r.Prefix)
	return &out
}

// unwire restores names that are not UTF-8.
func (f *Finding) unwire() error {
	err := restore(&f.Path, &f.PathBytes, "path")
	if h := f.History; h != nil {
		err = errors.Join(err, restore(&h.Author, &h.AuthorBytes, "author"), restore(&h.Tag, &h.TagBytes, "tag"),
			restoreAll(h.Paths, &h.PathsBytes, "other_paths"), restoreAll(h.Branches, &h.BranchesBytes, "branches"), restoreAll(h.Tags, &h.TagsBytes, "tags"))
	}
	return err
}

func (r *Repository) unwire() error {
	if r == nil {
		return nil
	}
	return errors.Join(restore(&r.Branch, &r.BranchBytes, "branch"), restore(&r.Prefix, &r.PrefixBytes, "prefix"))
}

func restore(name, bytes *string, field string) error {
	if *bytes == "" {
		return nil
	}
	text, err := base64.StdEncoding.DecodeString(*bytes)
	if err != nil {
		return fmt.Errorf("%s_bytes is not base64", field)
	}
	*name, *bytes = string(text), ""
	return nil
}

func restoreAll(names []string, bytes *[]string, field string) error {
	if *bytes == nil {
		return nil
	}
	if len(*bytes) != len(names) {
		return fmt.Errorf("%d %s, but %d of their bytes", len(names), field, len(*bytes))
	}
	for i := range names {
		if err := restore(&names[i], &(*bytes)[i], field); err != nil {
			return err
		}
	}
	*bytes = nil
	return nil
}
