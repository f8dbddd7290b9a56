package gitrepo

import (
	"bytes"
	"strconv"
	"time"

	"github.com/keyguard/keyguard/internal/pack"
)

// treeEntry is a line of a tree object: "mode name\0id" (gitformat-pack(5)
// leaves it to git's object documentation).
type treeEntry struct {
	mode []byte // octal, without the leading zeros that some programs write
	name []byte
	sum  []byte // the id
	end  int    // offset of the next entry
}

// nextEntry reads the entry at off of a tree whose ids have size bytes.
func nextEntry(tree []byte, off, size int) (e treeEntry, ok bool) {
	sp := bytes.IndexByte(tree[off:min(off+8, len(tree))], ' ')
	if sp < 0 {
		return e, false
	}
	name := off + sp + 1
	nul := bytes.IndexByte(tree[name:], 0)
	if nul < 0 || name+nul+1+size > len(tree) {
		return e, false
	}
	e.mode, e.name = bytes.TrimLeft(tree[off:off+sp], "0"), tree[name:name+nul]
	e.end = name + nul + 1 + size
	e.sum = tree[name+nul+1 : e.end]
	return e, true
}

func (e *treeEntry) isTree() bool { return len(e.mode) > 0 && e.mode[0] == '4' }

func (e *treeEntry) isFile() bool { return len(e.mode) > 2 && e.mode[0] == '1' && e.mode[1] == '0' }

// isGitlink reports a submodule's commit, which is in another repository.
func (e *treeEntry) isGitlink() bool { return string(e.mode) == gitlink }

// commitHeader is what a commit object says before its message.
type commitHeader struct {
	tree    pack.ID
	parents []pack.ID
	author  string
	date    time.Time // of authorship
	time    int64     // of the commit, in seconds since 1970
}

// parseCommit reads the header lines of a commit.
func parseCommit(data []byte) (h commitHeader, ok bool) {
	for len(data) > 0 && data[0] != '\n' {
		line, rest, _ := bytes.Cut(data, []byte{'\n'})
		data = rest
		key, value, _ := bytes.Cut(line, []byte{' '})
		switch string(key) {
		case "tree":
			h.tree = parseID(value)
		case "parent":
			h.parents = append(h.parents, parseID(value))
		case "author":
			var sec int64
			h.author, sec, h.date = parsePerson(value)
			if h.time == 0 {
				h.time = sec
			}
		case "committer":
			_, h.time, _ = parsePerson(value)
		}
	}
	return h, !h.tree.IsZero()
}

// parseTag returns the object that a tag object points to, and the tag's name.
func parseTag(data []byte) (target pack.ID, name string) {
	for len(data) > 0 && data[0] != '\n' {
		line, rest, _ := bytes.Cut(data, []byte{'\n'})
		data = rest
		key, value, _ := bytes.Cut(line, []byte{' '})
		switch string(key) {
		case "object":
			target = parseID(value)
		case "tag":
			name = string(value)
		}
	}
	return target, name
}

func parseID(hex []byte) pack.ID {
	id, err := pack.ParseID(string(hex))
	if err != nil {
		return pack.ID{}
	}
	return id
}

// parsePerson reads "Name <address> seconds zone".
func parsePerson(value []byte) (who string, sec int64, date time.Time) {
	i := bytes.LastIndexByte(value, '>')
	if i < 0 {
		return string(value), 0, time.Time{}
	}
	fields := bytes.Fields(value[i+1:])
	if len(fields) == 0 {
		return string(value[:i+1]), 0, time.Time{}
	}
	sec, err := strconv.ParseInt(string(fields[0]), 10, 64)
	if err != nil {
		return string(value[:i+1]), 0, time.Time{}
	}
	zone := time.UTC
	if len(fields) > 1 {
		if n, err := strconv.Atoi(string(fields[1])); err == nil && n > -2400 && n < 2400 {
			zone = time.FixedZone("", (n/100*60+n%100)*60)
		}
	}
	return string(value[:i+1]), sec, time.Unix(sec, 0).In(zone)
}
