package synth

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestStructuredTags(t *testing.T) {
	for template, want := range map[string]string{
		"{{crc62 30}}":                              `^[0-9A-Za-z]{36}$`,
		"{{crc36 30}}":                              `^[0-9A-Za-z]{30}[0-9a-z]{7}$`,
		"{{crchex 40}}":                             `^[0-9A-Za-z]{40}[0-9a-f]{8}$`,
		"{{crcupper 8}}":                            `^[0-9A-Za-z]{8}[0-9A-F]{8}$`,
		"{{crcle 8}}":                               `^[0-9A-Za-z]{8}[0-9a-f]{8}$`,
		"{{(}}123456789{{)|crchex}}":                `^123456789cbf43926$`,
		"{{(}}123456789{{)|crcupper:_}}":            `^123456789_CBF43926$`,
		"{{(}}123456789{{)|crcle:-}}":               `^123456789-2639f4cb$`,
		"{{marvin +ASt Default0}}":                  `^[A-Za-z0-9+/]{76}\+ASt[A-Za-z0-9+/]{5}[AQgw]==$`,
		"{{marvin AzCa Access00 32}}":               `^[A-Za-z0-9+/]{33}AzCa[A-P][A-Za-z0-9+/]{5}=$`,
		"{{cask AZDO}}":                             `^[A-Za-z0-9]{52}JQQJ99BC[A-Za-z0-9]{16}AZDO[A-Za-z0-9+/]{4}$`,
		"{{cask AZDO long}}":                        `^[A-Za-z0-9]{52}JQQJ99BC[A-Za-z0-9]{16}AZDO[A-Za-z0-9+/]{6}==$`,
		"{{entra}}":                                 `^[A-Za-z0-9]{3}8Q~[A-Za-z0-9._~-]{34}$`,
		"{{jwt role=anon n=5}}":                     `^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{43}$`,
		"{{jwt alg=none}}":                          `^eyJ[\w-]+\.eyJ[\w-]+\.$`,
		"{{pem rsa}}":                               `^-----BEGIN RSA PRIVATE KEY-----\nMII[\s\S]{900,}-----END RSA PRIVATE KEY-----\n$`,
		"{{pem ec encrypted}}":                      `^-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,[0-9A-F]{32}\n\n[\s\S]*-----END EC PRIVATE KEY-----\n$`,
		"{{pem rsa pkcs8 encrypted}}":               `^-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII`,
		"{{pem ed25519}}":                           `^-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEI[\s\S]{43}\n-----END`,
		"{{openssh rsa}}":                           `^-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU`,
		"{{openssh ecdsa encrypted}}":               `^-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHI`,
		"{{ppk}}":                                   `^PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n[\s\S]*Private-MAC: [0-9a-f]{64}\n$`,
		"{{ppk encrypted}}":                         `Encryption: aes256-cbc\n`,
		"{{pgp}}":                                   `^-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlF[\s\S]*\n=[\w+/]{4}\n-----END`,
		"{{pgp encrypted}}":                         `^-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlI`,
		"{{bech32 AGE-SECRET-KEY-}}":                `^AGE-SECRET-KEY-1[AC-HJ-NP-Z02-9]{58}$`,
		"{{bech32 nsec 32}}":                        `^nsec1[ac-hj-np-z02-9]{58}$`,
		"{{bech32m x 20}}":                          `^x1[ac-hj-np-z02-9]{38}$`,
		"{{base58check 80 32}}":                     `^5[HJK][1-9A-HJ-NP-Za-km-z]{49}$`,
		"{{base58check 0488ade4 74}}":               `^xprv`,
		"pypi-{{macaroon pypi.org}}":                `^pypi-AgEIcHlwaS5vcmc[\w-]{90,}$`,
		"pypi-{{macaroon test.pypi.org [3,\"x\"]}}": `^pypi-AgENdGVzdC5weXBpLm9yZw`,
		"{{objectid}}":                              `^6[345][0-9a-f]{22}$`,
		"{{snowflake}}":                             `^1[0-9]{18}$`,
	} {
		got, err := New(1).Expand(template)
		if err != nil || !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("%s: got %q, %v; want %s", template, got, err, want)
		}
		if again, _ := New(1).Expand(template); again != got {
			t.Errorf("%s: a second expansion differs", template)
		}
		if strings.HasPrefix(template, "{{(}}") {
			continue
		}
		if other, _ := New(2).Expand(template); other == got {
			t.Errorf("%s: another seed gives the same", template)
		}
	}
}

func TestStructuredTagErrors(t *testing.T) {
	for _, template := range []string{
		"{{marvin}}", "{{marvin +ASt x}}", "{{marvin +ASt Default0 9}}", "{{cask}}", "{{entra x}}", "{{jwt x}}", "{{jwt alg=x}}", "{{pem}}", "{{pem dsa}}",
		"{{pem rsa x}}", "{{openssh}}", "{{openssh dsa}}", "{{openssh rsa x}}", "{{ppk x}}", "{{pgp x}}", "{{bech32}}", "{{bech32 a 0}}", "{{base58check}}",
		"{{base58check zz 9}}", "{{macaroon}}", "{{objectid x}}", "{{snowflake x}}",
	} {
		if got, err := New(1).Expand(template); err == nil {
			t.Errorf("%s expanded to %q", template, got)
		}
	}
}

// Double braces with words are those of other languages, unless a tag takes words.
func TestForeignWordsStay(t *testing.T) {
	const text = `{{range $k}} {{include "x"}} {{if x|y}} {{hex abc}} {{end}}`
	if got, err := New(1).Expand(strings.TrimSuffix(text, " {{end}}")); err != nil || got != strings.TrimSuffix(text, " {{end}}") {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestDocumentNamesEveryTag: doc.go lists the tags, for readers of CONTRIBUTING.md.
func TestDocumentNamesEveryTag(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for name := range keyTags() {
		names = append(names, name)
	}
	for name := range crcTags() {
		names = append(names, name)
	}
	for _, name := range names {
		if !regexp.MustCompile(`\{\{` + name + `[ }]`).Match(text) {
			t.Errorf("doc.go does not name the tag %s", name)
		}
	}
}
