package inspect

import (
	"fmt"
	"strings"
	"time"

	"github.com/keyguard/keyguard/patterns"
)

// Step is a step after a leak: one or two sentences, and AWS CLI commands. The reader
// replaces USER, ROLE and similar words.
type Step struct {
	Text     string
	Commands []string
}

// Steps returns the next steps in order. The policies in them revoke sessions that
// started before now.
func (c Credential) Steps(now time.Time) []Step {
	if c.Harmless != "" {
		return []Step{{Text: "Nothing to do: it grants no access."}}
	}
	if c.Canary != "" {
		return []Step{{Text: "Do not use or verify it. Inform your security team: it was placed on purpose, by a person or a service."}}
	}
	switch c.class {
	case longTerm:
		return c.rotate(now)
	case temporary:
		return c.revoke(now)
	case bearer:
		return []Step{{Text: "Nothing to do: it is the ID of a token, not the token, and expires."}}
	case identifier:
		return []Step{{Text: "Nothing to do: it is an identifier, like a name. It has no secret and cannot sign requests."}}
	case serviceCredential, bedrockLong:
		return c.replaceServiceCredential()
	case bedrockShort:
		return c.endBedrock(now)
	case loneSecret:
		return []Step{{
			"Find its key ID in nearby files, in history, or among the keys of its likely users. Then run keyguard inspect ID for the steps to rotate it.",
			[]string{"keyguard scan --history", "aws iam list-access-keys --user-name USER"},
		}}
	case loneToken:
		return []Step{{Text: "Find its key ID, which starts with ASIA, and run keyguard inspect ID for the steps to end the session. Without key ID and secret the token grants no access."}}
	}
	if r := c.revocation; r != nil {
		return ruleSteps(r)
	}
	return []Step{{Text: "Revoke it in the service that issued it, keep the new one out of the repository, and check its use in the logs of the service."}}
}

// ruleSteps returns the steps that a rule names.
func ruleSteps(r *patterns.Revoke) []Step {
	step := Step{Text: r.Text}
	if step.Text == "" {
		step.Text = "Create a new one, install it, and revoke this one."
	}
	if r.Page != "" {
		step.Text += " See " + r.Page
	}
	for _, line := range []string{r.Command, r.API} {
		if line != "" {
			step.Commands = append(step.Commands, strings.Split(strings.TrimSpace(line), "\n")...)
		}
	}
	return []Step{step}
}

// rotate replaces a long-term key without an interruption.
func (c Credential) rotate(now time.Time) []Step {
	id := c.ID
	whose := []string{lastUsed(id)}
	if c.Account == "" {
		whose = append([]string{"aws sts get-access-key-info --access-key-id " + id}, whose...)
	}
	return []Step{
		{"Find its user, and when and where it was last used. This requires credentials of the account that may read IAM.", whose},
		{"If no user has it, it belongs to the root user (the command prints 1 if such a key exists). Do not replace it: sign in as root, open Security credentials, deactivate it, then delete it.",
			[]string{"aws iam get-account-summary --query SummaryMap.AccountAccessKeysPresent"}},
		{"Check whether AWS has quarantined the user (with a policy whose name starts with " + quarantine + "). The policy restricts all keys of the user, including a new one, and prevents the user from changing its keys: use other credentials for all steps, and create the replacement key for another user. The policy does not stop an attacker: do step 8 now.",
			[]string{"aws iam list-attached-user-policies --user-name USER"}},
		{"Check whether it was misused: CloudTrail keeps 90 days, separately for each region. If so, or if the key is public, do step 8 now and the rest after it.",
			[]string{lookup(id)}},
		{"Create a replacement key, unless a role or IAM Identity Center can replace it. A user has at most two keys; if the user is quarantined, use another user.",
			[]string{"aws iam list-access-keys --user-name USER", "aws iam create-access-key --user-name USER"}},
		{"Install the replacement key wherever the old key is used, and check that it works.",
			[]string{"aws configure --profile new", "aws sts get-caller-identity --profile new"}},
		{"Wait until nothing uses the old key: the date must not change. CloudTrail lists its uses, see step 4.",
			[]string{lastUsed(id)}},
		{"Deactivate it. If something fails, --status Active reverts this.",
			[]string{"aws iam update-access-key --user-name USER --access-key-id " + id + " --status Inactive"}},
		{"Delete it after some days without failures.",
			[]string{"aws iam delete-access-key --user-name USER --access-key-id " + id}},
		{"If it was misused: sessions created with it outlive it by up to 36 hours. Revoke the sessions of the user; for sessions of roles, run keyguard inspect with their ASIA key ID.",
			[]string{revokeFrom("user", now)}},
		{"If the user was quarantined: detach the policy last, after the key is deleted and its sessions have ended. Step 3 prints the ARN.",
			[]string{"aws iam detach-user-policy --user-name USER --policy-arn arn:aws:iam::aws:policy/" + quarantine + "V3"}},
	}
}

// quarantine is the prefix of the policies that AWS attaches to a user whose key is
// public.
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCompromisedKeyQuarantineV3.html
const quarantine = "AWSCompromisedKeyQuarantine"

// revoke ends the sessions of a role or user.
func (c Credential) revoke(now time.Time) []Step {
	whose := []string{lookup(c.ID)}
	if c.Account == "" {
		whose = append([]string{"aws sts get-access-key-info --access-key-id " + c.ID}, whose...)
	}
	return []Step{
		{"Find its role or user, and its actions. CloudTrail keeps 90 days, separately for each region.", whose},
		{"If it belongs to a role: deny everything to sessions issued until now. Programs that run with the role fetch new keys automatically. (Change a role whose name starts with AWSReservedSSO_ through its permission set in IAM Identity Center.)",
			[]string{revokeFrom("role", now)}},
		{"If it belongs to a user (GetSessionToken): do the same for the user, and rotate the long-term key that created it, if that leaked too.",
			[]string{revokeFrom("user", now)}},
		{"The key itself cannot be deactivated or deleted; it expires within 36 hours. Remove the policy after that.",
			[]string{
				"aws iam delete-role-policy --role-name ROLE --policy-name " + revocation,
				"aws iam delete-user-policy --user-name USER --policy-name " + revocation,
			}},
	}
}

// revocation is the name of such a policy in the IAM console.
const revocation = "AWSRevokeOlderSessions"

// revokeFrom returns the command that denies everything to the sessions of a
// "role" or a "user" that were issued until now.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
func revokeFrom(owner string, now time.Time) string {
	return fmt.Sprintf(`aws iam put-%s-policy --%[1]s-name %s --policy-name %s --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:TokenIssueTime":"%s"}}}]}'`,
		owner, strings.ToUpper(owner), revocation, now.UTC().Format(time.RFC3339))
}

func lastUsed(id string) string { return "aws iam get-access-key-last-used --access-key-id " + id }

func lookup(id string) string {
	return "aws cloudtrail lookup-events --lookup-attributes AttributeKey=AccessKeyId,AttributeValue=" + id
}

// replaceServiceCredential rotates a service-specific credential of IAM.
func (c Credential) replaceServiceCredential() []Step {
	id, user, service := "ACCA…", "USER", "SERVICE.amazonaws.com"
	if c.class == bedrockLong {
		service = "bedrock.amazonaws.com"
	}
	if c.ID != "" {
		id = c.ID
	}
	if c.User != "" {
		user = c.User
	}
	name := " --user-name " + user + " --service-specific-credential-id " + id
	list := "aws iam list-service-specific-credentials --all-users"
	if c.class == bedrockLong {
		list += " --service-name " + service
	}
	return []Step{
		{"Find the ID and the user of the credential.", []string{list}},
		{"Create a replacement, and install it wherever the old one is used. For Bedrock, short-term keys or a role need no rotation.",
			[]string{"aws iam create-service-specific-credential --user-name " + user + " --service-name " + service}},
		{"Deactivate the old one. --status Active reverts this.", []string{"aws iam update-service-specific-credential" + name + " --status Inactive"}},
		{"Delete it after some days without failures.", []string{"aws iam delete-service-specific-credential" + name}},
	}
}

// endBedrock ends a short-term key, which expires with the session that signed it.
func (c Credential) endBedrock(now time.Time) []Step {
	if !c.Expires.IsZero() && now.After(c.Expires) {
		return []Step{{Text: "Nothing to do: it has expired. Find out why it was stored; the next one may leak before it expires."}}
	}
	signer, err := ParseID(c.ID)
	if err != nil {
		return []Step{{Text: "It expires within 12 hours. To revoke it earlier, revoke the sessions of the role that signed it."}}
	}
	return append([]Step{{Text: "It expires with the session that signed it, within 12 hours. To revoke it now:"}}, signer.Steps(now)...)
}
