package trigram

import (
	_ "embed"
	"sync"
)

//go:embed source.profile
var encoded []byte

// Source returns the profile of source code that is embedded. The first call decodes it.
var Source = sync.OnceValue(func() *Profile {
	p, err := Decode(encoded)
	if err != nil {
		panic(err) // a test decodes the same bytes
	}
	return p
})
