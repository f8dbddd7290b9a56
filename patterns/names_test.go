package patterns

import (
	"strings"
	"testing"
)

func awsNames(t *testing.T) *Names {
	t.Helper()
	set, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return set.Names[0]
}

func TestWords(t *testing.T) {
	for name, want := range map[string]string{
		"":                       "_",
		"AWS_SECRET_ACCESS_KEY":  "_aws_secret_access_key_",
		"AWSSecretKey":           "_aws_secret_key_",
		"fs.s3a.secret-key":      "_fs_s3a_secret_key_",
		"S3Secret":               "_s3_secret_",
		"userID":                 "_user_id_",
		`provider "aws" {`:       "_provider_aws_",
		"__private__":            "_private_",
		"\xffsecret\xc3\xa9Key ": "_secret_key_",
	} {
		if got := identifierWords([]byte(name)); got != want {
			t.Errorf("%q: got %s, want %s", name, got, want)
		}
	}
}

// TestRead reads the name of the value @, at the word secret if there is one.
func TestRead(t *testing.T) {
	names := awsNames(t)
	for _, c := range []struct {
		name, text string
		ownership  Ownership
		stem       string
	}{
		{"no name", "@", OwnerUnnamed, ""},
		{"the owner", "AWS_SECRET=@", OwnerNamed, ""},
		{"the owner and a user of it", "GITHUB_AWS_SECRET=@", OwnerNamed, "github"},
		{"the owner after another kind", "SESSION_AWS_SECRET=@", OwnerNamed, "session"},
		{"another kind after the owner", "AWS_SESSION_SECRET=@", OwnerOther, "session"},
		{"a word after the whole name", "AWS_SECRET_ACCESS_KEY_WEBHOOK=@", OwnerNamed, "webhook"},
		{"the whole name", "SLACK_SECRET_ACCESS_KEY=@", OwnerLikely, "slack"},
		{"the whole name of a rival", "MINIO_SECRET_ACCESS_KEY=@", OwnerOther, "minio"},
		{"the owner's of a rival", "MINIO_AWS_SECRET_ACCESS_KEY=@", OwnerNamed, "minio"},
		{"a service of the owner", "SLACK_S3_SECRET=@", OwnerLikely, "slack"},
		{"another kind after a service", "S3_COOKIE_SECRET=@", OwnerOther, "cookie"},
		{"another kind", "NEXTAUTH_SECRET=@", OwnerOther, "nextauth"},
		{"somebody else", "github.secret=@", OwnerOther, "github"},
		{"an unknown word", "HOOLI_SECRET=@", OwnerUnknown, "hooli"},
		{"an unknown word without a keyword", "HOOLI=@", OwnerUnknown, "hooli"},
		{"plain words", "prod.secret-key: '@'", OwnerUnnamed, ""},
		{"a call around the value", `secret: Buffer.from("@")`, OwnerUnnamed, "buffer from"},
		{"another name nearer", "secret=1, csrf_token=@", OwnerOther, "csrf token"},
		{"a carrier", "- name: JWT_SECRET\n  value: @", OwnerOther, "jwt"},
		{"words beside it", "Client secret: @", OwnerOther, "client"},
		{"a bracket", `app.use(session({ secret: "@" }))`, OwnerOther, "session"},
		{"a bracket that is closed", `{a: {session: 1}, secret: "@"}`, OwnerUnnamed, ""},
		{"brackets that are closed before an open one", `session({a: {b: 1}, c: [2], secret: "@"`, OwnerOther, "session"},
		{"a line around it", "github:\n  secret: @", OwnerOther, "github"},
		{"the nearest line around it", "github:\n  s3:\n    secret: @", OwnerLikely, "github"},
		{"a line beside it", "github:\n  a: 1\nother:\n  secret: @", OwnerUnnamed, "other"},
		{"a line around it in a patch", "+github:\n+  secret: @", OwnerOther, "github"},
		{"a section", "[github]\na = 1\nsecret = @", OwnerOther, "github"},
		{"a section before", "[github]\n[x]\nsecret = @", OwnerUnnamed, ""},
		{"a line around it counts less than the name", "aws:\n  secret: @", OwnerLikely, ""},
		{"beside its id", "github(AKIA" + strings.Repeat("A", 16) + ", @", OwnerUnnamed, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := strings.Index(c.text, "@")
			keyword := strings.Index(strings.ToLower(c.text), "secret")
			if keyword < 0 {
				keyword = start
			}
			got := names.read([]byte(c.text), keyword, start)
			if got.Ownership != c.ownership || got.Ownership <= OwnerOther && got.Stem != c.stem {
				t.Errorf("got %d %q, want %d %q", got.Ownership, got.Stem, c.ownership, c.stem)
			}
		})
	}
}

func TestFits(t *testing.T) {
	for _, c := range []struct {
		name       string
		secret, id Name
		beside     bool
		want       bool
	}{
		{"not named otherwise", Name{Ownership: OwnerUnknown, Stem: "a"}, Name{Stem: "b"}, false, true},
		{"a word in common", Name{Ownership: OwnerOther, Stem: "web hook"}, Name{Ownership: OwnerOther, Stem: "hook"}, false, true},
		{"no word in common", Name{Ownership: OwnerOther, Stem: "web hook"}, Name{Ownership: OwnerUnknown, Stem: "web2"}, true, false},
		{"beside a plain id", Name{Ownership: OwnerOther, Stem: "hook"}, Name{}, true, true},
		{"not beside it", Name{Ownership: OwnerOther, Stem: "hook"}, Name{}, false, false},
		{"beside the owner's id", Name{Ownership: OwnerOther, Stem: "hook"}, Name{Ownership: OwnerNamed}, true, false},
	} {
		if got := c.secret.Fits(c.id, c.beside); got != c.want {
			t.Errorf("%s: got %t", c.name, got)
		}
	}
}

// TestTermsAreInTheirForm: terms of another form could never be found.
func TestTermsAreInTheirForm(t *testing.T) {
	n := awsNames(t)
	for list, terms := range map[string][]string{"own": n.Own, "like": n.Like, "whole": n.Whole, "kinds": n.Kinds, "others": n.Others, "rivals": n.Rivals, "plain": n.Plain, "carriers": n.Carriers} {
		seen := make(map[string]bool)
		for _, term := range terms {
			if strings.Trim(term, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" || strings.Contains(term, "__") || seen[term] {
				t.Errorf("%s: %q", list, term)
			}
			seen[term] = true
		}
	}
}
