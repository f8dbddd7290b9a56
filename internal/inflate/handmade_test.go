package inflate

import (
	"errors"
	"math/rand/v2"
	"testing"
)

// bitWriter writes Deflate streams by hand.
type bitWriter struct {
	b []byte
	n int // bits written
}

// put writes the n low bits of v, lowest first.
func (w *bitWriter) put(v, n int) {
	for ; n > 0; n-- {
		if w.n%8 == 0 {
			w.b = append(w.b, 0)
		}
		w.b[w.n/8] |= byte(v&1) << (w.n % 8)
		w.n++
		v >>= 1
	}
}

// A huffman code has the lengths and the codes of its symbols.
type huffman struct{ lens, codes []int }

// newHuffman assigns codes as RFC 1951, section 3.2.2, does.
func newHuffman(lens []int) huffman {
	h := huffman{lens, make([]int, len(lens))}
	code := 0
	for n := 1; n <= 15; n++ {
		code <<= 1
		for i, l := range lens {
			if l == n {
				h.codes[i] = code
				code++
			}
		}
	}
	return h
}

// symbol writes a symbol's code, highest bit first.
func (w *bitWriter) symbol(h huffman, i int) {
	for n := h.lens[i] - 1; n >= 0; n-- {
		w.put(h.codes[i]>>n&1, 1)
	}
}

// dynamic begins a final block with these codes. Their lengths are written plainly, 4 bits each.
func (w *bitWriter) dynamic(final int, lit, dist huffman) {
	w.put(final|2<<1, 3)
	w.put(len(lit.lens)-257, 5)
	w.put(len(dist.lens)-1, 5)
	w.put(numLens-4, 4)
	for i := range numLens {
		if lensOrder[i] < 16 {
			w.put(4, 3)
		} else {
			w.put(0, 3)
		}
	}
	for _, l := range append(lit.lens[:len(lit.lens):len(lit.lens)], dist.lens...) {
		w.put(reverse(l, 4), 4)
	}
}

// lens returns n lengths, zero where not given as symbol, length, symbol, length, ….
func lens(n int, given ...int) []int {
	l := make([]int, n)
	for ; len(given) > 0; given = given[2:] {
		l[given[0]] = given[1]
	}
	return l
}

// block returns one dynamic block of the symbols, with zeros for extra bits.
func block(litLens, distLens []int, write func(w *bitWriter, lit, dist huffman)) func() []byte {
	return func() []byte {
		var w bitWriter
		lit, dist := newHuffman(litLens), newHuffman(distLens)
		w.dynamic(1, lit, dist)
		write(&w, lit, dist)
		return append(w.b, 0, 0, 0, 0)
	}
}

// literals writes symbols of the literal/length code.
func literals(symbols ...int) func(w *bitWriter, lit, dist huffman) {
	return func(w *bitWriter, lit, _ huffman) {
		for _, i := range symbols {
			w.symbol(lit, i)
		}
	}
}

// match writes the literal a, a match of length 3, and the end mark.
func match(distance int) func(w *bitWriter, lit, dist huffman) {
	return func(w *bitWriter, lit, dist huffman) {
		w.symbol(lit, 'a')
		w.symbol(lit, 257)
		w.symbol(dist, distance)
		w.symbol(lit, 256)
	}
}

func bytesOf(b ...byte) func() []byte { return func() []byte { return b } }

// fixed writes a final block with the fixed codes, given as values and numbers of bits.
func fixed(valuesAndBits ...int) func() []byte {
	return func() []byte {
		var w bitWriter
		w.put(1|1<<1, 3)
		for v := valuesAndBits; len(v) > 0; v = v[2:] {
			w.put(reverse(v[0], v[1]), v[1])
		}
		return append(w.b, 0, 0, 0, 0)
	}
}

// handmade are Deflate streams at the limits of validity.
var handmade = []struct {
	name string
	body func() []byte
	want error
}{
	{"nothing", bytesOf(), ErrTruncated},
	{"one empty stored block", bytesOf(1, 0, 0, 0xff, 0xff), nil},
	{"two stored blocks", bytesOf(0, 1, 0, 0xfe, 0xff, 'a', 1, 1, 0, 0xfe, 0xff, 'b'), nil},
	{"stored length and complement differ", bytesOf(1, 1, 0, 0xff, 0xff, 'a'), ErrCorrupt},
	{"stored block cut short", bytesOf(1, 2, 0, 0xfd, 0xff, 'a'), ErrTruncated},
	{"no final block", bytesOf(0, 0, 0, 0xff, 0xff), ErrTruncated},
	{"reserved block type", bytesOf(7, 0, 0, 0), ErrCorrupt},
	{"fixed, empty", fixed(0, 7), nil},
	{"fixed, distance 1", fixed(0x30+'a', 8, 1, 7, 0, 5, 0, 7), nil},
	{"fixed, distance before the start", fixed(0x30+'a', 8, 1, 7, 1, 5, 0, 7), ErrCorrupt},
	{"fixed, symbol 286", fixed(0xc6, 8, 0, 5, 0, 7), ErrCorrupt},
	{"fixed, distance symbol 30", fixed(0x30+'a', 8, 1, 7, 30, 5, 0, 7), ErrCorrupt},
	{"only an end mark", block(lens(257, 256, 1), lens(1), literals(256)), nil},
	{"only an end mark, its code not used", block(lens(257, 256, 1), lens(1),
		func(w *bitWriter, _, _ huffman) { w.put(1, 1) }), ErrCorrupt},
	{"only an end mark, of two bits", block(lens(257, 256, 2), lens(1), literals(256)), ErrCorrupt},
	{"no end mark", block(lens(257, 'a', 1, 'b', 1), lens(1), literals('a', 'b')), ErrTruncated},
	{"no literal or length", block(lens(257), lens(1), literals()), ErrCorrupt},
	{"no distances", block(lens(257, 'a', 1, 256, 1), lens(1), literals('a', 'a', 256)), nil},
	{"no distances, but one used", block(lens(258, 'a', 1, 256, 2, 257, 2), lens(1), match(0)), ErrCorrupt},
	{"a single distance", block(lens(258, 'a', 1, 256, 2, 257, 2), lens(1, 0, 1), match(0)), nil},
	{"a single distance of two bits", block(lens(258, 'a', 1, 256, 2, 257, 2), lens(1, 0, 2), match(0)), ErrCorrupt},
	{"a single distance, another used", block(lens(258, 'a', 1, 256, 2, 257, 2), lens(1, 0, 1),
		func(w *bitWriter, lit, _ huffman) { literals('a', 257)(w, lit, lit); w.put(1, 1) }), ErrCorrupt},
	{"incomplete", block(lens(257, 'a', 1, 256, 2), lens(1), literals(256)), ErrCorrupt},
	{"oversubscribed", block(lens(257, 'a', 1, 'b', 1, 256, 1), lens(1), literals(256)), ErrCorrupt},
	{"oversubscribed distances", block(lens(257, 'a', 1, 256, 1), lens(3, 0, 1, 1, 1, 2, 1), literals(256)), ErrCorrupt},
	{"287 literals and lengths", block(lens(287, 'a', 1, 256, 1), lens(1), literals(256)), ErrCorrupt},
	{"31 distances", block(lens(257, 'a', 1, 256, 1), lens(31), literals(256)), ErrCorrupt},
}

func TestHandmade(t *testing.T) {
	var d Decoder
	for _, h := range handmade {
		t.Run(h.name, func(t *testing.T) {
			src := frame(h.body())
			check(t, &d, src)
			want := ask(src)
			if _, err := d.Zlib(make([]byte, len(want.out)), src); !errors.Is(err, h.want) {
				t.Errorf("%v, want %v", err, h.want)
			}
		})
	}
}

// randomLens returns the lengths of a complete code for n of the symbols, always with the last.
func randomLens(r *rand.Rand, symbols, n int) []int {
	leaves := []int{0}
	deep := r.IntN(4) == 0
	for len(leaves) < n {
		i := r.IntN(len(leaves))
		if deep && r.IntN(8) > 0 {
			i = len(leaves) - 1
		}
		if leaves[i] < 15 {
			leaves[i]++
			leaves = append(leaves, leaves[i])
		}
	}
	l := make([]int, symbols)
	copy(l, leaves)
	r.Shuffle(symbols, func(i, j int) { l[i], l[j] = l[j], l[i] })
	for i := range l {
		if l[i] > 0 {
			l[i], l[symbols-1] = l[symbols-1], l[i]
			break
		}
	}
	return l
}

// randomBlocks returns a Deflate stream with codes that no compressor would choose.
func randomBlocks(seed uint64) []byte {
	r := rand.New(rand.NewPCG(3, seed))
	var w bitWriter
	for blocks := r.IntN(3); blocks >= 0; blocks-- {
		litLens := randomLens(r, 286, 2+r.IntN(285))
		distLens := randomLens(r, 30, 2+r.IntN(29))
		if litLens[256] == 0 {
			litLens[256], litLens[285] = litLens[285], 0
		}
		lit, dist := newHuffman(litLens), newHuffman(distLens)
		final := 0
		if blocks == 0 {
			final = 1
		}
		w.dynamic(final, lit, dist)
		for range r.IntN(3000) {
			i := r.IntN(286)
			if litLens[i] == 0 || i == 256 {
				continue
			}
			w.symbol(lit, i)
			if i < 256 {
				continue
			}
			w.put(int(r.Uint32()), litExtra(i))
			j := r.IntN(30)
			for distLens[j] == 0 || j > 12 && r.IntN(1000) > 0 {
				j = (j + 1) % 30
			}
			w.symbol(dist, j)
			w.put(int(r.Uint32()), max(0, (j-2)/2))
		}
		w.symbol(lit, 256)
	}
	return append(w.b, noise(r.IntN(30))...)
}

// litExtra returns the number of extra bits of a length symbol.
func litExtra(i int) int {
	if i == 285 {
		return 0
	}
	return max(0, (i-261)/4)
}

func TestRandomCodes(t *testing.T) {
	var d Decoder
	good := 0
	for seed := range uint64(400) {
		src := frame(randomBlocks(seed))
		check(t, &d, src)
		if ask(src).err == nil {
			good++
		}
	}
	if good < 100 {
		t.Errorf("only %d streams are good", good)
	}
}
