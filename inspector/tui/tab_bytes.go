package tui

import (
	"strconv"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/decode/sasl"
)

// bytesPage shows the exact bytes of an event, what carried them and what they
// carry: frames of WebSocket and the text inside, base64 and what it decodes to,
// each with the fields in it.
func bytesPage(in *tabInput) page {
	e, l := in.event, in.links
	p := &hexPage{th: in.th, wire: e.Wire, links: l, mark: in.mark}
	head := size(int64(len(e.Wire))) + " from the " + whoSent(explain.As(e, in.ctx.profile(e.Conn)))
	if e.Kind != decode.KindDNS { // a message of its own, in no stream
		head += ", at offset " + thousands(int(e.Off)) + " of its direction"
	}
	if len(e.Wire) == 0 && len(e.XML) > 0 {
		p.wire = e.XML
		head = size(int64(len(e.XML))) + " of XML out of the HTTP message " + number(e.Carrier) + ", of its body without chunks and compression"
	}
	p.say(head, in.th.base)
	p.carriers(in)
	if e.Lost > 0 {
		p.say("✗ "+size(e.Lost)+" are missing from the capture here", in.th.bad)
	}
	p.sayMarked(in)
	p.line(line{})
	p.layers(in)
	p.meanings(in)
	p.original(e)
	return p
}

// sayMarked says where what is marked stands, on the wire and in its own layer.
func (p *hexPage) sayMarked(in *tabInput) {
	if in.mark.end == 0 {
		return
	}
	text := extent(in.mark) + partWords(in.mark.in)
	bottom := lint.InText
	if in.links.runs != nil {
		bottom = inWire
	}
	if s, ok := in.links.find(in.mark, bottom); ok && bottom != in.mark.in {
		text = extent(s) + partWords(bottom) + ", which hold " + text
	}
	p.say("Marked: "+text, in.th.base)
}

// layers are the dumps: the wire, the text where it differs, the login data.
func (p *hexPage) layers(in *tabInput) {
	e, l := in.event, in.links
	below := lint.InText
	if l.runs != nil {
		below = inWire
		p.dump(l.wire, inWire)
		p.line(line{})
		p.say("The XML in "+pick(len(l.runs) > 1, "these frames", "this frame")+", unmasked: "+size(int64(len(l.text))), p.th.title)
		below = lint.InText
	}
	text := p.dump(l.text, below)
	if len(l.data) == 0 || e.SASL == nil {
		return
	}
	m := &e.SASL.Messages[len(e.SASL.Messages)-1]
	if len(l.base64) > 0 && l.at.below.end > 0 {
		text.faint = l.at.below
	}
	p.line(line{})
	from := "The login data in it"
	if s, ok := l.find(stretch{end: len(l.base64), in: lint.InBase64}, lint.InText); ok {
		from = upperFirst(extent(s)) + " are base64. Decoded"
	}
	name := e.SASL.Mechanism
	p.say(from+": "+size(int64(len(l.data)))+", "+capped(strings.TrimSpace(name+" "+m.Kind.String()), 80), p.th.title)
	p.dump(l.data, lint.InLogin)
}

// meanings says below the bytes which of them mean what. Enter marks them.
func (p *hexPage) meanings(in *tabInput) {
	all := carriedFields(in.event)
	part := lint.InText
	if in.links.runs != nil {
		part = inWire
	}
	p.fields("What they mean", all, part)
	p.runs(in, part)
	if x := in.event.SASL; x != nil && len(x.Messages) > 0 && len(in.links.data) > 0 {
		var fields []explain.Field
		for _, f := range sasl.Decode(x, len(x.Messages)-1).Fields {
			fields = append(fields, explain.Field{Name: f.Name, Value: f.Value, Start: f.Span.Start, End: f.Span.End})
		}
		p.fields("What the decoded bytes mean", fields, lint.InLogin)
	}
}

func (p *hexPage) fields(heading string, all []explain.Field, part lint.Part) {
	var last stretch
	said := false
	for _, f := range all {
		if f.End <= f.Start {
			continue
		}
		if !said {
			p.line(line{})
			p.say(heading, p.th.title)
			said = true
		}
		where := pad(shortOffset(f.Start)+"–"+shortOffset(f.End-1), 10)
		if at := (stretch{start: f.Start, end: f.End}); at != last {
			last = at
		} else {
			where = pad("", 10) // a certificate says many things in the same bytes
		}
		l := line{spans: []span{{"  " + where + " ", p.th.dim}, {capped(f.Name, 60), p.th.variable}, {"  " + capped(f.Value, 200), p.th.base}}, hang: 13}
		l.start, l.end, l.in = f.Start, f.End, part
		p.line(l)
	}
}

func extent(s stretch) string {
	if s.end-s.start == 1 {
		return "byte " + thousands(s.start)
	}
	return "bytes " + thousands(s.start) + " to " + thousands(s.end-1)
}

// frames lists the capture frames, runs as ranges.
func frames(all []uint32) string {
	if len(all) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("frame")
	if len(all) > 1 {
		b.WriteByte('s')
	}
	const most = 12
	shown := 0
	for i := 0; i < len(all); {
		j := i
		for j+1 < len(all) && all[j+1] == all[j]+1 {
			j++
		}
		if shown++; shown > most {
			b.WriteString(" and " + thousands(len(all)-i) + " more")
			break
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte(' ')
		b.WriteString(strconv.FormatUint(uint64(all[i]), 10))
		if j > i {
			b.WriteString("–" + strconv.FormatUint(uint64(all[j]), 10))
		}
		i = j + 1
	}
	return b.String()
}

// whoSent names the sender as the profile calls it.
func whoSent(e *decode.Event) string {
	return explain.Who(e)
}
