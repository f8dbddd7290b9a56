package report

import (
	"cmp"
	"fmt"
	"path"
	"strings"
	"unicode"

	"github.com/keyguard/keyguard/patterns"
)

// Advice returns one sentence on how to remove the need for a credential in the file
// name. The texts of the family of its rule take precedence. Commands contain the name as a pathspec; below reports that they run in a
// subdirectory while name starts at the top of the repository.
func Advice(name, family string, below bool) string {
	lower := strings.ToLower(name)
	base, ext := path.Base(lower), path.Ext(lower)
	own := patterns.FamilyOf(family)
	for _, a := range advice() {
		if text := cmp.Or(own.Advice[a.name], a.text); text != "" && a.fits(lower, base, ext) {
			return strings.Replace(text, "{file}", pathspec(name, below), 1)
		}
	}
	return "read it from the environment or a secret store"
}

// pathspec returns a file name as an argument of git for any shell, or "the file" for a
// name that a shell could interpret.
func pathspec(name string, below bool) string {
	foreign := func(r rune) bool { return !unicode.IsPrint(r) || strings.ContainsRune("\"$`\\!%^\ufffd", r) }
	special := func(r rune) bool { return !unicode.In(r, unicode.L, unicode.N) && !strings.ContainsRune("_./+-", r) }
	top, magic := "", ":(literal)" // gitglossary(7), pathspec
	if below {
		top, magic = ":/", ":(top,literal)"
	}
	switch {
	case name == "" || strings.ContainsFunc(name, foreign):
		return "the file"
	case name[0] == '-' || name[0] == ':' || strings.ContainsAny(name, "*?["):
		return `"` + magic + name + `"`
	case strings.ContainsFunc(name, special):
		return `"` + top + name + `"`
	}
	return top + name
}

// layout is a kind of file with advice for it.
type layout struct {
	name string // of the text of a family, which takes precedence
	fits func(name, base, ext string) bool
	text string // {file} is replaced by the name; may be empty
}

// advice returns the layouts in order of precedence.
func advice() []layout {
	contains := func(parts ...string) func(string, string, string) bool {
		return func(name, _, _ string) bool {
			for _, p := range parts {
				if strings.Contains(name, p) {
					return true
				}
			}
			return false
		}
	}
	ext := func(exts string) func(string, string, string) bool {
		return func(_, _, ext string) bool { return ext != "" && strings.Contains(" "+exts+" ", " "+ext+" ") }
	}
	env := func(_, base, _ string) bool {
		return strings.HasPrefix(base, ".env") || strings.HasSuffix(base, ".env")
	}
	anyFile := func(_, _, _ string) bool { return true }
	return []layout{
		{"commit-message", contains("commit_editmsg"), "remove it from the message, which git kept: git commit -e -F \"$(git rev-parse --git-path COMMIT_EDITMSG)\""},
		{"merge-message", contains("merge_msg"), "remove it from the message, which git kept: git commit -e"},
		{"github-actions", contains(".github/workflows/", ".github/actions/"), "keep it in a secret of the repository or an environment, and use ${{ secrets.NAME }}"},
		{"ci", contains(".gitlab-ci", ".circleci/", "bitbucket-pipelines", "azure-pipelines", "jenkinsfile", ".travis.yml", ".drone.yml", "buildkite"), "keep it in a protected variable of the CI system"},
		{"credentials-file", contains(".aws/", ".boto", ".s3cfg", ".passwd-s3fs", "rclone.conf", "awscredentials"), ""},
		{"console-download", contains("accesskeys.csv", "credentials.csv", "rootkey.csv"), ""},
		{"dockerfile", contains("dockerfile", "containerfile"), "pass it at run time, or with docker build --secret; ENV and ARG stay in the image"},
		{"terraform-state", ext(".tfstate"), "keep state in a remote backend with encryption and out of git"},
		{"key-file", ext(".pem .key .ppk .p8"), "git rm --cached {file}, add it to .gitignore, and replace the key: a shared key is not private"},
		{"ssh-key", contains("id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"), "git rm --cached {file}, and create a new key for its owner: ssh-keygen"},
		{"terraform", ext(".tf .tfvars .hcl"), "read it from a variable of the environment (TF_VAR_name) or a secret store; state and plans contain it too"},
		{"compose", contains("docker-compose", "compose.y"), "put it in an env_file that git ignores, or in secrets"},
		{"env", env, "git rm --cached {file}, add it to .gitignore, and commit an .env.example without values"},
		{"spring", contains("application.y", "application.properties", "bootstrap.y"), "refer to a variable of the environment: ${NAME}"},
		{"kubernetes", contains("k8s", "kube", "helm", "chart", "manifests", "deployment.y"), "keep it in a secret store, with External Secrets or Sealed Secrets; a Secret in git is not secret"},
		{"notebook", ext(".ipynb"), "read it from the environment, remove it from the code, and clear the cells' outputs"},
		{"python", ext(".py"), ""},
		{"code", ext(".go .js .ts .mjs .cjs .java .kt .scala .rb .php .cs .rs .swift"), ""},
		{"shell", ext(".sh .bash .zsh .fish .ps1 .bat"), "read it from a file that git ignores, or from a secret store"},
		{"any", anyFile, ""},
	}
}

// unpushed returns the advice for a commit or tag that no remote contains: rewriting
// history helps only there.
func unpushed(h *History) string {
	switch {
	case h.Commit != "":
		id := short(h.Commit)
		return fmt.Sprintf("remove it from commit %s: git commit --amend for the last commit, otherwise git rebase -i %[1]s^", id)
	case h.Tag != "":
		return "recreate the tag without it: git tag -f -a " + fileName(h.Tag)
	}
	return "do not push the object that contains it"
}
