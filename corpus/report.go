package corpus

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
)

// Tiers lists the tiers in the order of reports.
func Tiers() []Tier { return []Tier{Plain, Encoded, Other} }

// Classes lists the classes in the order of reports.
func Classes() []Class { return []Class{ID, Secret, Token, Key, Pair} }

// Sum returns the figure of both splits.
func (r *Report) Sum(t Tier, c Class) Figure {
	a, b := r.Figures[Place{false, t, c}], r.Figures[Place{true, t, c}]
	return Figure{a.Wanted + b.Wanted, a.Found + b.Found, a.False + b.False, a.Half + b.Half}
}

// Write prints the figures as a table, then the misses, false positives and repeats of
// the tuning cases. For held-out cases it prints only their number.
func (r *Report) Write(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "tier\tkind\twanted\tfound\thalf\tfalse\trecall\tprecision\theld-out recall\tprecision\t\n")
	for _, tier := range Tiers() {
		for _, class := range Classes() {
			f, held := r.Sum(tier, class), r.Figures[Place{true, tier, class}]
			if f == (Figure{}) {
				continue
			}
			fmt.Fprintf(t, "%s\t%s\t%d\t%d\t%d\t%d\t%.3f\t%.3f\t%.3f\t%.3f\t\n", tier, class,
				f.Wanted, f.Found, f.Half, f.False, f.Recall(), f.Precision(), held.Recall(), held.Precision())
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if err := r.writeFamilies(w); err != nil {
		return err
	}
	writeNotes(w, "missed", r.Misses)
	writeNotes(w, "false positive", r.Alarms)
	writeNotes(w, "repeated", r.Repeats)
	writeNotes(w, "add a family header", r.Strays)
	_, err := fmt.Fprintf(w, "%d cases\n", r.Cases)
	return err
}

// writeFamilies prints the figures of families as a table.
func (r *Report) writeFamilies(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "family\tcases\twanted\tfound\tfalse\trecall\tprecision\t\n")
	for _, name := range slices.Sorted(maps.Keys(r.Families)) {
		f := r.Families[name]
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%.3f\t%.3f\t\n", name, f.Cases, f.Wanted, f.Found, f.False, f.Recall(), f.Precision())
	}
	return t.Flush()
}

// writeNotes prints one line per case.
func writeNotes(w io.Writer, kind string, notes []Note) {
	held := 0
	for i := 0; i < len(notes); i++ {
		c := notes[i].Case
		text := notes[i].Text
		for ; i+1 < len(notes) && notes[i+1].Case == c; i++ {
			text += "; " + notes[i+1].Text
		}
		if c.HeldOut {
			held++
		} else {
			fmt.Fprintf(w, "%s: %s/%s: %s\n", kind, c.Group, c.Name, text)
		}
	}
	if held > 0 {
		fmt.Fprintf(w, "%s: %d more cases, held out\n", kind, held)
	}
}
