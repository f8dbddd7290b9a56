package patterns

import "math"

// Entropy returns the Shannon entropy of s in bits per byte, 0 to 8. Forty
// random base64 characters have 4.1 to 5.2; forty hexadecimal digits at most 4.
func Entropy(s []byte) float64 {
	var counts [256]int
	for _, c := range s {
		counts[c]++
	}
	var bits float64
	n := float64(len(s))
	for _, c := range counts {
		if c > 0 {
			p := float64(c) / n
			bits -= p * math.Log2(p)
		}
	}
	return bits
}
