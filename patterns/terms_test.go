package patterns

import (
	"strings"
	"testing"
)

func TestLastTerm(t *testing.T) {
	own := newTerms([]string{"aws", "_s3", "s3_", "secretkey", "key_base"})
	for _, c := range []struct {
		name string
		id   string
		want int
	}{
		{"no term", "_secret_", -1},
		{"across words", "_my_secret_key_", 2},
		{"the last of two", "_aws_secret_aws_", 9},
		{"at the beginning of a word", "_my_s3_", 2},
		{"not within a word", "_mys3x_", -1},
		{"at the end of a word", "_mys3_", 2},
		{"an underscore must be there", "_keybase_", -1},
		{"and is not counted", "_my_key_base_", 2},
		{"nothing", "_", -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := own.last(c.id, joinWords(c.id)); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}

func TestShortTermsAreRefused(t *testing.T) {
	_, err := NewSet(&File{Names: []*Names{{ID: "x", Own: []string{"a"}}}})
	if err == nil || !strings.Contains(err.Error(), `names x: the term "a" is too short`) {
		t.Errorf("got %v", err)
	}
}

func TestTermsOfTwoLettersAreTaken(t *testing.T) {
	if _, err := NewSet(&File{Names: []*Names{{ID: "x", Own: []string{"ab"}}}}); err != nil {
		t.Error(err)
	}
}
