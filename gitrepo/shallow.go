package gitrepo

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/keyguard/keyguard/internal/pack"
)

// ShallowCommits returns the commits whose parents a shallow clone lacks, from the file
// shallow (gitrepository-layout(5)).
func (r *Repo) ShallowCommits() (map[pack.ID]bool, error) {
	out := make(map[pack.ID]bool)
	data, err := pack.ReadRegular(filepath.Join(r.Common, "shallow"))
	if os.IsNotExist(err) {
		return out, nil
	}
	for line := range strings.FieldsSeq(string(data)) {
		if id, err := pack.ParseID(line); err == nil {
			out[id] = true
		}
	}
	return out, err
}
