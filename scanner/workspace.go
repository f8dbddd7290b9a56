package scanner

import (
	"github.com/keyguard/keyguard/internal/literal"
	"github.com/keyguard/keyguard/scanner/internal/unpack"
)

// workspace is the buffers that a worker reuses for each blob.
type workspace struct {
	buf     []byte
	wide    []byte
	hits    []literal.Hit
	located []candidate
	members *workspace // for members of archives; see inner
	unpack  unpack.State
}

// inner returns the workspace for members of an archive.
func (ws *workspace) inner() *workspace {
	if ws.members == nil {
		ws.members = new(workspace)
	}
	return ws.members
}
