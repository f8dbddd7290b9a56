package peer

import (
	"slices"
	"strings"
)

// builtinRules returns the rules of keyguard that replace a rule of gitleaks or betterleaks,
// by its ID. A test holds the IDs to the built-in rules.
func builtinRules(id string) []string {
	for line := range strings.Lines(sameRules) {
		ours, theirs, _ := strings.Cut(strings.TrimSpace(line), ":")
		if slices.Contains(strings.Fields(theirs), id) {
			return strings.Fields(ours)
		}
	}
	return nil
}

// sameRules has one line for each rule, or rules, of keyguard: their IDs, and the IDs that
// gitleaks' configuration gives to rules with the same meaning.
const sameRules = `aws-access-key-id aws-key-pair: aws-access-token aws-access-key aws-access-key-id aws-access-id
aws-secret-access-key aws-key-pair: aws-secret-key aws-secret-access-key aws-secret-access-token
aws-bedrock-api-key: aws-amazon-bedrock-api-key-long-lived
aws-bedrock-short-term-api-key: aws-amazon-bedrock-api-key-short-lived
1password-service-account-token: 1password-service-account-token
age-secret-key: age-secret-key
airtable-token: airtable-personnal-access-token airtable-personal-access-token
algolia-admin-key: algolia-api-key
alibaba-access-key-id alibaba-access-key: alibaba-access-key-id
alibaba-access-key-secret alibaba-access-key: alibaba-secret-key
anthropic-api-key: anthropic-api-key
anthropic-admin-key: anthropic-admin-api-key
artifactory-api-key: artifactory-api-key
artifactory-reference-token: artifactory-reference-token
atlassian-api-token: atlassian-api-token
azure-client-secret: azure-ad-client-secret
clojars-deploy-token: clojars-api-token
cloudflare-global-key: cloudflare-global-api-key
cloudflare-origin-ca-key: cloudflare-origin-ca-key
cloudflare-token: cloudflare-api-key
cohere-api-key: cohere-api-token
databricks-token: databricks-api-token
datadog-application-key: datadog-access-token
digitalocean-token: digitalocean-access-token digitalocean-pat digitalocean-refresh-token
discord-bot-token: discord-api-token
doppler-token: doppler-api-token
duffel-token: duffel-api-token
dynatrace-token: dynatrace-api-token
easypost-api-key: easypost-api-token easypost-test-api-token
facebook-access-token: facebook-page-access-token facebook-access-token
facebook-app-secret: facebook-secret
flutterwave-secret-key: flutterwave-secret-key
flyio-token: flyio-access-token
google-api-key: gcp-api-key
github-personal-access-token: github-pat
github-fine-grained-token: github-fine-grained-pat
github-oauth-token: github-oauth
github-app-user-token github-app-installation-token: github-app-token
github-refresh-token: github-refresh-token
gitlab-personal-access-token: gitlab-pat
gitlab-routable-token: gitlab-pat-routable gitlab-runner-authentication-token-routable
gitlab-deploy-token: gitlab-deploy-token
gitlab-runner-token: gitlab-rrt gitlab-runner-authentication-token
gitlab-trigger-token: gitlab-ptt
gitlab-agent-token: gitlab-kubernetes-agent-token
gitlab-oauth-secret: gitlab-oauth-app-secret
gitlab-scim-token: gitlab-scim-token
gitlab-job-token: gitlab-cicd-job-token
gitlab-feed-token: gitlab-feed-token gitlab-feature-flag-client-token gitlab-incoming-mail-token
grafana-api-key: grafana-api-key
grafana-cloud-token: grafana-cloud-api-token
grafana-service-account-token: grafana-service-account-token
terraform-cloud-token: hashicorp-tf-api-token
heroku-api-key: heroku-api-key-v2
heroku-legacy-api-key: heroku-api-key
hugging-face-token: huggingface-access-token
hugging-face-organization-token: huggingface-organization-api-token
json-web-token: jwt
linear-api-key: linear-api-key
mailchimp-api-key: mailchimp-api-key
mailgun-api-key: mailgun-private-api-token
messagebird-access-key: messagebird-api-token
newrelic-user-key: new-relic-user-api-key
notion-token: notion-api-token
npm-access-token: npm-access-token
okta-api-token: okta-access-token
openai-api-key: openai-api-key
openshift-token: openshift-user-token
perplexity-api-key: perplexity-api-key
plaid-access-token: plaid-api-token
planetscale-token: planetscale-api-token planetscale-oauth-token planetscale-password
postman-api-key: postman-api-token
prefect-api-key: prefect-api-token
private-key pgp-private-key: private-key
pulumi-access-token: pulumi-api-token
pypi-api-token: pypi-upload-token
readme-api-key: readme-api-token
rubygems-api-key: rubygems-api-token
sendgrid-api-key: sendgrid-api-token
brevo-api-key: sendinblue-api-token
sentry-organization-token: sentry-org-token
sentry-user-token: sentry-user-token
sentry-token: sentry-access-token
shippo-token: shippo-api-token
shopify-token: shopify-access-token shopify-custom-access-token shopify-private-app-access-token
shopify-shared-secret: shopify-shared-secret
slack-app-token: slack-app-token
slack-bot-token: slack-bot-token
slack-user-token: slack-user-token
slack-rotating-token: slack-config-access-token slack-config-refresh-token
slack-legacy-token: slack-legacy-token slack-legacy-workspace-token slack-legacy-bot-token
slack-webhook-url: slack-webhook-url
snyk-legacy-token: snyk-api-token
sourcegraph-access-token: sourcegraph-access-token
sonarqube-token: sonar-api-token
square-access-token: square-access-token
stripe-secret-key: stripe-access-token
sumologic-access-key: sumologic-access-token
telegram-bot-token: telegram-bot-api-token
vault-token: vault-batch-token vault-service-token
`
