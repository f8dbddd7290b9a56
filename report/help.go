package report

import (
	"fmt"
	"strings"

	"github.com/keyguard/keyguard/patterns"
)

// help returns the steps after a leak of a kind, in Markdown. Pairs and session tokens of
// other families than AWS are treated as keys that grant access alone.
func help(kind patterns.Kind, family string) []string {
	if family != aws && kind != patterns.Sensitive {
		kind = patterns.APIKey
	}
	rotate := []string{
		"Treat it as leaked, even if it was pushed only for a minute. Deleting the line does not help: history contains it.",
		"If AWS has attached a policy such as `AWSCompromisedKeyQuarantineV3` to the user, deactivate the key first: the policy does not stop an attacker, but also restricts a new key of that user. Use the credentials of another user, and detach the policy last.",
		"Create a new key and use it: `aws iam create-access-key --user-name NAME`, for another user if this one is quarantined.",
		"Deactivate the old key, and check that nothing fails: `aws iam update-access-key --access-key-id ID --status Inactive --user-name NAME`.",
		"Check its use since the leak in CloudTrail.",
		"Delete it: `aws iam delete-access-key --access-key-id ID --user-name NAME`.",
	}
	switch kind {
	case patterns.AccessKeyID:
		return []string{
			"A key ID grants no access alone. Search for its secret in other files, other versions of this file and the logs of the CI system.",
			"If the secret may have leaked too, rotate the key; `keyguard inspect ID` lists the commands.",
			"Remove the ID from the repository, or allow it with a comment: `keyguard:allow reason=…`.",
		}
	case patterns.Token:
		return []string{
			"A session token expires within 36 hours. Until then it grants access together with its key ID and secret.",
			"Revoke the role's sessions: IAM console, the role, *Revoke sessions*.",
			"Remove it from the repository, and let programs get their own with a role or `aws sso login`.",
		}
	case patterns.APIKey:
		return []string{
			"It grants access alone: treat it as leaked. Deleting the line does not help: history contains it.",
			"Reset or delete it in the service that issued it, and distribute a new one through a secret store.",
			"Check its use since the leak in the logs.",
		}
	case patterns.KeyPair, patterns.SecretKey:
		return append(rotate, "Avoid keys where possible: use a role, IAM Identity Center (`aws sso login`), OIDC in CI.")
	}
	return []string{
		"Treat its contents as leaked, and replace them in the services that issued them. Deleting the file does not help: history contains it.",
		"Remove it from the repository, and add its name to `.gitignore`.",
	}
}

// helpText returns the help for a kind as plain text and as Markdown.
func helpText(title string, kind patterns.Kind, family string) (text, markdown string) {
	var t, m strings.Builder
	fmt.Fprintf(&m, "**%s: next steps**\n\n", title)
	for i, step := range help(kind, family) {
		fmt.Fprintf(&t, "%d. %s\n", i+1, strings.NewReplacer("`", "", "*", "").Replace(step))
		fmt.Fprintf(&m, "%d. %s\n", i+1, step)
	}
	return t.String(), m.String()
}
