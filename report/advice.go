package report

import (
	"fmt"
	"path"
	"strings"
	"unicode"
)

// Advice says in a sentence how to do without the credential in a file of that
// name: AWS's own ways, temporary credentials before everything else. Commands name the
// file for git; below says that they are run in a folder, and the name is from the top.
func Advice(name string, below bool) string {
	lower := strings.ToLower(name)
	base, ext := path.Base(lower), path.Ext(lower)
	for _, a := range advice() {
		if a.fits(lower, base, ext) {
			return strings.Replace(a.text, "{file}", pathspec(name, below), 1)
		}
	}
	return "take it from the environment, an AWS profile or Secrets Manager; a role needs no key at all"
}

// pathspec is a file's name as an argument of git that can be pasted into any shell,
// or "the file" where that cannot be had: a name may be made to run a command.
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

type layout struct {
	fits func(name, base, ext string) bool
	text string // with {file} for the file's name
}

// advice lists the layouts, the more special first.
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
	return []layout{
		{contains("commit_editmsg"), "take it out of the message, which git kept: git commit -e -F \"$(git rev-parse --git-path COMMIT_EDITMSG)\""},
		{contains("merge_msg"), "take it out of the message, which git kept: git commit -e"},
		{contains(".github/workflows/", ".github/actions/"), "let the workflow assume a role: aws-actions/configure-aws-credentials with role-to-assume (OIDC)"},
		{contains(".gitlab-ci", ".circleci/", "bitbucket-pipelines", "azure-pipelines", "jenkinsfile", ".travis.yml", ".drone.yml", "buildkite"), "keep it in the CI system's protected variables, or assume a role by OIDC"},
		{contains(".aws/", ".boto", ".s3cfg", ".passwd-s3fs", "rclone.conf", "awscredentials"), "this file is personal: git rm --cached {file}, add it to .gitignore, and use aws sso login"},
		{contains("accesskeys.csv", "credentials.csv", "rootkey.csv"), "the console's download has no place in a repository: delete it, import it with aws configure import"},
		{contains("dockerfile", "containerfile"), "pass it at run time, or with docker build --secret; ENV and ARG stay in the image"},
		{ext(".tfstate"), "keep state in a remote backend (S3 with encryption) and out of git"},
		{ext(".pem .key .ppk .p8"), "git rm --cached {file}, add it to .gitignore, and replace the key: one that was shared is not private"},
		{contains("id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"), "git rm --cached {file}, and make a new key for its owner: ssh-keygen"},
		{ext(".tf .tfvars .hcl"), "remove the keys from the provider: it reads AWS_PROFILE, SSO and roles by itself"},
		{contains("docker-compose", "compose.y"), "put it in an env_file that git ignores, or mount ~/.aws read-only"},
		{func(_, base, _ string) bool {
			return strings.HasPrefix(base, ".env") || strings.HasSuffix(base, ".env")
		}, "git rm --cached {file}, add it to .gitignore, and commit an .env.example without values"},
		{contains("application.y", "application.properties", "bootstrap.y"), "leave the keys out: Spring Cloud AWS uses the default provider chain"},
		{contains("k8s", "kube", "helm", "chart", "manifests", "deployment.y"), "use IRSA or EKS Pod Identity for the service account; a Secret in git is no secret"},
		{ext(".ipynb"), "drop it from the code, where boto3 finds profiles, SSO and roles by itself, and clear the cells' outputs"},
		{ext(".py"), "drop the key arguments: boto3 finds profiles, SSO and roles by itself"},
		{ext(".go .js .ts .mjs .cjs .java .kt .scala .rb .php .cs .rs .swift"), "drop the key arguments: the SDK's default credential chain finds profiles, SSO and roles"},
		{ext(".sh .bash .zsh .fish .ps1 .bat"), "use AWS_PROFILE or aws sso login in place of exported keys"},
	}
}

// unpushed is what to do about a key in a commit that no remote has: there
// alone, rewriting history helps.
func unpushed(h *History) string {
	switch {
	case h.Commit != "":
		id := short(h.Commit)
		return fmt.Sprintf("take it out of commit %s: git commit --amend if that is the last one, else git rebase -i %[1]s^", id)
	case h.Tag != "":
		return "make the tag anew without it: git tag -f -a " + fileName(h.Tag)
	}
	return "leave out of the push what holds it"
}
