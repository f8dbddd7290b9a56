package pack

import "math/bits"

// buffers keeps released buffers by size, for use by one goroutine. Free and used buffers
// together exceed the peak of used bytes by little. A nil *buffers keeps nothing.
type buffers struct {
	free [bits.UintSize * 4][][]byte
	kept int // bytes in free
	used int // bytes handed out
	peak int // greatest value of used
}

const (
	minBuffer = 1 << 10 // smallest buffer
	slack     = 1 << 20 // bytes kept beyond the peak
)

// class returns the size class of n, and the capacity of its buffers. There are four
// classes per power of two, so at most a quarter of a buffer is unused.
func class(n int) (c, size int) {
	n = max(n, minBuffer)
	shift := max(0, bits.Len(uint(n-1))-3)
	steps := (n - 1) >> shift // 4 to 7
	return shift*4 + steps - 4, (steps + 1) << shift
}

// get returns a buffer of n bytes with arbitrary content: a free one of up to twice the
// size, or a new one.
func (p *buffers) get(n int) []byte {
	if p == nil {
		return make([]byte, n)
	}
	c, size := class(n)
	for i := c; i < min(c+5, len(p.free)); i++ {
		if b := p.take(i); b != nil {
			p.use(cap(b))
			return b[:n]
		}
	}
	p.use(size)
	for c := len(p.free) - 1; p.kept+p.used > p.peak+slack && c >= 0; c-- {
		for p.kept+p.used > p.peak+slack && p.take(c) != nil {
		}
	}
	return make([]byte, n, size)
}

// take removes and returns a free buffer of a class, or nil.
func (p *buffers) take(class int) []byte {
	list := p.free[class]
	if len(list) == 0 {
		return nil
	}
	b := list[len(list)-1]
	list[len(list)-1] = nil
	p.free[class] = list[:len(list)-1]
	p.kept -= cap(b)
	return b
}

func (p *buffers) use(n int) {
	p.used += n
	p.peak = max(p.peak, p.used)
}

// put releases a buffer that get returned.
func (p *buffers) put(b []byte) {
	if p == nil || cap(b) == 0 {
		return
	}
	c, _ := class(cap(b))
	p.free[c] = append(p.free[c], b)
	p.kept += cap(b)
	p.used -= cap(b)
}
