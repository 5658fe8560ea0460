package export

// role is what a piece of text is; the palette gives it its colour.
type role uint8

const (
	roleNone role = iota
	roleHead
	rolePhase
	roleFaint
	roleInitiator
	roleReceiver
	roleTag
	roleAttr
	roleText
	roleSecret
	roleGood
	roleNote
	roleWarning
	roleError
)

// sgr are the parameters of SELECT GRAPHIC RENDITION (ECMA-48 §8.3.117), only
// the sixteen colours that every terminal has and its user has chosen.
var sgr = [...]string{
	roleNone: "", roleHead: "1", rolePhase: "1;34", roleFaint: "2", roleInitiator: "36",
	roleReceiver: "35", roleTag: "34", roleAttr: "33", roleText: "", roleSecret: "31",
	roleGood: "32", roleNote: "36", roleWarning: "33", roleError: "1;31",
}

// palette paints text, or leaves it as it is where it is off. What is painted
// must have been disarmed before.
type palette struct{ on bool }

func (p palette) append(b []byte, r role, s string) []byte {
	if !p.on || sgr[r] == "" || s == "" {
		return append(b, s...)
	}
	b = append(b, "\x1b["...)
	b = append(b, sgr[r]...)
	b = append(b, 'm')
	b = append(b, s...)
	return append(b, "\x1b[0m"...)
}

func (p palette) paint(r role, s string) string {
	if !p.on || sgr[r] == "" || s == "" {
		return s
	}
	return string(p.append(nil, r, s))
}
