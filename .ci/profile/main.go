// Command profile counts the trigrams of texts. It is run by hand:
//
//	go run ./.ci/profile DIR…           # writes internal/trigram/source.profile
//	go run ./.ci/profile -compare DIR…  # compares the estimated cost of keywords with the measured one
//
// Each DIR is the working tree of one repository, and all have the same weight. The embedded
// profile was counted in ansible, boto3, git, jenkins, localstack, moto, prometheus, rails and
// vue: in eight languages, documents and recorded data. Of a file, the first 256 KiB
// are counted: large files are generated, and alike within. Binary files are left out.
//
// The profile contains rates only, rounded to a quarter of an octave. Trigrams with a rate
// below -least have only a sum in common for each pair of bytes that they start with.
package main

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/keyguard/keyguard/internal/literal"
	"github.com/keyguard/keyguard/internal/trigram"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

const (
	perFile = 256 << 10 // bytes that are counted
	prefix  = 8000      // bytes without a NUL in text, as for git
)

func main() {
	least := flag.Float64("least", 2e-7, "least rate of a trigram in the profile")
	out := flag.String("o", "internal/trigram/source.profile", "file to write")
	compare := flag.Bool("compare", false, "compare the embedded profile with the directories")
	flag.Parse()
	run := func() error { return write(*out, *least, flag.Args()) }
	if *compare {
		run = func() error { return compareAll(flag.Args()) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "profile:", err)
		os.Exit(2)
	}
}

// texts passes the counted part of each text file below dir to use.
func texts(dir string, use func(text []byte)) error {
	return filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == ".git":
			return fs.SkipDir
		case !entry.Type().IsRegular():
			return nil
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if bytes.IndexByte(data[:min(len(data), prefix)], 0) < 0 {
			use(data[:min(len(data), perFile)])
		}
		return nil
	})
}

func count(dir string) (*trigram.Profile, error) {
	counter := new(trigram.Counter)
	if err := texts(dir, counter.Add); err != nil {
		return nil, err
	}
	return counter.Profile(), nil
}

func write(name string, least float64, dirs []string) error {
	if len(dirs) == 0 {
		return fmt.Errorf("no directories")
	}
	var profiles []*trigram.Profile
	for _, dir := range dirs {
		p, err := count(dir)
		if err != nil {
			return err
		}
		fmt.Printf("%s: %d trigrams\n", dir, p.Len())
		profiles = append(profiles, p)
	}
	p := trigram.Mean(profiles...).Reduce(least)
	data, err := p.Encode()
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d trigrams, %d bytes\n", name, p.Len(), len(data))
	return os.WriteFile(name, data, 0o644)
}

// compareAll prints the estimated and the measured cost of the built-in keywords in each directory.
func compareAll(dirs []string) error {
	rules, err := patterns.Builtin()
	if err != nil {
		return err
	}
	set, err := literal.New(scanner.New(rules, scanner.Options{}).Words())
	if err != nil {
		return err
	}
	estimated := set.Costs(trigram.Source())
	fmt.Printf("estimated: %.3f %% of samples, %.0f hits per MB\n", 100*share(estimated), hits(estimated))
	for _, dir := range dirs {
		p, err := count(dir)
		if err != nil {
			return err
		}
		measured := set.Costs(p) // exact shares
		size, found := 0, make([]float64, len(measured))
		if err := texts(dir, func(text []byte) {
			size += len(text)
			for _, hit := range set.Append(nil, text, 0, len(text)) {
				found[hit.Word]++
			}
		}); err != nil {
			return err
		}
		for i := range measured {
			measured[i].Hits = 1e6 * found[i] / float64(size)
		}
		fmt.Printf("%s: %.3f %% of samples, %.0f hits per MB; the dearest keywords, estimated and measured:\n", dir, 100*share(measured), hits(measured))
		for _, i := range dearest(measured)[:12] {
			fmt.Printf("  %-20q %6.3f %6.3f %%  %8.2f %8.2f hits per MB\n", set.Words()[i].Text, 100*estimated[i].Share, 100*measured[i].Share, estimated[i].Hits, measured[i].Hits)
		}
	}
	return nil
}

func share(costs []literal.Cost) (sum float64) {
	for _, c := range costs {
		sum += c.Share
	}
	return sum
}

func hits(costs []literal.Cost) (sum float64) {
	for _, c := range costs {
		sum += c.Hits
	}
	return sum
}

func dearest(costs []literal.Cost) (order []int) {
	for i := range costs {
		order = append(order, i)
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(costs[b].Share, costs[a].Share) })
	return order
}
