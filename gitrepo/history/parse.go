package history

import (
	"bytes"
	"strconv"
	"time"

	"github.com/keyguard/keyguard/internal/pack"
)

// treeEntry is an entry of a tree object: "mode name\0ID", where ID is binary.
type treeEntry struct {
	mode []byte // octal, without the leading zeros that some programs write
	name []byte
	sum  []byte // binary ID
	end  int    // offset of the next entry
}

// nextEntry reads the entry at offset off of a tree, whose IDs have size bytes.
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

// isGitlink reports whether e is the commit of a submodule, which is in another
// repository.
func (e *treeEntry) isGitlink() bool { return string(e.mode) == "160000" }

// commitHeader is the header of a commit object.
type commitHeader struct {
	tree    pack.ID
	parents []pack.ID
	author  person
	time    int64 // commit time in seconds since 1970
}

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
			h.author = value
			h.time = h.author.seconds()
		case "committer":
			h.time = person(value).seconds()
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

// person is an author or committer with a time: "Name <address> seconds zone".
type person []byte

// parts splits p. The time is empty if p has no time.
func (p person) parts() (who, seconds, zone []byte) {
	i := bytes.LastIndexByte(p, '>')
	if i < 0 {
		return p, nil, nil
	}
	seconds, zone, _ = bytes.Cut(bytes.TrimSpace(p[i+1:]), []byte{' '})
	return p[:i+1], seconds, bytes.TrimSpace(zone)
}

func (p person) who() string {
	who, _, _ := p.parts()
	return string(who)
}

// seconds returns the time in seconds since 1970, or 0 if p has no time.
func (p person) seconds() int64 {
	_, digits, _ := p.parts()
	sec, err := strconv.ParseInt(string(digits), 10, 64)
	if err != nil {
		return 0
	}
	return sec
}

// date returns the time in its zone, or the zero time if p has no time.
func (p person) date() time.Time {
	_, digits, hours := p.parts()
	if _, err := strconv.ParseInt(string(digits), 10, 64); err != nil {
		return time.Time{}
	}
	zone := time.UTC
	if n, err := strconv.Atoi(string(hours)); err == nil && n > -2400 && n < 2400 {
		zone = time.FixedZone("", (n/100*60+n%100)*60)
	}
	return time.Unix(p.seconds(), 0).In(zone)
}
