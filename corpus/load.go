package corpus

import (
	"embed"
	"fmt"
	"path"
)

//go:embed cases/*.txt
var files embed.FS

// Load returns all cases, in the order of groups and of their files.
func Load() ([]Case, error) {
	entries, err := files.ReadDir("cases")
	if err != nil {
		return nil, err
	}
	var all []Case
	for _, e := range entries {
		data, err := files.ReadFile(path.Join("cases", e.Name()))
		if err != nil {
			return nil, err
		}
		cases, err := Parse(e.Name(), string(data))
		if err != nil {
			return nil, err
		}
		all = append(all, cases...)
	}
	seen := make(map[string]bool)
	for _, c := range all {
		if seen[c.Name] {
			return nil, fmt.Errorf("corpus: two cases have the name %s", c.Name)
		}
		seen[c.Name] = true
	}
	return all, nil
}
