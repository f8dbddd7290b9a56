package inflate

import (
	"bytes"
	"testing"
)

// FuzzZlib: for every input, this package and compress/zlib write the same bytes, take up
// the same bytes, and refuse the same streams for the same reason.
func FuzzZlib(f *testing.F) {
	for level := -2; level <= 9; level++ {
		f.Add(deflate(f, prose(100), level))
		f.Add(deflate(f, prose(3000), level)[2:])
	}
	for _, h := range handmade {
		f.Add(h.body())
	}
	for seed := range uint64(8) {
		f.Add(randomBlocks(seed))
	}
	var d Decoder
	f.Fuzz(func(t *testing.T, src []byte) {
		check(t, &d, src)
		check(t, &d, frame(src)) // or nearly all inputs fail for their checksum
	})
}

// FuzzRoundTrip inflates the output of compress/zlib.
func FuzzRoundTrip(f *testing.F) {
	f.Add(prose(300), uint8(6), uint16(2), []byte("what follows"))
	f.Add(noise(30), uint8(2), uint16(2000), []byte{})
	var d Decoder
	f.Fuzz(func(t *testing.T, data []byte, level uint8, times uint16, tail []byte) {
		if len(data)*int(times) > maxInflated {
			return
		}
		data = bytes.Repeat(data, int(times))
		src := deflate(t, data, int(level%12)-2)
		dst := make([]byte, len(data))
		n, err := d.Zlib(dst, append(src[:len(src):len(src)], tail...))
		if err != nil || n != len(src) || !bytes.Equal(dst, data) {
			t.Fatalf("%d of %d bytes taken, or other data: %v", n, len(src), err)
		}
	})
}
