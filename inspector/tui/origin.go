package tui

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/decode/xmlstream"
)

// originSign is the sign of what did not go over the wire as it came. It stands
// before the number of the event, and its word before the title.
func originSign(o decode.Origin) string {
	switch o {
	case decode.OriginEdited:
		return "~"
	case decode.OriginDropped:
		return "-"
	case decode.OriginInjected:
		return "+"
	case decode.OriginSynthetic:
		return "="
	}
	return ""
}

// originTitle puts the word for an origin before a title.
func originTitle(o decode.Origin, title string) string {
	if originSign(o) == "" {
		return title
	}
	return o.String() + ": " + title
}

// originWords say what the origin of an event means; "" where it went over the
// wire as it came.
func originWords(e *decode.Event) string {
	from, to := "the "+whoSent(e), "the "+otherSide(e)
	switch e.Origin {
	case decode.OriginEdited:
		if len(e.Original) > 0 {
			return "Changed on the way. This is what " + to + " got; what " + from + " had sent stands below it in 2 XML and 4 Bytes."
		}
		return "Changed on the way. This is what " + to + " got; what " + from + " had sent is not known."
	case decode.OriginDropped:
		return "Taken out on the way: " + to + " never got it."
	case decode.OriginInjected:
		return "Put in on the way: " + to + " got it, but " + from + " did not send it."
	case decode.OriginSynthetic:
		return "Made by xmppscope, not sent by " + from + "."
	}
	return ""
}

// origin says below the title of an event what did not go as usual.
func (b *builder) origin(e *decode.Event) {
	if text := originWords(e); text != "" {
		b.line(span{originSign(e.Origin) + " " + e.Origin.String() + "  ", b.th.warn}, span{text, b.th.base}).hang = 2
	}
}

// changed is the stretch of b in which it differs from a: what is left between
// the beginning and the end that both have. It is never empty, so that it can be
// seen where something was only taken out.
func changed(a, b []byte) stretch {
	most := min(len(a), len(b))
	head := 0
	for head < most && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < most-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	// Not in the middle of a character.
	for head > 0 && head < len(b) && !utf8.RuneStart(b[head]) {
		head--
	}
	for tail > 0 && !utf8.RuneStart(b[len(b)-tail]) {
		tail--
	}
	if head == len(b)-tail { // something was only taken out
		if head == len(b) {
			head = max(0, head-1)
		}
		return stretch{start: head, end: head + 1}
	}
	return stretch{start: head, end: len(b) - tail}
}

// otherSide names who an event was meant for.
func otherSide(e *decode.Event) string { return sideName(explain.ProfileOf(e), e.Dir.Other()) }

// printBoth shows the XML that was sent on, and below it what had come. What
// differs stands out in both.
func (b *builder) printBoth(in *tabInput) {
	e, text := in.event, in.event.Text()
	marks := []stretch{in.marked(lint.InText)}
	if marks[0].end == 0 {
		marks = differences(e.Original, text)
	}
	b.heading("What the " + otherSide(e) + " got")
	b.printXML(text, xmlTree(e), e.Errs, marks...)
	b.blank()
	b.heading("What the " + whoSent(e) + " had sent")
	if bytes.Equal(e.Original, text) {
		b.line(span{"the same bytes", b.th.dim})
		return
	}
	old := decode.Event{Kind: e.Kind, Wire: e.Original, Scope: e.Scope}
	from, tree, now := len(b.p.lines), old.Element(new(xmlstream.Tree)), xmlTree(e)
	b.printXML(e.Original, tree, nil, differences(text, e.Original)...)
	for i := range b.p.lines[from:] {
		b.p.lines[from+i].offsets = nil // they are of other bytes
	}
	if tree != nil && now != nil {
		b.byMeaning(diffTrees(tree, now))
	}
}

// maxOriginal is how many bytes of what had come are shown as a dump.
const maxOriginal = 2 << 10

// original adds the bytes that had come below those that were sent on.
func (p *hexPage) original(e *decode.Event) {
	if len(e.Original) == 0 {
		return
	}
	p.line(line{})
	p.say("What the "+whoSent(e)+" had sent: "+size(int64(len(e.Original))), p.th.title)
	const perRow = 8 // fits beside its text in the narrowest pane
	differs := differences(e.Text(), e.Original)
	for from := 0; from < min(len(e.Original), maxOriginal); from += perRow {
		part := e.Original[from:min(from+perRow, len(e.Original))]
		spans := []span{{offset(from) + " ", p.th.dim}}
		text := make([]span, 0, perRow)
		for i, c := range part {
			style := p.th.base
			if at := from + i; slices.ContainsFunc(differs, func(s stretch) bool { return s.covers(lint.InText, at, at+1) }) {
				style = marking(style)
			}
			spans = append(spans, span{hexPairs[2*int(c) : 2*int(c)+2], style}, span{" ", p.th.base})
			text = append(text, span{glyphOf(c), style})
		}
		spans = append(spans, span{pad("", 1+3*(perRow-len(part))), p.th.base})
		p.line(line{spans: append(spans, text...), code: true})
	}
	if len(e.Original) > maxOriginal {
		p.say("… 2 XML shows the rest", p.th.dim)
	}
}
