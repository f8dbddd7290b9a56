package pack

import "testing"

// Whatever bytes an instruction leaves out, they count as zero.
func TestCopyOp(t *testing.T) {
	for flags := range 1 << 7 {
		op := []byte{0x80 | byte(flags)}
		var want [7]byte
		for i := range want {
			if flags>>i&1 == 1 {
				want[i] = byte(0x11 * (i + 1))
				op = append(op, want[i])
			}
		}
		offset := int64(want[0]) | int64(want[1])<<8 | int64(want[2])<<16 | int64(want[3])<<24
		size := int(want[4]) | int(want[5])<<8 | int(want[6])<<16
		if size == 0 {
			size = 0x10000
		}
		for _, behind := range []byte{0, 0xff} {
			word := opWord(append(op[:len(op):len(op)], behind, behind, behind, behind, behind, behind, behind))
			if from, n, used := copyOp(word); from != offset || n != size || used != len(op) {
				t.Errorf("% x: %d bytes from %#x in %d, want %d from %#x in %d", op, n, from, used, size, offset, len(op))
			}
		}
	}
}

func BenchmarkCopyOp(b *testing.B) {
	ops := []byte{0x80 | 0x13, 1, 2, 3, 0x91, 7, 9, 0xb3, 1, 2, 3, 4, 0xb0, 1, 2, 0, 0, 0, 0, 0}
	sum := 0
	for b.Loop() {
		for i := 0; i < 12; {
			_, n, used := copyOp(opWord(ops[i:]))
			i += used
			sum += n
		}
	}
}
