package corpus

import (
	_ "embed"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"

	"github.com/BurntSushi/toml"
)

//go:embed floors.toml
var floorsText string

// Floors holds the least that recall and precision may be, by the text of
// their Place.
type Floors map[string][2]float64

// slack is how far above its floor a figure may be before the floor is to be
// raised.
const slack = 0.01

// LoadFloors returns the floors that the project has reached.
func LoadFloors() (Floors, error) {
	f := Floors{}
	if _, err := toml.Decode(floorsText, &f); err != nil {
		return nil, fmt.Errorf("floors.toml: %w", err)
	}
	return f, nil
}

// Reached returns the floors that r would allow, rounded down.
func (r *Report) Reached() Floors {
	f := Floors{}
	for p, figure := range r.Figures {
		f[p.String()] = [2]float64{roundDown(figure.Recall()), roundDown(figure.Precision())}
	}
	return f
}

func roundDown(x float64) float64 { return math.Floor(x*1000) / 1000 }

// Compare holds what was reached against the floors: below names the figures
// that fell, above those whose floor can be raised.
func (f Floors) Compare(reached Floors) (below, above []string) {
	for _, place := range slices.Sorted(maps.Keys(reached)) {
		got := reached[place]
		floor, ok := f[place]
		text := fmt.Sprintf("%s: recall %.3f, precision %.3f; floors %.3f, %.3f", place, got[0], got[1], floor[0], floor[1])
		switch {
		case !ok:
			below = append(below, place+" has no floor")
		case got[0] < floor[0] || got[1] < floor[1]:
			below = append(below, text)
		case got[0] > floor[0]+slack || got[1] > floor[1]+slack:
			above = append(above, text)
		}
	}
	return below, above
}

// Write prints the floors in the form of floors.toml.
func (f Floors) Write(w io.Writer) error {
	for _, place := range slices.Sorted(maps.Keys(f)) {
		if _, err := fmt.Fprintf(w, "%-25q = [%.3f, %.3f]\n", place, f[place][0], f[place][1]); err != nil {
			return err
		}
	}
	return nil
}
