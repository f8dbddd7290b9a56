package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// verdictKey identifies a finding in a file of verdicts.
type verdictKey struct{ fingerprint, rule string }

func (f *finding) key() verdictKey { return verdictKey{f.Fingerprint, f.Rule} }

// verdicts holds the verdict on each finding: true, false, unsure, or empty.
//
// Its file has a line for each finding: fingerprint, rule, verdict and note, separated by
// tabs. The note is free text. The file contains no secrets.
type verdicts map[verdictKey]string

const verdictsHead = "# fingerprint\trule\tverdict: true, false or unsure\tnote\n"

// readVerdicts reads the file name. It returns no verdicts if the file does not exist.
func readVerdicts(name string) (verdicts, error) {
	v := make(verdicts)
	if name == "" {
		return v, nil
	}
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return v, nil
	}
	if err != nil {
		return nil, err
	}
	for n, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSuffix(line, "\r")
		if line == "" || line[0] == '#' {
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) < 3 || !slices.Contains([]string{"", "true", "false", "unsure"}, cells[2]) {
			return nil, fmt.Errorf("%s:%d: write fingerprint, rule, true, false or unsure, and a note, separated by tabs", name, n+1)
		}
		v[verdictKey{cells[0], cells[1]}] = cells[2]
	}
	return v, nil
}

// appendFindings appends the findings that are not known, with an empty verdict and their
// place as the note.
func appendFindings(name string, all []finding, known verdicts) error {
	var b bytes.Buffer
	info, err := os.Stat(name)
	if err != nil || info.Size() == 0 {
		b.WriteString(verdictsHead)
	}
	added := make(map[verdictKey]bool)
	for _, f := range all {
		if _, ok := known[f.key()]; ok || added[f.key()] {
			continue
		}
		added[f.key()] = true
		fmt.Fprintf(&b, "%s\t%s\t\t%s\n", f.Fingerprint, f.Rule, oneLine(f.place))
	}
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	_, err = file.Write(b.Bytes())
	return errors.Join(err, file.Close())
}

// oneLine replaces control characters, which paths may contain.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, s)
}
