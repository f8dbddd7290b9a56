package report

import (
	"net/url"
	"path"
	"strings"
)

// Repository describes the scanned repository, for links to it.
type Repository struct {
	URI      string `json:"uri,omitempty"`      // of the remote, without credentials
	Revision string `json:"revision,omitempty"` // the checked-out commit
	Branch   string `json:"branch,omitempty"`
	Prefix   string `json:"prefix,omitempty"` // the directory, from the top of the repository, that paths of files are relative to

	BranchBytes string `json:"branch_bytes,omitempty"`
	PrefixBytes string `json:"prefix_bytes,omitempty"`
}

// RepositoryURI converts the URL of a git remote, in any form that git accepts, to a URI
// without user, password, query and fragment. It returns "" for a remote on this machine.
func RepositoryURI(remote string) string {
	if host, path, ok := strings.Cut(remote, ":"); ok && !strings.Contains(host, "/") && !strings.HasPrefix(path, "//") && len(host) > 1 {
		remote = "ssh://" + host + "/" + strings.TrimPrefix(path, "/") // the form of scp
	}
	u, err := url.Parse(remote)
	if err != nil || u.Host == "" {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimSuffix(u.Path, ".git")}).String()
}

// fromTop returns the path from the top of the repository. If there is none, it returns
// commit/ID, tag/NAME or object/ID. An absolute path is unchanged.
func (f *Finding) fromTop(r *Repository) string {
	switch h := f.History; {
	case f.Path != "" && (h != nil || r == nil || isAbsolute(f.Path)):
		return f.Path
	case f.Path != "":
		return path.Join(r.Prefix, f.Path)
	case h != nil && h.Message && h.Commit != "":
		return "commit/" + h.Commit
	case h != nil && h.Message:
		return "tag/" + h.Tag
	}
	return "object/" + f.Object
}

func isAbsolute(path string) bool {
	return strings.HasPrefix(path, "/") || len(path) > 2 && path[1] == ':' && path[2] == '/'
}

// uri returns a path as a relative reference (RFC 3986), or an absolute path as a file
// URI.
func uri(path string) string {
	var b strings.Builder
	if isAbsolute(path) {
		b.WriteString("file://")
		if path[0] != '/' {
			b.WriteByte('/')
		}
	}
	const hex = "0123456789ABCDEF"
	for i := range len(path) {
		switch c := path[i]; {
		case 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', '0' <= c && c <= '9', strings.IndexByte("-._~/", c) >= 0:
			b.WriteByte(c)
		default:
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}
