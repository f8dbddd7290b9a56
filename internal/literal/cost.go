package literal

import "github.com/keyguard/keyguard/internal/trigram"

// Cost is the estimated cost of a word in text.
type Cost struct {
	// Share is the share of samples that need a comparison because of the word, and would
	// not because of a word with a lower index. The shares of all words add up to the
	// share of the set.
	Share float64

	// Hits is an upper bound of the occurrences in 1,000,000 bytes: the rate of the
	// word's least frequent trigram.
	Hits float64
}

// Costs returns the cost of each word in text with the trigrams of p.
func (s *Set) Costs(p *trigram.Profile) []Cost {
	costs := make([]Cost, len(s.words))
	paid := make(map[uint16]uint8) // the classes that words so far account for, by pair
	for i, w := range s.words {
		for pair, follows := range s.anchorPairs(w, s.anchors[i]) {
			costs[i].Share += s.rate(p, pair, follows&^paid[pair])
			paid[pair] |= follows
		}
		costs[i].Hits = 1e6 * w.bound(p)
	}
	return costs
}

// rate returns the share of samples that are a pair before a byte of the given classes.
func (s *Set) rate(p *trigram.Profile, pair uint16, classes uint8) (sum float64) {
	for c, class := range s.classes {
		if class&classes != 0 {
			sum += p.Rate(trigram.Trigram{byte(pair), byte(pair >> 8), byte(c)})
		}
	}
	return sum
}

// bound returns the rate of the least frequent trigram of w, in all its spellings.
func (w Word) bound(p *trigram.Profile) float64 {
	least := 1.0
	for i := 0; i+2 < len(w.Text); i++ {
		sum := 0.0
		for pair := range spellings(w, i) {
			for _, c := range []byte(cases(w, i+2)) {
				sum += p.Rate(trigram.Trigram{byte(pair), byte(pair >> 8), c})
			}
		}
		least = min(least, sum)
	}
	return least
}
