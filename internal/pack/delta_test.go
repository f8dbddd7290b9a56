package pack

import "testing"

func BenchmarkCopyOp(b *testing.B) {
	ops := []byte{0x80 | 0x13, 1, 2, 3, 0x91, 7, 9, 0xb3, 1, 2, 3, 4, 0xb0, 1, 2, 0, 0, 0, 0, 0}
	sum := 0
	for b.Loop() {
		for i := 0; i < 12; {
			_, n, used := copyOp(ops[i:])
			i += used
			sum += n
		}
	}
}
