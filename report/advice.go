package report

import (
	"fmt"
	"path"
	"strings"
	"unicode"
)

// Advice returns one sentence on how to remove the need for a credential in the file
// name. family is the family of its rule: for AWS the advice prefers temporary
// credentials. Commands contain the name as a pathspec; below reports that they run in a
// subdirectory while name starts at the top of the repository.
func Advice(name, family string, below bool) string {
	lower := strings.ToLower(name)
	base, ext := path.Base(lower), path.Ext(lower)
	for _, a := range advice() {
		text := a.text
		if a.aws != "" && family == aws {
			text = a.aws
		}
		if text != "" && a.fits(lower, base, ext) {
			return strings.Replace(text, "{file}", pathspec(name, below), 1)
		}
	}
	return "read it from the environment or a secret store"
}

// aws is the family of rules with advice of its own.
const aws = "aws"

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
	fits func(name, base, ext string) bool
	text string // for any credential; {file} is replaced by the name
	aws  string // for those of AWS, if that is different
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
		{contains("commit_editmsg"), "remove it from the message, which git kept: git commit -e -F \"$(git rev-parse --git-path COMMIT_EDITMSG)\"", ""},
		{contains("merge_msg"), "remove it from the message, which git kept: git commit -e", ""},
		{contains(".github/workflows/", ".github/actions/"), "keep it in a secret of the repository or an environment, and use ${{ secrets.NAME }}",
			"let the workflow assume a role: aws-actions/configure-aws-credentials with role-to-assume (OIDC)"},
		{contains(".gitlab-ci", ".circleci/", "bitbucket-pipelines", "azure-pipelines", "jenkinsfile", ".travis.yml", ".drone.yml", "buildkite"),
			"keep it in a protected variable of the CI system", "keep it in a protected variable of the CI system, or assume a role with OIDC"},
		{contains(".aws/", ".boto", ".s3cfg", ".passwd-s3fs", "rclone.conf", "awscredentials"), "",
			"this file is personal: git rm --cached {file}, add it to .gitignore, and use aws sso login"},
		{contains("accesskeys.csv", "credentials.csv", "rootkey.csv"), "",
			"the console's download does not belong in a repository: import it with aws configure import, and delete it"},
		{contains("dockerfile", "containerfile"), "pass it at run time, or with docker build --secret; ENV and ARG stay in the image", ""},
		{ext(".tfstate"), "keep state in a remote backend with encryption and out of git", "keep state in a remote backend (S3 with encryption) and out of git"},
		{ext(".pem .key .ppk .p8"), "git rm --cached {file}, add it to .gitignore, and replace the key: a shared key is not private", ""},
		{contains("id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"), "git rm --cached {file}, and create a new key for its owner: ssh-keygen", ""},
		{ext(".tf .tfvars .hcl"), "read it from a variable of the environment (TF_VAR_name) or a secret store; state and plans contain it too",
			"remove the keys from the provider: it reads AWS_PROFILE, SSO and roles by itself"},
		{contains("docker-compose", "compose.y"), "put it in an env_file that git ignores, or in secrets", "put it in an env_file that git ignores, or mount ~/.aws read-only"},
		{env, "git rm --cached {file}, add it to .gitignore, and commit an .env.example without values", ""},
		{contains("application.y", "application.properties", "bootstrap.y"), "refer to a variable of the environment: ${NAME}",
			"leave the keys out: Spring Cloud AWS uses the default provider chain"},
		{contains("k8s", "kube", "helm", "chart", "manifests", "deployment.y"), "keep it in a secret store, with External Secrets or Sealed Secrets; a Secret in git is not secret",
			"use IRSA or EKS Pod Identity for the service account; a Secret in git is not secret"},
		{ext(".ipynb"), "read it from the environment, remove it from the code, and clear the cells' outputs",
			"remove it from the code, because boto3 finds profiles, SSO and roles by itself, and clear the cells' outputs"},
		{ext(".py"), "", "remove the key arguments: boto3 finds profiles, SSO and roles by itself"},
		{ext(".go .js .ts .mjs .cjs .java .kt .scala .rb .php .cs .rs .swift"), "",
			"remove the key arguments: the SDK's default credential chain finds profiles, SSO and roles"},
		{ext(".sh .bash .zsh .fish .ps1 .bat"), "read it from a file that git ignores, or from a secret store", "use AWS_PROFILE or aws sso login instead of exported keys"},
		{anyFile, "", "read it from the environment, an AWS profile or Secrets Manager; a role needs no key"},
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
