package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	"xmppscope/inspector"
)

// alarming says on standard error what the proxy warns of, whether anybody reads
// its log or not. The same is said again after a while only: it may come with
// every connection.
type alarming struct {
	slog.Handler
	err  func() io.Writer // which may change
	said *lastSaid
}

// lastSaid is when a message was said last.
type lastSaid struct {
	mu sync.Mutex
	at map[string]time.Time
}

// alarmEvery is how long the same message is not said again.
const alarmEvery = 10 * time.Second

func alarms(log *slog.Logger, err func() io.Writer) *slog.Logger {
	return slog.New(&alarming{log.Handler(), err, &lastSaid{at: map[string]time.Time{}}})
}

// Enabled implements [slog.Handler], like Handle.
func (h *alarming) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn || h.Handler.Enabled(ctx, l)
}

func (h *alarming) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelWarn && h.said.again(r.Message, r.Time) {
		text := r.Message
		r.Attrs(func(a slog.Attr) bool {
			text += fmt.Sprintf(", %s %v", a.Key, a.Value)
			return true
		})
		fmt.Fprintf(h.err(), "xmppscope: %s\n", inspector.Disarm(strings.Replace(text, ", why ", ": ", 1)))
	}
	if h.Handler.Enabled(ctx, r.Level) {
		return h.Handler.Handle(ctx, r)
	}
	return nil
}

// again tells whether a message is to be said now. The messages are the program's
// own, so there are few.
func (s *lastSaid) again(text string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last, ok := s.at[text]; ok && now.Sub(last) < alarmEvery {
		return false
	}
	s.at[text] = now
	return true
}
