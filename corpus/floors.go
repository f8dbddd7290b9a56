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

// Floors holds the minimum recall and precision by the text of a Place, and by "family" and
// the name of a family.
type Floors map[string][2]float64

// slack is the margin above a floor at which the floor should be raised.
const slack = 0.01

// minCases is the number of cases from which a family has a floor.
const minCases = 20

// LoadFloors returns the floors of the project.
func LoadFloors() (Floors, error) {
	f := Floors{}
	if _, err := toml.Decode(floorsText, &f); err != nil {
		return nil, fmt.Errorf("floors.toml: %w", err)
	}
	return f, nil
}

// Reached returns the figures of r as floors, rounded down.
func (r *Report) Reached() Floors {
	f := Floors{}
	for p, figure := range r.Figures {
		f[p.String()] = [2]float64{roundDown(figure.Recall()), roundDown(figure.Precision())}
	}
	for name, figure := range r.Families {
		if figure.Cases >= minCases {
			f["family "+name] = [2]float64{roundDown(figure.Recall()), roundDown(figure.Precision())}
		}
	}
	return f
}

// SmallFamilies returns the number of cases of each given family that has too few for a
// floor.
func (r *Report) SmallFamilies(families []string) map[string]int {
	small := make(map[string]int)
	for _, name := range families {
		if n := r.Families[name].Cases; n < minCases {
			small[name] = n
		}
	}
	return small
}

func roundDown(x float64) float64 { return math.Floor(x*1000) / 1000 }

// Compare compares figures with the floors: below lists the figures under their floors,
// above the floors that can be raised.
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
