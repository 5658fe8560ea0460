package main

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"

	"xmppscope/inspector/tui"
	"xmppscope/lessons/course"
	"xmppscope/lessons/workshop"
)

// leading is a class that follows the screen of its teacher.
type leading struct {
	*hosting

	at    sync.Mutex
	next  tui.Look
	moved chan struct{}
}

// At implements [tui.Class]: the latest counts.
func (l *leading) At(look tui.Look) {
	l.at.Lock()
	l.next = look
	l.at.Unlock()
	select {
	case l.moved <- struct{}{}:
	default:
	}
}

// Do implements [tui.Class].
func (l *leading) Do(line string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	switch word {
	case "":
		return l.table()
	case "quit":
		return "The class ends when you leave the screen (q)."
	}
	said, _ := l.done(line)
	return said
}

// lead brings the class to where the screen looks.
func (l *leading) lead(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.moved:
		}
		l.at.Lock()
		look := l.next
		l.at.Unlock()
		l.follow(look)
	}
}

func (l *leading) follow(look tui.Look) {
	now, at := l.class.Lesson()
	if look.Lesson != "" && look.Lesson != now.ID {
		if l.class.SetLesson(look.Lesson) != nil {
			return // it is none of the class
		}
		_, at = l.class.Lesson()
	}
	if look.Lesson != "" && look.Step != at {
		_ = l.class.Go(look.Step + 1) // what cannot be read the screen tells, too
	}
	// What the lesson has, the class has too, and keeps when the screen has gone on.
	if title, store, _ := l.class.Shown(); store == nil || look.Lesson == "" || title != look.Title {
		if store != look.Store {
			l.class.Show(look.Title, look.Store)
		}
	}
	if look.Seq > 0 {
		l.class.Point(look.Seq, look.Start, look.End)
	}
}

// screenClass holds a class on the screen of its teacher.
func (e *env) screenClass(ctx context.Context, h *hosting, ln net.Listener, place workshop.Place, all []*course.Lesson) error {
	seen, back, ok := e.seen(ctx)
	defer back()
	if !ok || e.plain || e.host != nil {
		_ = ln.Close()
		return usage("--screen", "there is no terminal that can show a screen", "without --screen there is a prompt")
	}
	ctx, stop := context.WithCancel(seen)
	h.welcome(ln.Addr(), place)
	fmt.Fprint(e.out, "On the screen, :class tells who is where, and :class help lists what you can do. Enter shows the screen.")
	one := make([]byte, 1)
	for {
		if n, err := e.in.Read(one); err != nil || n == 1 && one[0] == '\n' {
			break
		}
	}
	l := &leading{hosting: h, moved: make(chan struct{}, 1)}
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	running.Go(func() { l.lead(ctx) })
	running.Go(func() { _ = h.class.Serve(ctx, ln) })
	first, _ := h.class.Lesson()
	e.learning, e.class = &learning{lessons: all, begin: first.ID}, l
	return e.show(ctx, nil, nil, "")
}
