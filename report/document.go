package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
)

// document writes a JSON document with one list, item by item.
type document struct {
	w      io.Writer
	indent string // of items
	items  bool   // an item was written
}

func (d *document) item(v any) error {
	text, err := encode(v, d.indent)
	if err != nil {
		return err
	}
	comma := ""
	if d.items {
		comma = ","
	}
	d.items = true
	return d.write(comma + "\n" + d.indent + text)
}

// close writes the end of the list and of the document: tail, which starts with "]".
func (d *document) close(tail string) error {
	if d.items {
		tail = "\n" + strings.TrimPrefix(d.indent, "  ") + tail
	}
	return d.write(tail)
}

func (d *document) write(s string) error {
	_, err := io.WriteString(d.w, s)
	return err
}

// encode returns v as indented JSON, in which CI commands and invisible characters are
// escaped.
func encode(v any, prefix string) (string, error) { return encodeWith(v, prefix, "  ") }

// encodeLine is like encode, without line breaks.
func encodeLine(v any) (string, error) { return encodeWith(v, "", "") }

func encodeWith(v any, prefix, indent string) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent(prefix, indent)
	if err := e.Encode(v); err != nil {
		return "", err
	}
	return visible(strings.TrimRight(b.String(), "\n")), nil
}

// visible escapes the command prefix ## and invisible characters in JSON.
func visible(out string) string {
	out = strings.ReplaceAll(out, "##", `#\u0023`)
	if strings.IndexFunc(out, unseen) < 0 {
		return out
	}
	var b strings.Builder
	for _, r := range out {
		if !unseen(r) {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

// unseen reports whether r is an invisible character that encoding/json does not escape:
// a control character beyond ASCII, or one that reorders text.
func unseen(r rune) bool { return r >= 0x7f && !unicode.IsPrint(r) }
