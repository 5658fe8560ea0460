package jid

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/secure/bidirule"
	"golang.org/x/text/secure/precis"
	"golang.org/x/text/width"
)

// excluded may not stand in a localpart although its class has them
// (RFC 7622 §3.3.1). Space is not in the class to begin with.
const excluded = `"&'/:<>@`

// readLocal applies UsernameCaseMapped (RFC 8265 §3.3).
func (a *Address) readLocal() {
	p := &a.Local
	if !p.Present {
		return
	}
	if p.Raw == "" {
		a.fault(Localpart, 0, 0, "nothing stands before the @; leave the @ out too, or name somebody", ref("3.3"))
		return
	}
	before := len(a.Faults)
	for i, r := range p.Raw {
		if len(a.Faults)-before >= maxFaults {
			break
		}
		if why := refusedLocal(r); why != "" {
			a.fault(Localpart, p.Pos+i, p.Pos+i+len(string(r)), why, ref("3.3"))
		}
	}
	if len(a.Faults) == before {
		a.enforce(Localpart, p, precis.UsernameCaseMapped, "3.3")
	}
	if why := mixed(p.Raw); why != "" {
		a.remark(Localpart, p.Pos, p.End, why, ref("7.3"))
	}
	if p.Form != "" && strings.ContainsAny(p.Form, excluded) { // what a wide character became
		a.fault(Localpart, p.Pos, p.End, "in its normal form it has a character that may not stand there: one of "+excluded, ref("3.3.1"))
		p.Form = ""
	}
}

// refusedLocal says why a character may not stand in a localpart.
func refusedLocal(r rune) string {
	switch {
	case r == ' ':
		return "a space may not stand in a localpart; XEP-0106 writes it as \\20"
	case r < 0x80 && strings.ContainsRune(excluded, r):
		return fmt.Sprintf("the character %c may not stand in a localpart; XEP-0106 writes it as %s", r, Escape(string(r)))
	}
	return refused(r, precis.UsernameCaseMapped.Allowed(), "letters and digits of any script, and the signs of ASCII")
}

// readResource applies OpaqueString (RFC 8265 §4.2).
func (a *Address) readResource() {
	p := &a.Resource
	if !p.Present {
		return
	}
	if p.Raw == "" {
		a.fault(Resourcepart, p.Pos, p.Pos, "nothing stands behind the slash; leave the slash out too", ref("3.4"))
		return
	}
	before := len(a.Faults)
	for i, r := range p.Raw {
		if len(a.Faults)-before >= maxFaults {
			break
		}
		if why := refused(r, precis.OpaqueString.Allowed(), "what can be seen, and spaces"); why != "" {
			a.fault(Resourcepart, p.Pos+i, p.Pos+i+len(string(r)), why, ref("3.4"))
		}
	}
	if len(a.Faults) == before {
		a.enforce(Resourcepart, p, precis.OpaqueString, "3.4")
	}
	// RFC 7622 §3.5 lists a leading space as an error, but no rule forbids it;
	// erratum 4560 says so.
	if p.Form != "" && strings.TrimSpace(p.Form) != p.Form {
		a.remark(Resourcepart, p.Pos, p.End, "it begins or ends with a space, which is allowed and hard to see", ref("3.5"))
	}
}

// refused says why a character is in no case allowed.
func refused(r rune, allowed runes.Set, what string) string {
	if allowed.Contains(narrow(r)) || contextual(r) {
		return ""
	}
	name := fmt.Sprintf("U+%04X", r)
	switch {
	case unicode.IsControl(r):
		return name + " is a control character"
	case unicode.Is(unicode.Cf, r):
		return name + " cannot be seen, so two addresses would look the same"
	case unicode.IsSpace(r):
		return name + " is a space"
	case unicode.Is(unicode.Co, r):
		return name + " has no meaning of its own: it is for private use"
	case !unicode.IsGraphic(r):
		return name + " is no assigned character"
	}
	return fmt.Sprintf("%c (%s) is not among what may stand here: %s", r, name, what)
}

// narrow is what the width mapping makes of a character (RFC 8265 §3.3.1).
func narrow(r rune) rune {
	if f := width.LookupRune(r).Folded(); f != 0 {
		return f
	}
	return r
}

// contextual are the characters that are allowed only beside certain others
// (RFC 5892 App. A).
func contextual(r rune) bool {
	switch r {
	case 0x00B7, 0x0375, 0x05F3, 0x05F4, 0x30FB, 0x200C, 0x200D:
		return true
	}
	return r >= 0x0660 && r <= 0x0669 || r >= 0x06F0 && r <= 0x06F9
}

// enforce brings a part into its normal form where no single character stands
// against it; what is left are rules about several characters.
func (a *Address) enforce(part Part, p *Piece, profile *precis.Profile, section string) {
	form, err := profile.String(p.Raw)
	if err == nil && form == "" {
		a.fault(part, p.Pos, p.End, "nothing is left of it in its normal form", ref(section))
		return
	}
	if err != nil {
		pos, end, why := p.Pos, p.End, "characters stand beside each other that may not"
		if part == Localpart && !bidirule.ValidString(p.Raw) {
			why = "it mixes writing from left to right and from right to left in a way that looks like another address"
		} else if i := strings.IndexFunc(p.Raw, contextual); i >= 0 {
			pos += i
			r := []rune(p.Raw[i:])[0]
			end, why = pos+len(string(r)), fmt.Sprintf("U+%04X is allowed only beside certain other characters", r)
		}
		a.fault(part, pos, end, why, ref(section))
		return
	}
	if len(form) > MaxPart {
		a.fault(part, p.Pos+min(MaxPart, p.End-p.Pos), p.End, fmt.Sprintf("it has %d octets; %d are allowed", len(form), MaxPart), ref(section))
		return
	}
	p.Form = form
}

// alike are scripts whose letters look the same in part.
var alike = [...]struct {
	name   string
	script *unicode.RangeTable
}{{"Latin", unicode.Latin}, {"Cyrillic", unicode.Cyrillic}, {"Greek", unicode.Greek}}

// mixed names the scripts of a text where it mixes some whose letters look
// alike (RFC 7622 §7.3).
func mixed(s string) string {
	var seen []string
	for _, a := range alike {
		if strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(a.script, r) }) {
			seen = append(seen, a.name)
		}
	}
	if len(seen) < 2 {
		return ""
	}
	return "it mixes letters of " + strings.Join(seen, " and ") + ", which can look the same: another address may look just like it"
}
