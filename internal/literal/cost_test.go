package literal

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/trigram"
)

// sourceText returns text of a language with few words.
func sourceText(size int) []byte {
	rng := rand.New(rand.NewPCG(3, 4))
	words := strings.Fields("return Secret secret_key session_token = token AKIA AAA AAAAA if err != nil { } import as secretly SECRET")
	var text []byte
	for len(text) < size {
		text = append(append(text, words[rng.IntN(len(words))]...), ' ')
	}
	return text
}

// needed returns the share of trigrams of text that need a comparison in s.
func needed(s *Set, text []byte) float64 {
	n := 0
	for i := range len(text) - 2 {
		if s.follows[binary.LittleEndian.Uint16(text[i:])]&s.classes[text[i+2]] != 0 {
			n++
		}
	}
	return float64(n) / float64(len(text)-2)
}

func TestCostsAreExact(t *testing.T) {
	text := sourceText(100_000)
	counter := new(trigram.Counter)
	counter.Add(text)
	p := counter.Profile()
	sum := 0.0
	for n := range testWords() {
		set, err := New(testWords()[:n+1])
		if err != nil {
			t.Fatal(err)
		}
		sum = 0
		for _, c := range set.Costs(p) {
			sum += c.Share
		}
		if want := needed(set, text); math.Abs(sum-want) > 1e-9 {
			t.Errorf("%d words: share %v, want %v", n+1, sum, want)
		}
	}
	if sum == 0 {
		t.Error("no sample needs a comparison")
	}
}

func TestCostsBoundHits(t *testing.T) {
	text := sourceText(100_000)
	counter := new(trigram.Counter)
	counter.Add(text)
	set, err := New(testWords())
	if err != nil {
		t.Fatal(err)
	}
	found := make([]float64, len(testWords()))
	for _, hit := range set.Append(nil, text, 0, len(text)) {
		found[hit.Word] += 1e6 / float64(len(text))
	}
	for i, c := range set.Costs(counter.Profile()) {
		if c.Hits < 0.999*found[i] || found[i] > 0 && c.Hits > 4*found[i] {
			t.Errorf("%s: at most %v hits per MB, found %v", testWords()[i].Text, c.Hits, found[i])
		}
	}
}

func TestCostOfAWordThatAnotherIncludes(t *testing.T) {
	set, err := New([]Word{{Text: "secret", Fold: true}, {Text: "secret"}})
	if err != nil {
		t.Fatal(err)
	}
	costs := set.Costs(trigram.Source())
	if costs[0].Share <= 0 || costs[1].Share != 0 {
		t.Errorf("got shares %v and %v, want the second to be 0", costs[0].Share, costs[1].Share)
	}
}
