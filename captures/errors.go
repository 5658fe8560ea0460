package captures

import (
	"errors"
	"io/fs"
)

// Reasons for which an input is no capture that can be read. [OpenError] wraps
// one of them; test with errors.Is.
var (
	ErrEmpty      = errors.New("the file is empty")
	ErrNotCapture = errors.New("not a capture")
	ErrDirectory  = errors.New("is a directory")
	ErrUnreadable = errors.New("cannot be read")
	ErrNested     = errors.New("compressed more than twice")
)

// OpenError says which input could not be opened and why. Its text is one line
// without the name of the program: "login.pcap: not a capture: …".
type OpenError struct {
	Name   string // the path as given, "standard input" for "-"
	Reason error  // one of the Err values of this package
	Detail string // what was seen instead, may be empty
	Hint   string // what the user may try, may be empty
}

func (e *OpenError) Error() string {
	s := e.Reason.Error()
	if e.Name != "" {
		s = e.Name + ": " + s
	}
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	return s
}

func (e *OpenError) Unwrap() error { return e.Reason }

// unreadable turns an error of the operating system into an [OpenError].
func unreadable(name string, err error) *OpenError {
	e := &OpenError{Name: name, Reason: ErrUnreadable, Detail: err.Error()}
	var path *fs.PathError
	if errors.As(err, &path) {
		e.Detail = path.Err.Error()
	}
	if errors.Is(err, fs.ErrPermission) {
		e.Hint = "capture files written by a capture program run as root often belong to root"
	}
	return e
}
