package unpack

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
)

// maxBeginning is the maximum number of bytes that Beginning returns.
const maxBeginning = 64 << 10

// Beginning returns the content of a gzip or zip that is encoded in a text, all members
// as one text, and the reason if the content is incomplete. The archive may be truncated.
func Beginning(data []byte, format Format, truncated bool) (text []byte, left string) {
	p := piece{truncated: truncated}
	if format == Gzip {
		p.gzip(data)
	} else {
		p.zip(data)
	}
	return p.text, p.left
}

// piece is the unpacked content of an archive in a text.
type piece struct {
	text      []byte
	left      string // reason why text is incomplete
	truncated bool
}

// gzip unpacks a gzip. Damage is not a reason to report: most texts with these first
// letters are not a gzip.
func (p *piece) gzip(data []byte) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err == nil {
		err = p.member(z)
	}
	if err != nil && p.truncated {
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
			continue // its keywords are hits of the encoding itself
		}
		packed := bytes.NewReader(body)
		r, err := decompress(packed, m.method)
		if err != nil || m.flags&1 != 0 {
			p.left = "a member is encrypted, or compressed by a method that is not supported"
			continue
		}
		if errors.Is(p.member(r), ErrTooMuch) {
			break
		}
		at += len(body) - packed.Len()
	}
	if p.truncated {
		p.left = "only its beginning was unpacked"
	}
}

// member appends the content of a member, up to the limit.
func (p *piece) member(r io.Reader) error {
	from := len(p.text)
	more, err := io.ReadAll(io.LimitReader(r, int64(maxBeginning+1-from)))
	p.text = append(p.text, more...)
	if len(p.text) > maxBeginning {
		p.text, p.left = p.text[:maxBeginning], "only its first 64 KiB were searched"
		return ErrTooMuch
	}
	p.nested(more)
	p.text = append(p.text, '\n')
	return err
}

// nested records that a member is an archive. The members of a tar are searched as its
// bytes.
func (p *piece) nested(member []byte) {
	head := member[:min(len(member), HeadSize)]
	if format := FormatOf(head); format != None && format != Tar || OtherFormat(head) != "" {
		p.left = "an archive within it is not unpacked"
	}
}
