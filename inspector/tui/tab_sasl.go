package tui

import (
	"strconv"

	"github.com/gdamore/tcell/v2"

	"xmppscope/decode/lint"
	"xmppscope/decode/sasl"
)

// saslPage shows one message of a login: base64, bytes, named fields, and, if
// a password was given, the whole calculation.
func saslPage(in *tabInput) page {
	b := newBuilder(in.th)
	x := in.event.SASL
	if x == nil || len(x.Messages) == 0 {
		b.line(span{"This event carries no login data.", in.th.base})
		b.blank()
		if at := in.at(); at >= 0 {
			if l := in.ctx.nearestLogin(at); l.row >= 0 {
				b.line(span{l.text, in.th.base}).jump = l.seq
			}
		}
		return b.page()
	}
	i := len(x.Messages) - 1
	d := sasl.Decode(x, i)
	v, state := in.ctx.verdict(in.row, in.event)
	b.mechanism(x)
	b.verdict(v, state)
	b.message(in, x, i, d)
	b.fields(in, d)
	b.saslFaults(in, d)
	b.calculation(in, v, state)
	b.exchange(in, x)
	return b.page()
}

func (b *builder) mechanism(x *sasl.Exchange) {
	m := sasl.Lookup(x.Mechanism)
	name := x.Mechanism
	if name == "" {
		name = "Login (its beginning was not captured)"
	}
	b.line(span{capped(name, 80), b.th.title}, span{"  " + m.Doc, b.th.base}).hang = 2
	b.blank()
}

// maxPayload is how many bytes of a message are shown in the SASL tab.
const maxPayload = 4 << 10

func (b *builder) message(in *tabInput, x *sasl.Exchange, i int, d sasl.Decoded) {
	m := &x.Messages[i]
	b.labelled("Message", thousands(i+1)+" of this login, from the "+whoSent(in.event)+": "+m.Kind.String(), b.th.base)
	if d.Summary != "" {
		b.labelled("", capped(d.Summary, 400), b.th.base)
	}
	if m.Kind == sasl.Failure {
		return
	}
	if len(m.Base64) > 0 {
		l := b.labelledBytes(in, "Base64", m.Base64, lint.InBase64, b.th.dim)
		l.start, l.end, l.in = 0, len(m.Base64), lint.InBase64
	}
	switch {
	case len(m.Data) > 0:
		b.labelledBytes(in, "Decoded", m.Data, lint.InLogin, b.th.base)
	case m.Present:
		b.labelled("Decoded", "(zero bytes, on purpose)", b.th.dim)
	default:
		b.labelled("Decoded", "(no data at all)", b.th.dim)
	}
}

func (b *builder) fields(in *tabInput, d sasl.Decoded) {
	if len(d.Fields) == 0 {
		return
	}
	b.blank()
	b.heading("Fields")
	w := 0
	for _, f := range d.Fields {
		w = max(w, min(width(wire(f.Name)), 20))
	}
	for _, f := range d.Fields {
		spans := []span{{pad(capped(f.Name, 40), w) + "  ", b.th.variable}}
		style := b.th.base
		if f.Secret {
			spans, style = append(spans, span{"secret ", b.th.secret.Reverse(true)}, span{" ", b.th.base}), b.th.secret
		}
		value := capped(f.Value, 1000)
		if value == "" {
			value = "(empty)"
		}
		l := b.line(append(spans, span{value, style})...)
		l.hang, l.code, l.words = w+2, true, true
		l.start, l.end, l.in = f.Span.Start, f.Span.End, lint.InLogin
		if in.marked(lint.InLogin).covers(lint.InLogin, f.Span.Start, f.Span.End) {
			l.marked = true
			for i := range l.spans {
				l.spans[i].style = marking(l.spans[i].style)
			}
		}
		if f.Meaning != "" {
			l := b.line(span{pad("", w+2), b.th.base}, span{capped(f.Meaning, 400), b.th.dim})
			l.hang = w + 2
		}
	}
}

// labelledBytes adds a label and bytes of a part of the event behind it; what is
// marked of them stands out.
func (b *builder) labelledBytes(in *tabInput, label string, all []byte, part lint.Part, style tcell.Style) *line {
	m := in.marked(part)
	spans := []span{{pad(label, labelWidth), b.th.key}}
	shown := all[:min(len(all), maxPayload)]
	for _, cut := range [...]stretch{{start: 0, end: m.start}, m, {start: max(m.end, 0), end: len(shown)}} {
		from, to := min(cut.start, len(shown)), min(cut.end, len(shown))
		if from >= to {
			continue
		}
		st := style
		if cut == m {
			st = marking(style)
		}
		spans = append(spans, span{wire(string(shown[from:to])), st})
	}
	if len(shown) < len(all) {
		spans = append(spans, span{"… (" + plural(len(all), "byte") + " in all)", style})
	}
	l := b.line(spans...)
	l.hang, l.code = labelWidth, true
	// The cursor goes to the field where one is marked.
	l.marked = m.end > 0 && part == lint.InBase64 && in.mark.in != lint.InLogin
	return l
}

func (b *builder) saslFaults(in *tabInput, d sasl.Decoded) {
	if len(d.Faults) == 0 {
		return
	}
	b.blank()
	b.heading("Wrong")
	for _, f := range d.Faults {
		where := "at byte " + thousands(f.Pos) + " of the decoded data"
		if f.InBase64 {
			where = "at character " + thousands(f.Pos) + " of the base64 text"
		}
		l := b.line(span{"✗ ", b.th.bad}, span{capped(f.Text, 400) + ", " + where + " (" + f.Ref.String() + ")", b.th.base})
		l.hang, l.marked = 2, in.mark.rule != "" && in.mark.rule == f.Rule
	}
}

// verdict says above all how the login compares with the password that was
// given; the calculation stands below.
func (b *builder) verdict(v sasl.Verdict, state verdictState) {
	switch {
	case state == verdictNone:
		return
	case state == verdictRunning:
		b.line(span{"Checking against the password …", b.th.base})
	case !v.Known:
		b.line(span{"? Not judged: ", b.th.strong}, span{capped(v.Why, 400), b.th.base}).hang = 2
	case v.Verified:
		b.line(span{"✓ Verified ", b.th.good}, span{"against the password. " + capped(v.Why, 400), b.th.base}).hang = 2
	default:
		b.line(span{"✗ Does not fit the password: ", b.th.bad}, span{capped(v.Why, 400), b.th.base}).hang = 2
		told := map[string]bool{}
		for i := range v.Chain {
			if s := &v.Chain[i]; s.Result == sasl.Different {
				told[s.Name] = true
				b.line(span{"  does not agree: ", b.th.bad}, span{capped(s.Name, 40), b.th.variable}, span{", in the calculation below", b.th.dim}).hang = 4
			}
		}
		for _, s := range v.Differs {
			if !told[s] && len(v.Differs) > 1 { // one alone is named above
				b.line(span{"  may differ: ", b.th.dim}, span{capped(s, 200), b.th.base}).hang = 4
			}
		}
	}
	b.blank()
}

// calculation is every step of it, with what stands on the wire.
func (b *builder) calculation(in *tabInput, v sasl.Verdict, state verdictState) {
	heading, chain := "The calculation", v.Chain
	if state == verdictNone {
		b.blank()
		b.line(span{"Not checked against a password: ", b.th.strong}, span{"give it with --password JID=PASSWORD to see every value of the calculation.", b.th.base}).hang = 2
		// What ties the login to its TLS connection needs none.
		heading, chain = "What can be checked without it", sasl.Verify(in.event.SASL, nil).Chain
	}
	if len(chain) == 0 {
		return
	}
	b.blank()
	b.heading(heading)
	for i := range chain {
		b.chainStep(in, i, &chain[i])
	}
}

func (b *builder) chainStep(in *tabInput, i int, s *sasl.Step) {
	spans := []span{{"  " + capped(s.Name, 40), b.th.variable}}
	if s.Formula != "" {
		spans = append(spans, span{" = " + capped(s.Formula, 200), b.th.base})
	}
	b.line(spans...).hang = 6
	style, mark := b.th.base, []span{{"    ", b.th.base}}
	if s.Secret {
		style, mark = b.th.secret, append(mark, span{"secret ", b.th.secret.Reverse(true)}, span{" ", b.th.base})
	}
	l := b.line(append(mark, span{capped(s.Value, 400), style})...)
	l.hang, l.code = 4, true
	switch {
	case s.Result == sasl.Equal && s.Wire != "":
		b.line(span{"    ✓ ", b.th.good}, span{"the same on the wire", b.th.dim})
	case s.Result == sasl.Equal:
		b.line(span{"    ✓ ", b.th.good}, span{"equal", b.th.dim})
	case s.Wire != "":
		l := b.line(span{"    ✗ ", b.th.bad}, span{"on the wire: ", b.th.dim}, span{capped(s.Wire, 400), b.th.base})
		l.hang, l.code = 6, true
	case s.Result == sasl.Different:
		b.line(span{"    ✗ ", b.th.bad}, span{"different", b.th.dim})
	case s.Result == sasl.Unknown:
		b.line(span{"    ? ", b.th.strong}, span{"not known", b.th.dim})
	}
	if s.Meaning != "" {
		b.line(span{"    " + capped(s.Meaning, 300), b.th.dim}).hang = 4
	}
	b.command(in, "command "+strconv.Itoa(in.row)+" "+strconv.Itoa(i), s.Command)
}

// command offers the line for a shell that prints the value of a step. It holds
// what the value is made of, so it is shown on demand alone.
func (b *builder) command(in *tabInput, key, text string) {
	if text == "" {
		return
	}
	secret := span{"secret", b.th.secret.Reverse(true)}
	if !in.folds[key] {
		l := b.line(span{"    ▸ shell command ", b.th.dim}, secret)
		l.fold, l.copy = key, text
		return
	}
	l := b.line(span{"    ▾ shell command ", b.th.dim}, secret, span{"  y copies it", b.th.dim})
	l.fold, l.copy = key, text
	l = b.line(span{"    $ ", b.th.dim}, span{capped(text, maxPayload), b.th.secret})
	l.hang, l.code, l.copy = 6, true, text
}

// exchange lists the messages of the login so far; Enter goes to each.
func (b *builder) exchange(in *tabInput, x *sasl.Exchange) {
	if len(x.Messages) < 2 {
		return
	}
	b.blank()
	b.heading("The login so far")
	rows := in.loginRows(len(x.Messages))
	for i := range x.Messages {
		kind := x.Messages[i].Kind
		text := pad(kind.String(), 17) + capped(sasl.Decode(x, i).Summary, 200)
		mark := "  "
		if i == len(x.Messages)-1 {
			mark = "▸ "
		}
		l := b.line(span{mark, b.th.strong}, span{text, b.th.base})
		l.hang = 2 + 17
		if i < len(x.Messages)-1 && rows[i] >= 0 {
			l.jump = in.ctx.store.Row(rows[i]).Seq()
		}
	}
}
