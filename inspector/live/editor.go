package live

import (
	"cmp"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
)

// Editor is the command of the person's own editor.
func Editor() string { return cmp.Or(os.Getenv("VISUAL"), os.Getenv("EDITOR"), "vi") }

// EditOutside lets the person change a text in their own editor. run runs it, in
// a terminal that it gives to the command. The error is of [EditorError] where
// the editor is to blame.
func EditOutside(ctx context.Context, text string, run func(*exec.Cmd) error) (string, error) {
	f, err := os.CreateTemp("", "xmppscope-*.xml") // mode 0600
	if err != nil {
		return "", err
	}
	name := f.Name()
	defer os.Remove(name)
	_, err = f.WriteString(text)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return "", err
	}
	editor := Editor()
	if err := run(exec.CommandContext(ctx, "/bin/sh", "-c", editor+` "$1"`, editor, name)); err != nil {
		return "", &EditorError{editor, err}
	}
	back, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	now := string(back)
	if !strings.HasSuffix(text, "\n") {
		now = strings.TrimSuffix(now, "\n") // editors end the last line
	}
	return now, nil
}

// EditorError is that an editor could not be run, or failed.
type EditorError struct {
	Editor string
	Err    error
}

func (e *EditorError) Error() string {
	var exit *exec.ExitError
	if errors.As(e.Err, &exit) && exit.ExitCode() == 127 { // of the shell
		return e.Editor + " cannot be found: set $EDITOR to one that is here"
	}
	return e.Editor + ": " + e.Err.Error() + "; nothing was changed"
}

func (e *EditorError) Unwrap() error { return e.Err }
