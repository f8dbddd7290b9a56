package trigram

import (
	"math"
	"strings"
	"testing"
)

func profileOf(texts ...string) *Profile {
	counter := new(Counter)
	for _, text := range texts {
		counter.Add([]byte(text))
	}
	return counter.Profile()
}

func (p *Profile) sum() (sum float64) {
	for _, rate := range p.rates {
		sum += rate
	}
	for _, rest := range p.rests {
		sum += rest
	}
	return sum
}

func TestRate(t *testing.T) {
	p := profileOf("abcab", "x", "abd")
	for text, want := range map[string]float64{"abc": 0.25, "bca": 0.25, "abd": 0.25, "cab": 0.25, "abx": 0, "xab": 0} {
		if got := p.Rate(Trigram([]byte(text))); got != want {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}

func TestMeanWeighsProfilesEqually(t *testing.T) {
	p := Mean(profileOf("abc"), profileOf(strings.Repeat("x", 102)))
	for text, want := range map[string]float64{"abc": 0.5, "xxx": 0.5} {
		if got := p.Rate(Trigram([]byte(text))); got != want {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}

func TestReduceKeepsTheRateOfPairs(t *testing.T) {
	p := profileOf(strings.Repeat("abc ", 100) + "abdabeab\xff")
	reduced := p.Reduce(0.01)
	if got, want := reduced.sum(), p.sum(); math.Abs(got-want) > 1e-9 {
		t.Errorf("the sum of rates is %v, want %v", got, want)
	}
	if got, want := reduced.Rate(Trigram([]byte("abc"))), p.Rate(Trigram([]byte("abc"))); got != want {
		t.Errorf("a frequent trigram has the rate %v, want %v", got, want)
	}
	total := 0.0
	for c := range 1 << 8 {
		total += reduced.Rate(Trigram{'a', 'b', byte(c)})
	}
	if want := 103.0 / 407; math.Abs(total-want) > 0.003 {
		t.Errorf("the trigrams of a pair have the rate %v, want %v", total, want)
	}
	if got := profileOf("\xc3\xa4\xc3\xa4").Reduce(0).sum(); got != 0 {
		t.Errorf("pairs that are not ASCII have the rate %v", got)
	}
}

func TestDecode(t *testing.T) {
	p := profileOf(strings.Repeat("the quick brown fox ", 40) + "jumps over the lazy dog").Reduce(0.01)
	data, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.numbers) != len(p.numbers) {
		t.Fatalf("got %d trigrams, want %d", len(got.numbers), len(p.numbers))
	}
	const most = 1.0 / 2 / stepsPerOctave // difference of logarithms
	near := func(got, want float64) bool { return got == want || math.Abs(math.Log2(got/want)) <= most+1e-9 }
	for i, number := range p.numbers {
		if got.numbers[i] != number || !near(got.rates[i], p.rates[i]) {
			t.Errorf("trigram %x at rate %v, want %x at %v", got.numbers[i], got.rates[i], number, p.rates[i])
		}
	}
	for pair := range p.rests {
		if !near(got.rests[pair], p.rests[pair]) {
			t.Errorf("pair %x has the rest %v, want %v", pair, got.rests[pair], p.rests[pair])
		}
	}
	for n := range data {
		if _, err := Decode(data[:n]); err == nil {
			t.Errorf("the first %d bytes were accepted", n)
		}
	}
}

func FuzzDecode(f *testing.F) {
	data, err := profileOf("the quick brown fox").Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		if p, err := Decode(data); err == nil {
			p.Rate(Trigram{'a', 'b', 'c'})
		}
	})
}

func TestSource(t *testing.T) {
	if most := 100_000; len(encoded) > most {
		t.Errorf("the profile has %d bytes, more than %d", len(encoded), most)
	}
	// Pairs that are not ASCII are missing.
	if sum := Source().sum(); sum < 0.97 || sum > 1.01 {
		t.Errorf("the rates add up to %v", sum)
	}
}
