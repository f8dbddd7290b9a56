package trigram

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"io"
	"math"
)

// An encoded profile is compressed with flate. It contains a list of the trigrams with
// rates, then one of the pairs with rests. A list contains its length, the differences of
// adjacent numbers, all as uvarints, and a byte for each rate: its logarithm, in steps.
const stepsPerOctave = 4

var errDamaged = errors.New("damaged profile of trigrams")

// Encode returns p for Decode. Rates are rounded.
func (p *Profile) Encode() ([]byte, error) {
	raw := appendList(nil, p.numbers, p.rates)
	var pairs []uint32
	var rests []float64
	for pair, rest := range p.rests {
		if rest > 0 {
			pairs, rests = append(pairs, uint32(pair)), append(rests, rest)
		}
	}
	raw = appendList(raw, pairs, rests)
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func appendList(raw []byte, numbers []uint32, rates []float64) []byte {
	raw = binary.AppendUvarint(raw, uint64(len(numbers)))
	last := uint32(0)
	for _, number := range numbers {
		raw = binary.AppendUvarint(raw, uint64(number-last))
		last = number
	}
	for _, rate := range rates {
		raw = append(raw, byte(min(math.Round(-stepsPerOctave*math.Log2(rate)), math.MaxUint8)))
	}
	return raw
}

// Decode returns an encoded profile.
func Decode(data []byte) (*Profile, error) {
	raw, err := io.ReadAll(flate.NewReader(bytes.NewReader(data)))
	if err != nil {
		return nil, err
	}
	p := new(Profile)
	if raw, err = readList(raw, 1<<24, p.add); err != nil {
		return nil, err
	}
	raw, err = readList(raw, 1<<16, func(pair uint32, rest float64) { p.rests[pair] = rest })
	if err != nil || len(raw) > 0 {
		return nil, errDamaged
	}
	return p.index(), nil
}

// readList passes the entries of a list to add and returns the bytes that follow it. It
// accepts numbers below limit in ascending order.
func readList(raw []byte, limit uint64, add func(number uint32, rate float64)) ([]byte, error) {
	count, n := binary.Uvarint(raw)
	if n <= 0 || count > limit {
		return nil, errDamaged
	}
	raw = raw[n:]
	numbers := make([]uint32, count)
	last := uint64(0)
	for i := range numbers {
		difference, n := binary.Uvarint(raw)
		if n <= 0 || difference >= limit-last || i > 0 && difference == 0 {
			return nil, errDamaged
		}
		raw = raw[n:]
		last += difference
		numbers[i] = uint32(last)
	}
	if len(raw) < len(numbers) {
		return nil, errDamaged
	}
	for i, number := range numbers {
		add(number, math.Exp2(-float64(raw[i])/stepsPerOctave))
	}
	return raw[len(numbers):], nil
}
