package config

// Template is what keyguard config init writes: everything there is to say,
// commented out.
const Template = `# keyguard's configuration. It adds to the built-in rules. Check it with
# keyguard config check; see what holds with keyguard config show.

# extends = ["ci/keyguard.toml"]  # in this repository

[scan]
# exclude = ["*.min.js", "testdata/"]  # gitignore syntax
# max_file_size = "50MB"               # of files in the work tree
# timeout = "5m"

[rules]
# disable = ["aws-access-key-id"]
# severity = { aws-access-key-id = "low" }

[inline]
# marks = true            # keyguard:allow in a comment counts
# foreign = true          # and so do gitleaks:allow, trufflehog:ignore, …
# require_reason = false  # only with reason=…
# except = ["docs/"]      # paths where marks are only text

# Findings that are fine. All conditions of an entry must hold.
#
# [[allow]]
# reason = "keys of the account that the tests use"
# accounts = ["123456789012"]
# paths = ["tests/"]
# expires = 2030-12-31
#
# [[allow]]
# reason = "made up for the documentation"
# fingerprints = ["0123456789abcdef0123456789abcdef"]

# A rule of your own; keyguard rules check runs its examples.
#
# [[rule]]
# id = "example-token"
# title = "Token of example.com"
# description = "Opens the API of example.com."
# kind = "api_key"
# severity = "high"
# keywords = ["exmpl_"]
# regex = 'exmpl_[0-9A-Za-z]{32}'
# right = "0-9A-Za-z"
# entropy = 3.0
# examples = ["key = exmpl_{{alnum 32}}"]
# counter_examples = ["key = exmpl_short"]
`
