package source

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/keyguard/keyguard/scanner"
)

// maxBinary is the maximum size in bytes of a decoded binary change.
const maxBinary = 64 << 20

// binary reads the two parts of a binary patch (git's apply.c): from the old file to the
// new one, and back. It returns the added text as a blob, or nil if nothing is added.
func (r *patchReader) binary() (*scanner.Blob, error) {
	b, err := r.block85()
	if err == nil {
		if _, err = r.block85(); err == errNoBlock {
			err = nil
		}
	}
	var text []byte
	if err == nil {
		text, err = b.adds()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", r.path, ErrBinary, err)
	}
	if len(text) == 0 {
		return nil, nil
	}
	return &scanner.Blob{
		Origin: scanner.Origin{Path: r.path},
		Open:   func() (io.ReadCloser, error) { return scanner.InMemory(text), nil },
	}, nil
}

var errNoBlock = errors.New("it has no block of data")

// block is a part of a binary patch.
type block struct {
	delta bool
	size  int64 // unpacked, in bytes
	data  []byte
}

// adds returns the text that a block adds.
func (b *block) adds() ([]byte, error) {
	if b.size > maxBinary {
		return nil, fmt.Errorf("%d bytes are above the limit", b.size)
	}
	z, err := zlib.NewReader(bytes.NewReader(b.data))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(z, b.size+1))
	if err != nil {
		return nil, err
	}
	if int64(len(text)) != b.size {
		return nil, errors.New("its size differs from its header")
	}
	if b.delta {
		return insertedText(text)
	}
	return text, nil
}

// block85 reads lines of base 85 up to an empty one.
func (r *patchReader) block85() (b block, err error) {
	if err := r.read(); err != nil {
		return b, noBlockAtEnd(err)
	}
	if n, _ := fmt.Sscanf(string(r.line), "literal %d", &b.size); n != 1 {
		if n, _ := fmt.Sscanf(string(r.line), "delta %d", &b.size); n != 1 {
			r.unread = true
			return b, errNoBlock
		}
		b.delta = true
	}
	for {
		if err := r.read(); err != nil {
			return b, noBlockAtEnd(err)
		}
		line := strings.TrimRight(string(r.line), "\r\n")
		if line == "" {
			return b, nil
		}
		data, ok := decode85(line)
		if !ok {
			r.unread = true
			return b, errors.New("it is damaged")
		}
		if b.data = append(b.data, data...); len(b.data) > maxBinary {
			return b, fmt.Errorf("more than %d bytes", maxBinary)
		}
	}
}

func noBlockAtEnd(err error) error {
	if err == io.EOF {
		return errNoBlock
	}
	return err
}

// alphabet85 contains git's base 85 digits (base85.c).
const alphabet85 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"

// decode85 decodes a line: a letter for the number of bytes, 1 to 52, then five
// digits for each four of them.
func decode85(line string) (data []byte, ok bool) {
	n := strings.IndexByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", line[0]) + 1
	digits := line[1:]
	if n == 0 || len(digits) != (n+3)/4*5 {
		return nil, false
	}
	for ; digits != ""; digits = digits[5:] {
		var v uint64
		for i := range 5 {
			d := strings.IndexByte(alphabet85, digits[i])
			if d < 0 {
				return nil, false
			}
			v = v*85 + uint64(d)
		}
		data = append(data, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
	}
	return data[:n], true
}

// insertedText returns the bytes that a delta (gitformat-pack(5)) inserts, with a newline
// in place of each copied range.
func insertedText(delta []byte) ([]byte, error) {
	var out []byte
	for range 2 { // two sizes
		end := bytes.IndexFunc(delta, func(c rune) bool { return c < 0x80 })
		if end < 0 {
			return nil, errors.New("a damaged delta")
		}
		delta = delta[end+1:]
	}
	for len(delta) > 0 {
		op := int(delta[0])
		delta = delta[1:]
		n := op
		if op >= 0x80 {
			n = 0
			for bits := op & 0x7f; bits > 0; bits >>= 1 {
				n += bits & 1
			}
		}
		if op == 0 || n > len(delta) {
			return nil, errors.New("a damaged delta")
		}
		if op < 0x80 {
			out = append(out, delta[:n]...)
		} else {
			out = append(out, '\n')
		}
		delta = delta[n:]
	}
	return out, nil
}
