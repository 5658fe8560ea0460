package tui

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// TestMain makes the test binary double as the program: with demoEnv set it
// runs the interface on transcripts of testdata, in the terminal it was
// started in. That is how the tests in tmux see a real terminal.
func TestMain(m *testing.M) {
	if names := os.Getenv(demoEnv); names != "" {
		os.Exit(demo(names))
	}
	// After a fault in the event loop the pump may wait for it for ever, and tview
	// for the pump. Else nothing of the like can be: Run waits for both.
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/rivo/tview.(*Application).QueueUpdate"),
		goleak.IgnoreTopFunction("github.com/rivo/tview.(*Application).Run.func2"))
}

const demoEnv = "XMPPSCOPE_TUI_DEMO"

func demo(names string) int {
	o := Options{Choices: testChoices(), State: os.Getenv(demoEnv + "_STATE"), Open: func(name string) (*Source, error) {
		if name == "./panic" {
			panic(name)
		}
		return readTranscripts(name)
	}}
	if names != "start" {
		src, err := readTranscripts(strings.Split(names, ",")...)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		o.Source = src
	}
	if err := Run(context.Background(), o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 70
	}
	return 0
}

func testChoices() []Choice {
	return []Choice{
		{"Recordings that come with xmppscope", "plain", "a whole login in the clear", "A client logs in with PLAIN, binds a resource, asks for the roster and leaves. The password can be read."},
		{"Recordings that come with xmppscope", "scram", "a wrong password, then SCRAM-SHA-1", "The first attempt fails and the stream goes on; the second proves the password without telling it."},
		{"Recent files", "hostile", "hostile.txt", ""},
	}
}
