// Command mutate changes one operator of the source at a time and reports which
// changes no test notices. It is run by hand, as it takes minutes:
//
//	go run ./.ci/mutate                          # 100 mutants of the default files
//	go run ./.ci/mutate -n 40 ./scanner          # 40 mutants of one package
//	go run ./.ci/mutate -n 20 ./report/merge.go  # of one file
//
// The operators and the seed are fixed, so two runs on the same source make the
// same mutants. The source is not touched: the go command reads mutants through
// an overlay. A mutant is killed if the tests of its package fail, or exceed
// -timeout. Mutants that do not compile are not counted.
//
// Equivalent mutants, which no test can kill, are listed in equivalent.txt with the
// reason, by file, function, original text and mutated text. They are not counted.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	n := flag.Int("n", 100, "number of mutants")
	seed := flag.Uint64("seed", 1, "seed of the choice of mutants")
	timeout := flag.Duration("timeout", 3*time.Minute, "time for the tests of one mutant")
	list := flag.Bool("list", false, "list the chosen mutants without running them")
	flag.Parse()
	targets := flag.Args()
	if len(targets) == 0 {
		targets = []string{"./scanner/...", "./patterns/...", "./allow", "./report/merge.go"}
	}
	if err := run(targets, *n, *seed, *timeout, *list); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(2)
	}
}

func run(targets []string, n int, seed uint64, timeout time.Duration, list bool) error {
	mutants, err := find(targets)
	if err != nil {
		return err
	}
	equivalent, err := readEquivalent(".ci/mutate/equivalent.txt")
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(seed, 0))
	random.Shuffle(len(mutants), func(i, j int) { mutants[i], mutants[j] = mutants[j], mutants[i] })

	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	counts := map[verdict]int{}
	for _, m := range mutants {
		if counts[killed]+counts[survived] == n {
			break
		}
		if equivalent[m.key()] {
			counts[same]++
			continue
		}
		if list {
			fmt.Println(m)
			if n--; n == 0 {
				return nil
			}
			continue
		}
		v, err := m.test(dir, timeout)
		if err != nil {
			return err
		}
		counts[v]++
		if v == survived {
			fmt.Println("SURVIVED", m)
		}
	}
	fmt.Printf("%d mutants: %d killed, %d survived; not counted: %d equivalent, %d that do not compile\n",
		counts[killed]+counts[survived], counts[killed], counts[survived], counts[same], counts[invalid])
	return nil
}

type verdict int

const (
	killed verdict = iota
	survived
	invalid // does not compile
	same    // equivalent to the original
)

// test runs the tests of the package of m with the mutated file in place of the
// original.
func (m mutant) test(dir string, timeout time.Duration) (verdict, error) {
	file, overlay := filepath.Join(dir, "mutant.go"), filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, m.source(), 0o600); err != nil {
		return 0, err
	}
	data, err := json.Marshal(map[string]map[string]string{"Replace": {m.path: file}})
	if err != nil {
		return 0, err
	}
	if err := os.WriteFile(overlay, data, 0o600); err != nil {
		return 0, err
	}
	pkg := "./" + filepath.ToSlash(filepath.Dir(m.name))
	if out, err := exec.Command("go", "vet", "-overlay", overlay, "-printf=false", pkg).CombinedOutput(); err != nil {
		if bytes.Contains(out, []byte("vet: ")) { // a type error; an analyzer's finding is not one
			return invalid, nil
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	err = exec.CommandContext(ctx, "go", "test", "-vet=off", "-failfast", "-overlay", overlay, pkg).Run()
	if err != nil {
		return killed, nil
	}
	return survived, nil
}

// readEquivalent reads the keys of the mutants that are known to be equivalent: lines
// of key and reason, separated by two tabs. A file that does not exist has none.
func readEquivalent(name string) (map[string]bool, error) {
	keys := map[string]bool{}
	f, err := os.Open(name)
	if os.IsNotExist(err) {
		return keys, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, reason, ok := strings.Cut(line, "\t\t")
		if !ok || reason == "" {
			return nil, fmt.Errorf("%s: no reason: %s", name, line)
		}
		keys[key] = true
	}
	return keys, lines.Err()
}
