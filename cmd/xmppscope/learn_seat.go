package main

import (
	"context"
	"fmt"
	"sync"

	"xmppscope/inspector"
	"xmppscope/inspector/tui"
	"xmppscope/lessons/workshop"
)

// sitInClass takes part in a class on the screen.
func (e *env) sitInClass(ctx context.Context, c *workshop.Client) error {
	seat, err := workshop.Sit(ctx, c)
	if err != nil {
		return &failure{code: exitInput, what: "the class", why: err.Error()}
	}
	ctx, stop := context.WithCancel(ctx)
	var attending sync.WaitGroup
	attending.Go(func() { _ = seat.Attend(ctx) }) // why it has ended is on the screen
	err = e.runScreen(ctx, tui.Options{Seat: seat, Skin: e.look.skin, ASCII: e.look.ascii, NoColor: e.color == "never", State: statePath(), Version: version})
	stop()
	attending.Wait()
	if over := seat.Now().Over; over != "" && err == nil && ctx.Err() != nil {
		fmt.Fprintln(e.out, inspector.Disarm(over))
	}
	fmt.Fprintln(e.out, inspector.DisarmLines(fmt.Sprintf("To come back under this name: --name %s --code %s", quoted(c.Name), c.Code)))
	return err
}
