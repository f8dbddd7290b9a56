package pack

import "math/bits"

// buffers keeps what was given back, by size, for use by one goroutine. What it
// keeps and what is in use are together little more than what was ever in use at
// once. A nil *buffers keeps nothing.
type buffers struct {
	free [bits.UintSize * 4][][]byte
	kept int // bytes in free
	used int // bytes handed out
	peak int // the most that ever was
}

const (
	minBuffer = 1 << 10 // the smallest that is made
	slack     = 1 << 20 // kept beyond the peak
)

// class returns the size class of n, and the capacity of its buffers: there are
// four classes to a doubling, so at most a quarter of a buffer is unused.
func class(n int) (c, size int) {
	n = max(n, minBuffer)
	shift := max(0, bits.Len(uint(n-1))-3)
	steps := (n - 1) >> shift // 4 to 7
	return shift*4 + steps - 4, (steps + 1) << shift
}

// get returns a buffer of n bytes, which hold anything: a free one if there is one
// of up to twice the size.
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

// take takes a free buffer of one class.
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

// put takes back a buffer that came from get.
func (p *buffers) put(b []byte) {
	if p == nil || cap(b) == 0 {
		return
	}
	c, _ := class(cap(b))
	p.free[c] = append(p.free[c], b)
	p.kept += cap(b)
	p.used -= cap(b)
}
