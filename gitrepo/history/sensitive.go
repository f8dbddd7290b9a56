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

// namedBlob is an object under a name that a tree gives it.
type namedBlob struct {
	num  uint32
	name string
}

// sensitive looks into the objects whose names say that they may be files that
// should not be committed, and adds those that are to the credentials. Their paths
// are known when they have been attributed; see sensitivePath.
func (o *objectScan) addSensitiveFiles(ctx context.Context) error {
	told := make(map[uint32]bool) // that hold a credential
	for _, c := range o.credentials {
		for _, num := range c.objects {
			told[num] = true
		}
	}
	found := make(map[string]*credential)
	for _, b := range slices.SortedFunc(maps.Keys(o.namedBlobs), func(a, b namedBlob) int {
		return cmp.Or(cmp.Compare(a.num, b.num), cmp.Compare(a.name, b.name))
	}) {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if told[b.num] {
			continue
		}
		f, ok, err := o.sensitiveFile(o.scanner, o.catalog.ID(b.num), b.name)
		if err != nil || !ok {
			continue // what could not be read has been told
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

// sensitiveFile looks at the beginning of an object as a file of that name.
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

// sensitivePath reports whether any path of a finding is one that its rule is about.
func isSensitivePath(s *scanner.Scanner, f *scanner.Finding) bool {
	about := func(path string) bool { return s.SensitivePath(f.RuleID, path) }
	return about(f.Origin.Path) || slices.ContainsFunc(f.Origin.History.Paths, about)
}
