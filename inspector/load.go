package inspector

import (
	"context"
	"iter"

	"xmppscope/captures"
)

// Load fills a store with what captures.Read gives, until its end or until ctx
// is done. The error is that of the input, or of ctx; what was read before it
// stays. Only one goroutine may fill a store.
func Load(ctx context.Context, s *Store, items iter.Seq2[captures.Item, error]) error {
	const askEvery = 256
	n := 0
	for item, err := range items {
		if err != nil {
			return err
		}
		switch {
		case item.Event != nil:
			s.Append(item.Event)
		case item.Conversation != nil:
			s.Over(*item.Conversation)
		}
		if n++; n%askEvery == 0 && ctx.Err() != nil {
			break
		}
	}
	return ctx.Err()
}
