package patterns

// documentedSums has one line per published value: the first 8 bytes of its SHA-256, and
// its publication.
const documentedSums = `
05b9f5d960901639 aws-cli ecr get-download-url-for-layer
04fba2c05f91ad4b aws-cli ssm get-deployable-patch-snapshot-for-instance
81a311ec53619494 IAM User Guide
3c6845ed44eed0f9 LocalStack's documentation
e1de2469408636f0 articles on the id format
3dcbd9b81ca44ff9 articles on the id format
22cc3076909505ea article on the id format
0114c1456f250438 old S3 guide
0e8ad95d75d71161 botocore signer tests, from the old S3 guide
df452eef23e8cf2c MinIO's public playground
05b4867153eaa133 botocore, the SNS service model
7d6faa0829dcb9db aws-cli opsworks describe-commands
d234a23cb3f3dc16 aws-cli sts assume-role, the token
c0f0f7318b77b9e4 aws-cli sts assume-role
d4e819c8a85df67c aws-cli ssm get-deployable-patch-snapshot-for-instance
b4487d094c76a871 aws-cli rds generate-auth-token
4c7b3f40e866bf98 aws-cli iam create-service-specific-credential
c0a9271ec8c34c66 aws-cli iam reset-service-specific-credential
`
