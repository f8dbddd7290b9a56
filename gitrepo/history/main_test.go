package history

import (
	"os"
	"testing"

	"github.com/keyguard/keyguard/internal/testenv"
)

func TestMain(m *testing.M) { os.Exit(testenv.Tests{M: m}.Run()) }
