package inflate

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"
)

func ExampleDecoder_Zlib() {
	// A zlib stream, followed by the next entry of the pack.
	src := []byte("x\x9c\xcbH\xcd\xc9\xc9W\xc8@\x90\x00:.\x06}next")
	dst := make([]byte, 17) // as the entry's header says

	var d Decoder
	n, err := d.Zlib(dst, src)
	fmt.Printf("%s, %s, %v\n", dst, src[n:], err)
	// Output: hello hello hello, next, <nil>
}

func ExampleDecoder_Prefix() {
	src := []byte("x\x9c\xcbH\xcd\xc9\xc9W\xc8@\x90") // cut, no checksum
	dst := make([]byte, 5)

	var d Decoder
	n, err := d.Prefix(dst, src)
	fmt.Printf("%s, %v\n", dst[:n], err)
	// Output: hello, <nil>
}

func TestZlib(t *testing.T) {
	contents := []struct {
		name string
		data []byte
	}{
		{"empty", nil},
		{"one byte", []byte("a")},
		{"small delta", prose(60)},
		{"delta", prose(500)},
		{"file", prose(20_000)},
		{"several blocks", prose(300_000)},
		{"not compressible", noise(70_000)},
		{"both", append(noise(40_000), prose(100_000)...)},
		{"one byte repeated", make([]byte, 100_000)},
		{"short period", bytes.Repeat([]byte("abc"), 5000)},
		{"longest distance", bytes.Repeat(noise(32768), 3)},
		{"out of the window", bytes.Repeat(noise(32769), 3)},
	}
	var d Decoder
	for _, c := range contents {
		for level := -2; level <= 9; level++ {
			t.Run(fmt.Sprintf("%s, level %d", c.name, level), func(t *testing.T) {
				src := deflate(t, c.data, level)
				check(t, &d, src)
				src = append(src, noise(100)...)
				check(t, &d, src)
			})
		}
	}
}

// TestMatches copies from every kind of distance, with and without space after the match.
func TestMatches(t *testing.T) {
	history := noise(32768)
	distances := []int{32767, 32768}
	for i := 1; i < 40; i++ {
		distances = append(distances, i, i*100)
	}
	var d Decoder
	for _, distance := range distances {
		var w bitWriter
		w.b = append([]byte{0, 0x00, 0x80, 0xff, 0x7f}, history...)
		w.n = 8 * len(w.b)
		w.put(1|1<<1, 3)
		for i := 257; i < 286; i++ {
			w.fixedMatch(i, distance)
		}
		w.put(0, 7)
		src := append(w.b, make([]byte, 20)...)
		check(t, &d, frame(src))
	}
}

// fixedMatch writes the length symbol i and a distance with the fixed codes.
func (w *bitWriter) fixedMatch(i, distance int) {
	if i < 280 {
		w.put(reverse(i-256, 7), 7)
	} else {
		w.put(reverse(0xc0+i-280, 8), 8)
	}
	w.put(i, litExtra(i))
	least := 1
	for j := range maxDist {
		extra := max(0, (j-2)/2)
		if distance < least+1<<extra {
			w.put(reverse(j, 5), 5)
			w.put(distance-least, extra)
			return
		}
		least += 1 << extra
	}
}

func TestTruncated(t *testing.T) {
	var d Decoder
	for _, data := range [][]byte{prose(40), prose(2000), noise(300)} {
		src := deflate(t, data, 6)
		for n := range src {
			_, err := d.Zlib(make([]byte, len(data)), src[:n:n])
			if !errors.Is(err, ErrTruncated) || !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Fatalf("%d of %d bytes: %v", n, len(src), err)
			}
			check(t, &d, src[:n:n])
		}
	}
}

func TestCorrupt(t *testing.T) {
	var d Decoder
	src := deflate(t, prose(600), 6)
	for bit := range 8 * len(src) {
		bad := bytes.Clone(src)
		bad[bit/8] ^= 1 << (bit % 8)
		check(t, &d, bad)
		check(t, &d, frame(bad[2:]))
	}
}

func TestHeader(t *testing.T) {
	var d Decoder
	src := deflate(t, prose(100), 6)
	for header := range 1 << 16 {
		if header%31 != 0 && header%64 != 1 {
			continue // as wrong as the others
		}
		src[0], src[1] = byte(header>>8), byte(header)
		check(t, &d, src)
	}
}

// TestDictionary: for compress/zlib, 1 is the checksum of the dictionary that it was not given.
func TestDictionary(t *testing.T) {
	var d Decoder
	src := append([]byte{0x78, 0xbb, 0, 0, 0, 1}, deflate(t, prose(100), 6)[2:]...)
	if _, err := d.Zlib(make([]byte, 100), src); err != nil {
		t.Error(err)
	}
	check(t, &d, src)
	check(t, &d, src[:20])
	src[len(src)-1]++
	check(t, &d, src)
}

func TestPrefix(t *testing.T) {
	data := prose(50_000)
	src := deflate(t, data, 6)
	tests := []struct {
		name  string
		size  int
		src   []byte
		wantN int
		want  error
	}{
		{"nothing", 0, src, 0, nil},
		{"first bytes", 20, src, 20, nil},
		{"all", 50_000, src, 50_000, nil},
		{"more than there is", 50_001, src, 50_000, nil},
		{"first bytes of a cut stream", 20, src[:2000], 20, nil},
		{"no checksum", 50_000, src[:len(src)-4], 50_000, nil},
		{"no header", 20, []byte("not zlib"), 0, ErrCorrupt},
		{"no source", 20, nil, 0, ErrTruncated},
	}
	var d Decoder
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dst := make([]byte, test.size)
			n, err := d.Prefix(dst, test.src)
			if n != test.wantN || !errors.Is(err, test.want) {
				t.Fatalf("%d, %v, want %d, %v", n, err, test.wantN, test.want)
			}
			if !bytes.Equal(dst[:n], data[:n]) {
				t.Error("other bytes than those of the stream")
			}
		})
	}
	if n, err := d.Prefix(make([]byte, 50_000), src[:2000]); n == 0 || !errors.Is(err, ErrTruncated) {
		t.Errorf("cut stream: %d, %v", n, err)
	}
}

// TestAllocs: a Decoder in use allocates nothing.
func TestAllocs(t *testing.T) {
	var d Decoder
	data := prose(1000)
	src := deflate(t, data, 6)
	if n := testing.AllocsPerRun(10, func() { d.Zlib(data, src) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
