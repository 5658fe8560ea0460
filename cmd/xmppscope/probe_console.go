package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/inspector"
	"xmppscope/inspector/export"
	"xmppscope/proxy/dial"
	"xmppscope/proxy/probe"
)

// console goes on with a stream by hand.
func (p *probing) console(ctx context.Context) error {
	account, err := p.account()
	if err != nil {
		return err
	}
	format := export.Formats()[0]
	if p.flags.json {
		format, _ = export.Lookup("json")
	}
	var now []lint.Finding
	secrets := &inspector.Secrets{}
	w := format.New(p.e.out, export.Options{Color: p.e.colored(p.e.out), Width: p.e.width(), Secrets: secrets,
		Findings: func(*decode.Event) []lint.Finding { return now }})
	var failed error
	p.o.Event = func(e *decode.Event) {
		now = now[:0]
		for _, f := range p.engine.Event(e) {
			if f.Seq == e.Seq {
				now = append(now, f)
			}
		}
		failed = errors.Join(w.Event(e), w.Flush())
	}
	p.o.Conversation = func(c *decode.Conversation) { failed = errors.Join(failed, w.Conversation(c)) }
	err = p.converse(ctx, account, w)
	if closed := w.Close(); closed != nil {
		return closed
	}
	if failed != nil {
		return failed
	}
	return err
}

// account is who logs in; nil where nobody does.
func (p *probing) account() (*probe.Account, error) {
	pairs := p.flags.passwords
	if path := p.flags.passFile; path != "" {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, cannot(path, err)
		}
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimRight(line, "\r\n"); line != "" && !strings.HasPrefix(line, "#") {
				pairs = append(pairs, line)
			}
		}
	}
	switch len(pairs) {
	case 0:
		return nil, nil
	case 1:
		a, err := probe.ParseAccount(pairs[0])
		if err != nil {
			return nil, usage("--password", err.Error(), "for example --password juliet@localhost=sesame")
		}
		return &a, nil
	}
	return nil, usage("--password", "one account can log in, and more were given", "")
}

func (p *probing) converse(ctx context.Context, account *probe.Account, w export.Writer) error {
	domain := p.o.Request.Domain
	plan, err := dial.Find(ctx, p.o.Request, p.o.Dial, p.o.Trail)
	var l *dial.Link
	if err == nil {
		l, err = plan.Connect(ctx, p.o.Trail)
	}
	switch {
	case errors.Is(err, dial.ErrUsage):
		return usage(domain, strings.TrimPrefix(err.Error(), dial.ErrUsage.Error()+": "), "")
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return &failure{code: exitInput, what: domain, why: err.Error()}
	}
	if err := w.Begin(&decode.Conversation{Conn: 1, Initiator: l.Conn.LocalAddr().String(), Receiver: l.Addr.String()}); err != nil {
		return err
	}
	s, err := probe.Open(ctx, l, p.o) // what there is of it is closed all the same
	if s != nil {
		defer s.Close(ctx, p.o.Timeout)
	}
	if err == nil {
		err = p.by(ctx, s, account)
	}
	var refused *failure
	switch {
	case err == nil, ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &refused):
		return err
	}
	return &failure{code: exitInput, what: domain, why: err.Error()}
}

// by logs in where that is wished, and then reads what is typed.
func (p *probing) by(ctx context.Context, s *probe.Stream, account *probe.Account) error {
	say := func(text string) { fmt.Fprintln(p.e.err, inspector.DisarmLines(text)) }
	if account != nil {
		if v := s.Verdict(); v != nil && !v.OK && !p.flags.insecure {
			return &failure{code: exitInput, what: p.o.Request.Domain, why: "the password is not sent: " + v.Summary(),
				hint: "--ca-file FILE trusts another authority, --insecure trusts everybody"}
		}
		jid, err := s.Login(ctx, *account)
		if err != nil {
			return err
		}
		say("logged in as " + jid)
	}
	if _, ok := terminal(p.e.in); ok {
		say(probe.ConsoleHelp)
	}
	return s.Console(ctx, bufio.NewReader(p.e.in), p.o.Timeout, say)
}
