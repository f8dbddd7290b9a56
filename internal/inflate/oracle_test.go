package inflate

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/binary"
	"errors"
	stdadler "hash/adler32"
	"io"
	"math/rand/v2"
	"testing"
)

// maxInflated limits the output of the oracle, because fuzzing finds bombs.
const maxInflated = 1 << 18

// An oracle holds the result of compress/zlib for a stream.
type oracle struct {
	out []byte
	n   int // bytes of the stream
	err error
}

func ask(src []byte) oracle {
	in := bytes.NewReader(src)
	r, err := zlib.NewReader(in)
	if err != nil {
		return oracle{err: err}
	}
	out, err := io.ReadAll(io.LimitReader(r, maxInflated))
	return oracle{out, len(src) - in.Len(), err}
}

// sentinel returns the error of this package for o.err.
func (o oracle) sentinel() error {
	switch {
	case o.err == nil:
		return nil
	case errors.Is(o.err, io.ErrUnexpectedEOF):
		return ErrTruncated
	case errors.Is(o.err, zlib.ErrChecksum):
		return ErrChecksum
	}
	return ErrCorrupt
}

// check compares with the oracle all that a Decoder can do with src.
func check(t testing.TB, d *Decoder, src []byte) {
	t.Helper()
	want := ask(src)
	checkPrefix(t, d, src, want.out)
	if len(want.out) == maxInflated {
		return
	}

	// No help from the oracle, but for a preset dictionary, which no stream has in earnest.
	s := stream{dst: make([]byte, len(want.out)), src: src}
	n, ok := d.fastZlib(&s)
	if ok != (want.err == nil) && !(len(src) > 1 && src[1]&0x20 != 0) {
		t.Fatalf("fast decoder: ok is %t, compress/zlib: %v", ok, want.err)
	}
	if ok && (n != want.n || !bytes.Equal(s.dst, want.out)) {
		t.Fatalf("fast decoder: %d bytes of %d taken, or others written", n, want.n)
	}

	dst := make([]byte, len(want.out))
	n, err := d.Zlib(dst, src)
	if !errors.Is(err, want.sentinel()) {
		t.Fatalf("Zlib: %v, want %v", err, want.err)
	}
	if err == nil && (n != want.n || !bytes.Equal(dst, want.out)) {
		t.Fatalf("Zlib: %d bytes of %d taken, or others written", n, want.n)
	}
	checkSize(t, d, src, want)
	if want.err == nil && src[1]&0x20 == 0 {
		checkDeflate(t, d, src[headerLen:want.n], want.out)
	}
}

// checkDeflate inflates a stream without header and checksum, and one that ends too early.
func checkDeflate(t testing.TB, d *Decoder, src, want []byte) {
	t.Helper()
	dst := make([]byte, len(want))
	if n, ok := d.Deflate(dst, src); !ok || n != len(src)-checksumLen || !bytes.Equal(dst, want) {
		t.Fatalf("Deflate does not give the %d bytes that Zlib gives", len(want))
	}
	if _, ok := d.Deflate(make([]byte, len(want)+1), src); ok {
		t.Fatal("Deflate fills a destination that is too large")
	}
}

// checkSize inflates to destinations of the wrong size. Of two faults, too short a destination
// and an error after its end, either may be reported.
func checkSize(t testing.TB, d *Decoder, src []byte, want oracle) {
	t.Helper()
	size := len(want.out)
	for _, n := range []int{0, size / 2, size - 1, size + 1, size + 300} {
		if n < 0 || n == size {
			continue
		}
		_, err := d.Zlib(make([]byte, n), src)
		if !errors.Is(err, ErrSize) && (want.err == nil || !errors.Is(err, want.sentinel())) {
			t.Fatalf("%d bytes inflated to %d: %v", size, n, err)
		}
	}
}

// checkPrefix asks for prefixes of a stream, which may be corrupt where they end.
func checkPrefix(t testing.TB, d *Decoder, src, want []byte) {
	t.Helper()
	for _, n := range []int{1, len(want) / 3, len(want) - 1, len(want)} {
		if n < 1 || n > len(want) {
			continue
		}
		dst := make([]byte, n)
		if got, err := d.Prefix(dst, src); got != n || err != nil || !bytes.Equal(dst, want[:n]) {
			t.Fatalf("prefix of %d bytes: %d, %v", n, got, err)
		}
	}
}

// deflate returns data as a zlib stream of the given level.
func deflate(t testing.TB, data []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zlib.NewWriterLevel(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// frame returns a zlib stream of a Deflate stream and the bytes after it, with the
// correct checksum if it is valid.
func frame(body []byte) []byte {
	in := bytes.NewReader(body)
	out, err := io.ReadAll(io.LimitReader(flate.NewReader(in), maxInflated))
	src := append([]byte{0x78, 0x9c}, body...)
	if err != nil {
		return src
	}
	end := 2 + len(body) - in.Len()
	sum := binary.BigEndian.AppendUint32(nil, stdadler.Checksum(out))
	return append(src[:end:end], append(sum, src[end:]...)...)
}

// prose returns n bytes that compress about as source code does.
func prose(n int) []byte {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	words := []string{"func ", "return ", "if err != nil {\n", "\t", "}\n", "nil", "err", "x", " := ", "range ", "the "}
	var b []byte
	for len(b) < n {
		if r.IntN(6) == 0 {
			b = append(b, byte(r.IntN(256)))
		}
		b = append(b, words[r.IntN(len(words))]...)
	}
	return b[:n]
}

// noise returns n bytes that do not compress.
func noise(n int) []byte {
	r := rand.New(rand.NewPCG(2, uint64(n)))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}
