package expr

import (
	"slices"
	"testing"
)

func TestRequiredWords(t *testing.T) {
	for expr, want := range map[string][]string{
		`(?i:value)`: {"value"}, `VALUE`: {"value"}, `valu`: {"valu"}, `val`: nil, `value1`: nil, `break`: nil, `value|default`: {"value", "default"}, `value|x`: nil, `x{2}(?:value)y`: {"valuey"}, `[a]b`: nil, `(value)`: nil,
		`x?value.default`: {"value"},
	} {
		if got := requiredWords(tree(t, expr)); !slices.Equal(got, want) {
			t.Errorf("%s: got %q", expr, got)
		}
	}
}
