package scanner

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"

	"github.com/keyguard/keyguard/internal/decode"
)

const (
	// maxPiece bounds what is unpacked of an archive that is encoded in a text, in bytes.
	maxPiece = 64 << 10
	// packedHead is how much of an encoding shows whether it is an archive.
	packedHead = 128
)

// gzipMark is how gzip data (RFC 1952) begins in base64.
const gzipMark = "H4sI"

// packedMarks returns how archives begin in base64, by the name of the encoding that is
// undone; formats that are not unpacked are only noted.
func packedMarks() (marks, names []string) {
	return []string{gzipMark, "UEsDB", "/Td6WFo", "Qlpo", "KLUv/", "N3q8rycc", "UmFyIRoH"},
		[]string{"base64, gzip", "base64, zip", "", "", "", "", ""}
}

// unpackBase64 returns what is in the gzip or zip whose base64 begins at text[at], and
// why another format is left out.
func unpackBase64(text []byte, at int) (out decode.View, ok bool) {
	limit := min(len(text), at+decode.After)
	head, _ := decode.Base64(text[at:min(limit, at+packedHead)], 0, 0)
	kind := kindOf(head.Text)
	switch {
	case kind == gzipArchive, kind == zipArchive:
	case kind == bzip2Archive:
		return decode.View{Left: "bzip2 in base64 is not unpacked"}, false
	default:
		if format := sealedFormat(head.Text); format != "" {
			out.Left = format + " in base64 is not unpacked"
		}
		return out, false
	}
	raw, _ := decode.Base64(text[at:limit], 0, 0)
	p := piece{cut: raw.End() >= limit-at-1 && limit < len(text)}
	name := "gzip"
	if kind == gzipArchive {
		p.gzip(raw.Text)
	} else {
		name = "zip"
		p.zip(raw.Text)
	}
	if p.left != "" {
		p.left = name + " in base64: " + p.left
	}
	raw.Move(at)
	return raw.Unpacked(p.text, p.left), true
}

// piece is what is unpacked of an archive in a text, of which the end may be cut off.
type piece struct {
	text []byte
	left string // why not all of it is
	cut  bool
}

// gzip unpacks what is there of a gzip. Damage is not a reason to tell: few texts that
// begin like one are.
func (p *piece) gzip(data []byte) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err == nil {
		err = p.member(z)
	}
	if err != nil && p.cut {
		p.left = "only its beginning was unpacked"
	}
}

// zip unpacks the members of a zip by the headers before them.
func (p *piece) zip(data []byte) {
	for at := 0; ; {
		i := bytes.Index(data[at:], []byte(localMark))
		if i < 0 {
			break
		}
		at += i
		m, ok := parseLocal(data[at:])
		if !ok {
			break
		}
		at += m.start
		body := data[at:]
		if m.flags&8 == 0 {
			body = body[:min(len(body), m.size)]
		}
		if m.method == zip.Store && m.flags&1 == 0 {
			p.nested(body)
			continue // its words are found in the encoding itself
		}
		packed := bytes.NewReader(body)
		r, err := decompress(packed, m.method)
		if err != nil || m.flags&1 != 0 {
			p.left = "a member is encrypted, or compressed by a method that is not supported"
			continue
		}
		if errors.Is(p.member(r), errTooMuch) {
			break
		}
		at += len(body) - packed.Len()
	}
	if p.cut {
		p.left = "only its beginning was unpacked"
	}
}

// member adds what r yields, up to the bound, and notes that it is an archive.
func (p *piece) member(r io.Reader) error {
	from := len(p.text)
	more, err := io.ReadAll(io.LimitReader(r, int64(maxPiece+1-from)))
	p.text = append(p.text, more...)
	if len(p.text) > maxPiece {
		p.text, p.left = p.text[:maxPiece], "only its first 64 KiB were searched"
		return errTooMuch
	}
	p.nested(more)
	p.text = append(p.text, '\n')
	return err
}

// nested notes that a member is an archive itself. A tar shows what it holds.
func (p *piece) nested(member []byte) {
	head := member[:min(len(member), sniffed)]
	if kind := kindOf(head); kind != noArchive && kind != tarArchive || sealedFormat(head) != "" {
		p.left = "an archive within it is not unpacked"
	}
}
