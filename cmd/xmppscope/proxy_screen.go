package main

import "context"

// screen shows the events in the terminal interface.
func (j *proxying) screen(ctx context.Context) error {
	return j.e.screen(ctx, j.r, j.flags.style)
}
