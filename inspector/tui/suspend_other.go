//go:build !unix

package tui

// No shell here stops programs.
func stopGroup() bool { return false }

func (s *signals) listen(func()) (end func()) { return func() {} }
