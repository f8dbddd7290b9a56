package config

// Template is the file that keyguard config init writes: all settings, commented out.
const Template = `# keyguard's configuration. It adds to the built-in rules. Check it with
# keyguard config check; print the effective
# configuration with keyguard config show.

# extends = ["ci/keyguard.toml"]  # in this repository

[scan]
# exclude = ["*.min.js", "testdata/"]  # paths in gitignore syntax
# max_file_size = "50MB"               # of files in the working tree
# timeout = "5m"
# fail_on = "high"       # report milder findings without failing
# min_severity = "medium" # do not report milder findings

[rules]
# profile = "aws-only"                # default or aws-only
# disable = ["aws-access-key-id"]     # * matches any characters
# severity = { aws-access-key-id = "low" }

[inline]
# marks = true            # apply keyguard:allow in comments
# foreign = true          # and gitleaks:allow, trufflehog:ignore, …
# require_reason = false  # require reason=…
# except = ["docs/"]      # paths where marks are only text

# Allowed findings. A finding must meet all conditions of an entry.
#
# [[allow]]
# reason = "keys of the test account"
# accounts = ["123456789012"]
# paths = ["tests/"]
# expires = 2030-12-31
#
# [[allow]]
# reason = "fake key in the documentation"
# fingerprints = ["0123456789abcdef0123456789abcdef"]

# Your own rule; keyguard rules check runs its examples.
#
# [[rule]]
# id = "example-token"
# title = "Token of example.com"
# description = "Grants access to the API of example.com."
# kind = "api_key"
# severity = "high"
# keywords = ["exmpl_"]
# regex = 'exmpl_[0-9A-Za-z]{32}'
# right = "0-9A-Za-z"
# entropy = 3.0
# examples = ["key = exmpl_{{alnum 32}}"]
# counter_examples = ["key = exmpl_short"]
`
