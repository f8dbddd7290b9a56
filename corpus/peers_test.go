package corpus_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/corpus"
	"github.com/keyguard/keyguard/scanner"
)

var peers = flag.Bool("peers", false, "compare with the peers that are in PATH")

// peer is a scanner that is called as a program. Nothing is verified: the keys
// are made up, and no network is needed.
type peer struct {
	name string
	args []string // the folder to scan comes last
	read func([]byte) ([]said, error)
}

// said is what a scanner says of a file: all that it shows of a credential.
type said struct{ file, text string }

func peerTools() []peer {
	gitleaks := []string{"dir", "--no-banner", "-l", "error", "--exit-code", "0", "--redact=0", "-f", "json", "-r", "-"}
	hog := []string{"filesystem", "--no-verification", "--no-update", "--json", "--log-level=-1"}
	return []peer{
		{"gitleaks", gitleaks, readGitleaks},
		{"gitleaks", append(slices.Clone(gitleaks), "--enable-rule", "aws-access-token"), readGitleaks},
		{"betterleaks", gitleaks, readGitleaks},
		{"betterleaks", append(slices.Clone(gitleaks), "--enable-rule", "aws-access-token,aws-secret-access-key"), readGitleaks},
		{"trufflehog", hog, readTrufflehog},
		{"trufflehog", append(slices.Clone(hog), "--include-detectors", "aws,awssessionkey"), readTrufflehog},
	}
}

func readGitleaks(out []byte) ([]said, error) {
	var list []struct {
		File, Secret, Match string
		RequiredSets        json.RawMessage // betterleaks: the other half of a pair
	}
	if err := json.Unmarshal(out, &list); err != nil {
		return nil, err
	}
	var all []said
	for _, f := range list {
		all = append(all, said{f.File, f.Secret + "\n" + f.Match + "\n" + string(f.RequiredSets)})
	}
	return all, nil
}

func readTrufflehog(out []byte) ([]said, error) {
	var all []said
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var f struct {
			SourceMetadata struct {
				Data struct{ Filesystem struct{ File string } }
			}
			Raw, RawV2 string
		}
		if err := json.Unmarshal(lines.Bytes(), &f); err != nil {
			return nil, err
		}
		if f.SourceMetadata.Data.Filesystem.File != "" {
			all = append(all, said{f.SourceMetadata.Data.Filesystem.File, f.Raw + "\n" + f.RawV2})
		}
	}
	return all, lines.Err()
}

// sampled is a case in a folder of its own.
type sampled struct {
	*corpus.Case
	*corpus.Sample
	dir string
}

// score is what a scanner made of cases.
type score struct{ wanted, found int }

// TestPeers prints how the scanners that are in PATH do on the corpus, with one
// yardstick for all: a credential is found if anything that is reported of its
// file holds its id, its secret or its token; what holds no part of one is a
// false alarm. Where it is reported, as what, and whether the halves of a pair
// are told to belong together does not count here.
func TestPeers(t *testing.T) {
	if !*peers {
		t.Skip("run it with -peers -v")
	}
	root := t.TempDir()
	samples := write(t, root)
	fmt.Printf("| | %s |\n", strings.Join(columns(), " | "))
	tell("keyguard", samples, ours(t, samples))
	for _, p := range peerTools() {
		program, err := exec.LookPath(p.name)
		if err != nil {
			fmt.Printf("%s is not in PATH\n", p.name)
			continue
		}
		cmd := exec.CommandContext(t.Context(), program, append(p.args, root)...)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Errorf("%s: %v\n%s", p.name, err, &stderr)
			continue
		}
		all, err := p.read(out)
		if err != nil {
			t.Errorf("%s: %v", p.name, err)
			continue
		}
		what := "all rules"
		if i := slices.IndexFunc(p.args, func(a string) bool { return a == "--enable-rule" || a == "--include-detectors" }); i >= 0 {
			what = p.args[i+1]
		}
		tell(p.name+", "+what, samples, all)
	}
}

func write(t *testing.T, root string) []sampled {
	var out []sampled
	cases := load(t)
	for i := range cases {
		sample, err := cases[i].Expand()
		if err != nil {
			t.Fatal(err)
		}
		s := sampled{&cases[i], sample, filepath.Join(root, fmt.Sprintf("%03d", i))}
		file := filepath.Join(s.dir, filepath.FromSlash(s.File))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, s.Text(), 0o600); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

// Text is the case as it is, not its template.
func (s *sampled) Text() []byte { return s.Sample.Text }

// Blobs makes the case a scanner.Source.
func (s *sampled) Blobs(context.Context) iter.Seq2[*scanner.Blob, error] {
	return func(yield func(*scanner.Blob, error) bool) {
		open := func() (io.ReadCloser, error) { return scanner.InMemory(s.Text()), nil }
		yield(&scanner.Blob{Origin: scanner.Origin{Path: s.File}, Open: open}, nil)
	}
}

// ours is what keyguard says.
func ours(t *testing.T, samples []sampled) []said {
	var all []said
	own := newScanner(t)
	for i := range samples {
		for r := range own.Scan(t.Context(), &samples[i]) {
			for _, f := range r.Findings {
				text := f.Secret.Reveal() + "\n" + f.KeyID
				for _, part := range f.Related {
					text += "\n" + part.Secret.Reveal()
				}
				all = append(all, said{filepath.Join(samples[i].dir, samples[i].File), text})
			}
		}
	}
	return all
}

// columns of the table: what is wanted, by tier and kind.
func columns() []string {
	return []string{"pairs", "lone ids", "lone secrets", "encoded", "other keys", "false alarms"}
}

func column(c *corpus.Case, w corpus.Want) string {
	switch {
	case c.Tier == corpus.Encoded:
		return "encoded"
	case c.Tier == corpus.Other:
		return "other keys"
	case w.Kind == "pair":
		return "pairs"
	case w.Kind == "id":
		return "lone ids"
	}
	return "lone secrets"
}

// tell prints a row of all cases, and one of those that keyguard was not tuned
// on.
func tell(name string, samples []sampled, all []said) {
	byCase := make(map[string][]string)
	for _, s := range all {
		for i := range samples {
			if strings.HasPrefix(s.file, samples[i].dir+string(filepath.Separator)) {
				byCase[samples[i].dir] = append(byCase[samples[i].dir], s.text)
			}
		}
	}
	for _, heldOut := range []bool{false, true} {
		table := make(map[string]*score)
		for _, c := range columns() {
			table[c] = new(score)
		}
		for i := range samples {
			if c := &samples[i]; !heldOut || c.HeldOut {
				grade(c, byCase[c.dir], table)
			}
		}
		label := name
		if heldOut {
			label = "held out"
		}
		fmt.Printf("| %s |", label)
		for _, c := range columns() {
			if s := table[c]; c == "false alarms" {
				fmt.Printf(" %d |", s.found)
			} else {
				fmt.Printf(" %d of %d |", s.found, s.wanted)
			}
		}
		fmt.Println()
	}
}

// grade adds a case to a table.
func grade(c *sampled, texts []string, table map[string]*score) {
	holds := func(text string, names []string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return c.Values[n] != "" && strings.Contains(text, c.Values[n]) })
	}
	for _, w := range c.Wants {
		s := table[column(c.Case, w)]
		s.wanted++
		if slices.ContainsFunc(texts, func(text string) bool { return holds(text, w.Names) }) {
			s.found++
		}
	}
	alarms := make(map[string]bool)
	for _, text := range texts {
		wanted := slices.ContainsFunc(c.Wants, func(w corpus.Want) bool { return holds(text, w.Names) })
		if !wanted && !holds(text, c.May) {
			alarms[text] = true
		}
	}
	table["false alarms"].found += len(alarms)
}
