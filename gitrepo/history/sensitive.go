package history

import (
	"cmp"
	"context"
	"errors"
	"io"
	"maps"
	"slices"

	"github.com/keyguard/keyguard/internal/pack"
	"github.com/keyguard/keyguard/scanner"
)

// namedBlob is an object and the name of an entry that refers to it.
type namedBlob struct {
	num  uint32
	name string
}

// addSensitiveFiles reads the objects that may be sensitive files by their names, and
// adds the files that are. Their paths are checked after attribution; see
// isSensitivePath.
func (o *objectScan) addSensitiveFiles(ctx context.Context) error {
	reported := make(map[uint32]bool) // objects with a credential
	for _, c := range o.credentials {
		for _, num := range c.objects {
			reported[num] = true
		}
	}
	found := make(map[string]*credential)
	for _, b := range slices.SortedFunc(maps.Keys(o.namedBlobs), func(a, b namedBlob) int {
		return cmp.Or(cmp.Compare(a.num, b.num), cmp.Compare(a.name, b.name))
	}) {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if reported[b.num] {
			continue
		}
		f, ok, err := o.sensitiveFile(o.scanner, o.catalog.ID(b.num), b.name)
		if err != nil || !ok {
			continue // read errors are reported by the walk
		}
		marked := o.isMarked(&f)
		key := credentialKey(&f, marked)
		if found[key] == nil {
			found[key] = &credential{key: key, name: b.name, finding: f, marked: marked}
		}
		if c := found[key]; !slices.Contains(c.objects, b.num) {
			c.objects = append(c.objects, b.num)
		}
	}
	o.credentials = append(o.credentials, mergeMarked(found)...)
	return nil
}

// sensitiveFile scans the beginning of an object as a file with the given name.
func (o *objectScan) sensitiveFile(s *scanner.Scanner, id pack.ID, name string) (scanner.Finding, bool, error) {
	body, err := o.repo.OpenObject(id)
	if err != nil {
		return scanner.Finding{}, false, err
	}
	text, err := io.ReadAll(io.LimitReader(body, scanner.SensitiveReach))
	if err = errors.Join(err, body.Close()); err != nil {
		return scanner.Finding{}, false, err
	}
	f, ok := s.SensitiveFile(name, text)
	f.Origin.Object = id.String()
	return f, ok, nil
}

// isSensitivePath reports whether the rule of a finding applies to any of its paths.
func isSensitivePath(s *scanner.Scanner, f *scanner.Finding) bool {
	about := func(path string) bool { return s.SensitivePath(f.RuleID, path) }
	return about(f.Origin.Path) || slices.ContainsFunc(f.Origin.History.Paths, about)
}
