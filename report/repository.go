package report

import (
	"net/url"
	"path"
	"strings"
)

// Repository is what was scanned, as far as formats link to it.
type Repository struct {
	URI      string `json:"uri,omitempty"`      // of the remote, without credentials
	Revision string `json:"revision,omitempty"` // the commit that is checked out
	Branch   string `json:"branch,omitempty"`
	Prefix   string `json:"prefix,omitempty"` // the folder from the repository's top that paths of files start in

	BranchBytes string `json:"branch_bytes,omitempty"`
	PrefixBytes string `json:"prefix_bytes,omitempty"`
}

// RepositoryURI turns the URL of a git remote, in any of git's forms, into a URI
// that may be published: without user, password, query and fragment. It is
// empty if url is not one of another machine's.
func RepositoryURI(remote string) string {
	if host, path, ok := strings.Cut(remote, ":"); ok && !strings.Contains(host, "/") && !strings.HasPrefix(path, "//") && len(host) > 1 {
		remote = "ssh://" + host + "/" + strings.TrimPrefix(path, "/") // scp's form
	}
	u, err := url.Parse(remote)
	if err != nil || u.Host == "" {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimSuffix(u.Path, ".git")}).String()
}

// fromTop returns the finding's path as seen from the top of the repository.
// What has no path gets a name in the way of one: commit/ID, tag/NAME or
// object/ID. An absolute path stays.
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

// uri is a path as a relative reference of RFC 3986, or as a file: URI if it
// is absolute.
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
