package tui

import (
	"fmt"
	"slices"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/lint"
)

// What there is to say about a text that somebody may send, in words.

// verdict is what there is to say, the gravest first.
func (c *composer) verdict(said *advice) (lines []span) {
	th := c.u.th
	text := c.box.text
	fault := c.faultOf(said)
	if c.failed != "" {
		lines = append(lines, span{"✗ " + c.failed, th.bad})
	}
	switch {
	case c.sure:
		return append(lines, span{"✗ " + fault, th.bad}, span{c.consequence(), th.base}, span{"Send it anyway? y or Ctrl-S sends, any other key goes on editing.", th.strong})
	case fault != "":
		lines = append(lines, span{"✗ " + fault, th.bad})
	case text == "":
		return append(lines, span{"! nothing: " + pick(c.leave != nil, "d drops a unit, Esc goes back", "type something, or Esc"), th.warn})
	default:
		l := span{"✓ well-formed, " + size(int64(len(text))), th.good}
		if text == c.advice.original {
			l.text += pick(c.leave != nil, ", as it came", "")
		}
		lines = append(lines, l)
	}
	return append(lines, c.u.adviceLines(said, text, c.advice.original != "")...)
}

// faultOf is why the text is not well-formed, with its place; empty where it is.
func (c *composer) faultOf(said *advice) string {
	if said == nil || said.text != c.box.text || said.fault == nil {
		return ""
	}
	line, column := c.box.line(said.fault.Pos)
	text := fmt.Sprintf("not well-formed at line %d, column %d (byte %d): %s", line, column, said.fault.Pos, capped(said.fault.Text, 300))
	if !said.fault.Ref.IsZero() {
		text += " (" + said.fault.Ref.String() + ")"
	}
	return text
}

// consequence says what becomes of bytes that are not well-formed.
func (c *composer) consequence() string {
	to := "server"
	if c.advice.dir == decode.FromReceiver {
		to = "client"
	}
	return "The " + to + " gets exactly these bytes, and most likely ends the stream with <not-well-formed/> (RFC 6120 §4.9.3.13)."
}

// adviceLines are what the rules say, while text is what is there now.
func (u *ui) adviceLines(said *advice, text string, instead bool) (lines []span) {
	th := u.th
	if said == nil || said.text != text && len(said.fresh)+len(said.gone) == 0 {
		return nil
	}
	if said.why != "" {
		return []span{{"! " + said.why, th.warn}}
	}
	fresh, still := gravest(said.fresh), gravest(said.still)
	for i := range fresh {
		if said.fault != nil && fresh[i].Text == said.fault.Text {
			continue // stands above
		}
		sign, style := levelSign(th, fresh[i].Level)
		lines = append(lines, span{sign + " " + pick(instead, "would cause ", "would be ") + findingText(&fresh[i], said), style})
	}
	for i := range said.gone {
		if said.fault != nil {
			break // of what cannot be read nothing is told by silence
		}
		lines = append(lines, span{"✓ no longer " + said.gone[i].Level.String() + " " + said.gone[i].Rule, th.good})
	}
	for i := range still {
		if said.fault != nil {
			break
		}
		lines = append(lines, span{"· as it came, not by your change: " + findingText(&still[i], said), th.dim})
	}
	return lines
}

// gravest are findings in the order of their weight.
func gravest(all []lint.Finding) []lint.Finding {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b lint.Finding) int { return int(b.Level) - int(a.Level) })
	return all
}

// findingText is a finding in a line: its rule, what is wrong, where, by which
// section.
func findingText(f *lint.Finding, said *advice) string {
	text := ""
	if f.Rule != "" {
		text = f.Level.String() + " " + f.Rule + ": "
	}
	text += capped(f.Text, 300)
	where := ""
	from, own := said.from[f.Seq]
	switch {
	case f.Span.Len() > 0 && f.In == lint.InText && (own || said.event == nil):
		where = "byte " + thousands(from+int(f.Span.Start)) + "; "
	case f.Span.Len() > 0 && (own || said.event == nil):
		where = "byte " + thousands(int(f.Span.Start)) + " of the login data; "
	case said.event != nil && f.Seq != 0 && !own:
		where = "about " + number(f.Seq) + "; "
	}
	return text + " (" + strings.TrimSuffix(where+f.Ref.String(), "; ") + ")"
}
