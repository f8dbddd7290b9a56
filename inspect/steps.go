package inspect

import (
	"fmt"
	"strings"
	"time"
)

// Step is one of the things to do, in order: a sentence or two, and commands of
// the AWS CLI. USER, ROLE and the like are for the reader to fill in.
type Step struct {
	Text     string
	Commands []string
}

// Steps says what to do next. now ends the sessions that its policies revoke.
func (c Credential) Steps(now time.Time) []Step {
	if c.Harmless != "" {
		return []Step{{Text: "Nothing: it opens nothing."}}
	}
	if c.Canary != "" {
		return []Step{{Text: "Do not use or verify it. Tell whoever looks after your security: somebody laid it out on purpose, or took it from a service that does."}}
	}
	switch c.class {
	case longTerm:
		return c.rotate(now)
	case temporary:
		return c.revoke(now)
	case bearer:
		return []Step{{Text: "Nothing: it is the id of a token, not the token, and expires by itself."}}
	case identifier:
		return []Step{{Text: "Nothing: it is an identifier, as a name is. It signs no request, and there is no secret to it."}}
	case serviceCredential, bedrockLong:
		return c.replaceServiceCredential()
	case bedrockShort:
		return c.endBedrock(now)
	case loneSecret:
		return []Step{{
			"Find its id: the files and the history around it, or the keys of the users that it may belong to. Then keyguard inspect ID tells how to rotate it.",
			[]string{"keyguard scan --history", "aws iam list-access-keys --user-name USER"},
		}}
	case loneToken:
		return []Step{{Text: "Find its id, which begins with ASIA; keyguard inspect ID then tells how to end the session. Without id and secret the token opens nothing."}}
	}
	if step, ok := byRule()[c.ruleID]; ok {
		return []Step{step}
	}
	return []Step{{Text: "Revoke it where it was issued, put its successor out of the repository, and check in the service's logs who used it."}}
}

// byRule is what there is to do about what has no id, by the rule that found it.
func byRule() map[string]Step {
	smtp := Step{Text: "It is made from a secret access key, whose id is the SMTP user name: rotate that key, see keyguard inspect ID, and make the new password from the new key."}
	return map[string]Step{
		"aws-ses-smtp-password":       smtp,
		"aws-ses-smtp-password-named": smtp,
		"aws-ecr-token":               {Text: "It expires 12 hours after it was issued. To end it before, revoke the sessions of the role that asked for it, or rotate the user's key."},
		"aws-sso-token":               {"End the session. If the file is not yours, an administrator does so: IAM Identity Center, Users, Active sessions.", []string{"aws sso logout"}},
		"aws-sso-client-secret":       {"It expires within 90 days, and opens something only with a token of the same file: end that session.", []string{"aws sso logout"}},
		"aws-appsync-api-key":         {"If it is not meant to be public, make another and delete this one.", []string{"aws appsync create-api-key --api-id API", "aws appsync delete-api-key --api-id API --id KEY"}},
		"aws-api-gateway-key":         {"Make another, put it in the usage plan, and delete this one.", []string{"aws apigateway get-api-keys", "aws apigateway create-api-key --name NAME --enabled", "aws apigateway delete-api-key --api-key ID"}},
		"aws-mws-token":               {Text: "Nothing, as a rule: the service was closed in 2024."},
	}
}

// rotate replaces a long-term key without an interruption.
func (c Credential) rotate(now time.Time) []Step {
	id := c.ID
	whose := []string{lastUsed(id)}
	if c.Account == "" {
		whose = append([]string{"aws sts get-access-key-info --access-key-id " + id}, whose...)
	}
	return []Step{
		{"Find its user, and when and where it was last used. Any credentials of the account will do that may read IAM.", whose},
		{"If no user has it, it is the root user's (a 1 says that there is such a key). Give it no successor: sign in as root, open Security credentials, deactivate it, then delete it.",
			[]string{"aws iam get-account-summary --query SummaryMap.AccountAccessKeysPresent"}},
		{"Look whether AWS has quarantined the user (a policy whose name begins with " + quarantine + "). It denies much to every key of the user, the successor included, and to the user any change of its own keys: take all steps with other credentials, and put a successor on another user. It is no stop either: do step 8 now.",
			[]string{"aws iam list-attached-user-policies --user-name USER"}},
		{"Look whether somebody misused it: CloudTrail keeps 90 days, each region its own. If so, or if the key is public, do step 8 now and the rest after it.",
			[]string{lookup(id)}},
		{"Make its successor, if a role or IAM Identity Center cannot take its place. A user has at most two keys; one that is quarantined needs another user.",
			[]string{"aws iam list-access-keys --user-name USER", "aws iam create-access-key --user-name USER"}},
		{"Put the successor wherever the old key is used, and check that it works.",
			[]string{"aws configure --profile new", "aws sts get-caller-identity --profile new"}},
		{"Wait until nothing uses the old key: the date must stand still. What does is in CloudTrail, see step 4.",
			[]string{lastUsed(id)}},
		{"Deactivate it. --status Active undoes that, if something was forgotten.",
			[]string{"aws iam update-access-key --user-name USER --access-key-id " + id + " --status Inactive"}},
		{"Delete it after some days in which nothing failed.",
			[]string{"aws iam delete-access-key --user-name USER --access-key-id " + id}},
		{"If it was misused: sessions that were made with it outlive it by up to 36 hours. End the user's own; those of roles end as keyguard inspect tells of an ASIA id.",
			[]string{revokeFrom("user", now)}},
		{"If it was quarantined: lift that last, when the key is deleted and all that was made with it has ended. Step 3 tells the ARN.",
			[]string{"aws iam detach-user-policy --user-name USER --policy-arn arn:aws:iam::aws:policy/" + quarantine + "V3"}},
	}
}

// quarantine begins the name of the policy that AWS attaches to a user with a key that
// it has seen in public.
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCompromisedKeyQuarantineV3.html
const quarantine = "AWSCompromisedKeyQuarantine"

// revoke ends the sessions of a role or user.
func (c Credential) revoke(now time.Time) []Step {
	whose := []string{lookup(c.ID)}
	if c.Account == "" {
		whose = append([]string{"aws sts get-access-key-info --access-key-id " + c.ID}, whose...)
	}
	return []Step{
		{"Find the role or user that it acts as, and what it did. CloudTrail keeps 90 days, each region its own.", whose},
		{"If it is a role's: deny everything to sessions issued until now. What runs under the role fetches new keys by itself. (A role whose name begins with AWSReservedSSO_ is changed through its permission set in IAM Identity Center.)",
			[]string{revokeFrom("role", now)}},
		{"If it is a user's (GetSessionToken): the same for the user, and rotate the long-term key that made it, if that leaked too.",
			[]string{revokeFrom("user", now)}},
		{"The key cannot be deactivated or deleted by itself; it expires within 36 hours at most. Remove the policy after that.",
			[]string{
				"aws iam delete-role-policy --role-name ROLE --policy-name " + revocation,
				"aws iam delete-user-policy --user-name USER --policy-name " + revocation,
			}},
	}
}

// revocation is the name that the IAM console gives such a policy.
const revocation = "AWSRevokeOlderSessions"

// revokeFrom returns the command that denies everything to the sessions of a
// "role" or a "user" that were issued until now.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
func revokeFrom(what string, now time.Time) string {
	return fmt.Sprintf(`aws iam put-%s-policy --%[1]s-name %s --policy-name %s --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:TokenIssueTime":"%s"}}}]}'`,
		what, strings.ToUpper(what), revocation, now.UTC().Format(time.RFC3339))
}

func lastUsed(id string) string { return "aws iam get-access-key-last-used --access-key-id " + id }

func lookup(id string) string {
	return "aws cloudtrail lookup-events --lookup-attributes AttributeKey=AccessKeyId,AttributeValue=" + id
}

// replaceServiceCredential rotates what IAM calls a service-specific credential.
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
		{"Find the credential's id and user.", []string{list}},
		{"Make its successor, and put it wherever the old one is used. For Bedrock, short-term keys or a role need no rotation.",
			[]string{"aws iam create-service-specific-credential --user-name " + user + " --service-name " + service}},
		{"Deactivate the old one. --status Active undoes that.", []string{"aws iam update-service-specific-credential" + name + " --status Inactive"}},
		{"Delete it after some days in which nothing failed.", []string{"aws iam delete-service-specific-credential" + name}},
	}
}

// endBedrock ends a short-term key, which lives no longer than the session that
// signed it.
func (c Credential) endBedrock(now time.Time) []Step {
	if !c.Expires.IsZero() && now.After(c.Expires) {
		return []Step{{Text: "Nothing: it has expired. Find out why it was written down; the next one may be read in time."}}
	}
	signer, err := ParseID(c.ID)
	if err != nil {
		return []Step{{Text: "It expires within 12 hours. To end it before, revoke the sessions of the role that signed it."}}
	}
	return append([]Step{{Text: "It ends with the session that signed it, in 12 hours at most. To end it now:"}}, signer.Steps(now)...)
}
