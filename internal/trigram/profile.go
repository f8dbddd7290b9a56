package trigram

import "slices"

// Trigram is a sequence of three bytes.
type Trigram [3]byte

// number orders trigrams by their bytes.
func (t Trigram) number() uint32 { return uint32(t[0])<<16 | uint32(t[1])<<8 | uint32(t[2]) }

// Profile holds the rate of each trigram in text: its share of all trigrams. Rare trigrams
// may have only a rest in common, for each pair of bytes that they start with. A Profile is
// safe for concurrent use.
type Profile struct {
	numbers []uint32 // of the trigrams with a rate of their own, sorted
	rates   []float64
	rests   [1 << 16]float64 // by pair

	// Computed by index.
	rows  [1<<16 + 1]uint32 // index in numbers of the first trigram of each pair
	other [1 << 16]float64  // the rate of each printable trigram of a pair that shares the rest
}

// add appends a trigram, which must follow all trigrams in p.
func (p *Profile) add(number uint32, rate float64) {
	p.numbers = append(p.numbers, number)
	p.rates = append(p.rates, rate)
}

// index completes a profile after the last change.
func (p *Profile) index() *Profile {
	i := 0
	for pair, rest := range p.rests {
		p.rows[pair] = uint32(i)
		others := printables
		for ; i < len(p.numbers) && int(p.numbers[i]>>8) == pair; i++ {
			if printable(byte(p.numbers[i])) {
				others--
			}
		}
		if others > 0 {
			p.other[pair] = rest / float64(others)
		}
	}
	p.rows[len(p.rests)] = uint32(i)
	return p
}

const printables = '~' - ' ' + 1

func printable(c byte) bool { return ' ' <= c && c <= '~' }

// Len returns the number of trigrams with a rate of their own.
func (p *Profile) Len() int { return len(p.numbers) }

// Rate returns the rate of a trigram.
func (p *Profile) Rate(t Trigram) float64 {
	pair := t.number() >> 8
	row := p.numbers[p.rows[pair]:p.rows[pair+1]]
	switch i, ok := slices.BinarySearch(row, t.number()); {
	case ok:
		return p.rates[int(p.rows[pair])+i]
	case printable(t[2]):
		return p.other[pair]
	}
	return 0
}

// Reduce returns the profile without the rates below least, which go to the rests, and
// without pairs of bytes that are not ASCII, which no keyword contains.
func (p *Profile) Reduce(least float64) *Profile {
	const ascii = 1 << 7
	out := new(Profile)
	for pair, rest := range p.rests {
		if pair>>8 < ascii && pair&0xff < ascii {
			out.rests[pair] = rest
		}
	}
	for i, number := range p.numbers {
		switch pair := number >> 8; {
		case pair>>8 >= ascii || pair&0xff >= ascii:
		case p.rates[i] < least:
			out.rests[pair] += p.rates[i]
		default:
			out.add(number, p.rates[i])
		}
	}
	return out.index()
}

// Counter counts the trigrams of texts. The zero value is ready to use.
type Counter struct {
	counts []uint32 // by number
	total  int
}

// Add counts the trigrams of text.
func (c *Counter) Add(text []byte) {
	if c.counts == nil {
		c.counts = make([]uint32, 1<<24)
	}
	for i := 0; i+2 < len(text); i++ {
		c.counts[Trigram(text[i:i+3]).number()]++
	}
	c.total += max(0, len(text)-2)
}

// Profile returns the rates of the counted trigrams.
func (c *Counter) Profile() *Profile {
	p := new(Profile)
	for number, n := range c.counts {
		if n > 0 {
			p.add(uint32(number), float64(n)/float64(c.total))
		}
	}
	return p.index()
}

// Mean returns the mean of profiles, each with the same weight.
func Mean(profiles ...*Profile) *Profile {
	out := new(Profile)
	sums := make([]float64, 1<<24)
	weight := 1 / float64(len(profiles))
	for _, p := range profiles {
		for i, number := range p.numbers {
			sums[number] += weight * p.rates[i]
		}
		for pair, rest := range p.rests {
			out.rests[pair] += weight * rest
		}
	}
	for number, rate := range sums {
		if rate > 0 {
			out.add(uint32(number), rate)
		}
	}
	return out.index()
}
