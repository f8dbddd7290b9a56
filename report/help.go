package report

import (
	"fmt"
	"strings"

	"github.com/keyguard/keyguard/patterns"
)

// help is what to do about a leak of a kind, in Markdown, a step a line.
func help(kind patterns.Kind) []string {
	rotate := []string{
		"Take it for leaked, even if it was pushed for a minute only. Deleting the line does not help: history keeps it.",
		"If AWS has attached `AWSCompromisedKeyQuarantineV3` or the like to the user, switch the key off first: the policy does not stop a stranger, but hits a new key of that user as well. Use another user's credentials, and lift it last.",
		"Make a new key and put it to use: `aws iam create-access-key --user-name NAME`, of another user if this one is quarantined.",
		"Switch the old one off, and look whether anything breaks: `aws iam update-access-key --access-key-id ID --status Inactive --user-name NAME`.",
		"See in CloudTrail what it was used for since it leaked.",
		"Delete it: `aws iam delete-access-key --access-key-id ID --user-name NAME`.",
	}
	switch kind {
	case patterns.AccessKeyID:
		return []string{
			"An id alone opens nothing. Look for its secret: other files, other versions of this file, the CI system's logs.",
			"If the secret may be out as well, rotate the key; `keyguard inspect ID` lists the commands.",
			"Take the id out of the repository, or allow it with a comment: `keyguard:allow reason=…`.",
		}
	case patterns.Token:
		return []string{
			"A session token ends by itself within 36 hours, but is of use until then to who also has its id and secret.",
			"Revoke the role's sessions: IAM console, the role, *Revoke sessions*.",
			"Take it out of the repository, and let programs get their own by a role or `aws sso login`.",
		}
	case patterns.APIKey:
		return []string{
			"It works on its own: take it for leaked. Deleting the line does not help: history keeps it.",
			"Reset or delete it where it was made, and give its users a new one by way of a secret store.",
			"See in the logs what it was used for since it leaked.",
		}
	case patterns.KeyPair, patterns.SecretKey:
		return append(rotate, "Do without keys where that is possible: a role, IAM Identity Center (`aws sso login`), OIDC in CI.")
	}
	return []string{
		"Take what is in it for leaked, and renew it where it was made. Deleting it does not help: history keeps it.",
		"Take it out of the repository, and add its name to `.gitignore`.",
	}
}

// helpText returns the help for a kind as plain text and as Markdown.
func helpText(title string, kind patterns.Kind) (text, markdown string) {
	var t, m strings.Builder
	fmt.Fprintf(&m, "**%s: what to do**\n\n", title)
	for i, step := range help(kind) {
		fmt.Fprintf(&t, "%d. %s\n", i+1, strings.NewReplacer("`", "", "*", "").Replace(step))
		fmt.Fprintf(&m, "%d. %s\n", i+1, step)
	}
	return t.String(), m.String()
}
