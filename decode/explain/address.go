package explain

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"xmppscope/decode/jid"
	"xmppscope/decode/spec"
)

// Anatomy is a text that was taken apart: an address or a link to one.
type Anatomy struct {
	// Entry says what it is as a whole.
	Entry
	// Shown is the text that Marks count in.
	Shown string
	Parts []AnatomyPart
	// Faults make the text illegal; Remarks do not.
	Faults, Remarks []Mark
}

// AnatomyPart is one part, what it is for, and more about this very one.
type AnatomyPart struct{ Name, Value, Text string }

// Mark is something about bytes of Shown; Pos is -1 where it has no place there.
type Mark struct {
	Pos, End int
	Text     string
	Ref      spec.Ref
}

// The sorts of what is taken apart.
const (
	SortAddress = "address"
	SortLink    = "link to an address"
)

// AddressLike tells whether a text is meant as an address: it has an at sign,
// or it is one and has a dot or a slash.
func AddressLike(s string) bool {
	if strings.ContainsAny(s, "<>") || strings.Contains(s, "://") {
		return false
	}
	if strings.Contains(s, "@") {
		return true
	}
	_, err := jid.Parse(s)
	return err == nil && strings.ContainsAny(s, "./") && !strings.Contains(s, ":")
}

// Address takes an address apart.
func Address(s string) Anatomy {
	a := jid.Read(s)
	x := Anatomy{Shown: s, Parts: addressParts(&a), Faults: marks(a.Faults), Remarks: marks(a.Remarks)}
	x.Entry = Entry{Name: s, Sort: SortAddress, Ref: spec.RFC(7622, "3"), Text: "This is no address, because some of it is not allowed."}
	if len(a.Faults) > 0 {
		return x
	}
	j := a.JID()
	x.Text = addressText(j)
	if j.String() != s {
		x.Expect = "In its normal form, in which addresses are compared, it is " + j.String() + "."
	}
	return x
}

// addressText says in words what an address stands for (RFC 6120 §1.4).
func addressText(j jid.JID) string {
	switch {
	case j.Local != "" && j.Resource != "":
		return "A full address: one connection of the account " + value(j.Bare().String()) + ", such as the program on one device. What is sent to it goes there alone. In a room it stands for one person who is there."
	case j.Local != "":
		return "A bare address: the account itself, on whatever devices it is online, or a room. What is sent to it the server deals with: it passes messages on to the devices, and answers questions in the name of the account."
	case j.Resource != "":
		return "A domain with a resource: a part of the service " + value(j.Domain) + ". It is legal and seldom."
	}
	return "The address of a domain: the server itself, or a service such as the rooms of a server."
}

func addressParts(a *jid.Address) []AnatomyPart {
	var all []AnatomyPart
	if p := a.Local; p.Present {
		all = append(all, AnatomyPart{"localpart", p.Raw, say("Who: the account, or the room. Only the server of the domain knows what it stands for. Capital and small letters are the same.", normal(p), escapeText(p))})
	}
	domain := AnatomyPart{"domainpart", a.Domain.Raw, say("Where: the domain whose server the address belongs to. DNS says which machine that is, and its certificate must name it.", normal(a.Domain))}
	if a.ASCII != "" && a.ASCII != a.Domain.Form {
		domain.Text = say(domain.Text, "In DNS and in certificates it is written in A-labels: "+a.ASCII+".")
	}
	all = append(all, domain)
	if p := a.Resource; p.Present {
		all = append(all, AnatomyPart{"resourcepart", p.Raw, say("Which: one connection of the account, or the nickname of somebody in a room. Capital and small letters differ.", normal(p))})
	}
	return all
}

func normal(p jid.Piece) string {
	return say(when(p.Form != "" && p.Form != p.Raw, "Its normal form is "+value(p.Form)+"."), codePoints(p.Raw))
}

// maxCodePoints is how many characters of a part are told by their number.
const maxCodePoints = 8

// codePoints tells the characters outside ASCII by their numbers, because many
// look alike.
func codePoints(s string) string {
	var all []string
	for _, r := range s {
		one := fmt.Sprintf("%c (U+%04X)", r, r)
		if r < 0x80 || !unicode.IsGraphic(r) || slices.Contains(all, one) {
			continue
		}
		if all = append(all, one); len(all) == maxCodePoints {
			break
		}
	}
	return when(all != nil, "It has "+strings.Join(all, ", ")+".")
}

// escapeText shows what a person should see in the place of escapes.
func escapeText(p jid.Piece) string {
	plain := jid.Unescape(p.Raw)
	if plain == p.Raw {
		return ""
	}
	edge := strings.HasPrefix(p.Raw, `\20`) || strings.HasSuffix(p.Raw, `\20`)
	return say("With its escapes undone a person reads "+speech(plain)+"; on the wire they stay as they are (XEP-0106 §3).",
		when(edge, `But \20 may not stand at its beginning or end.`))
}

func marks(faults []jid.Fault) []Mark {
	var all []Mark
	for _, f := range faults {
		text := upper(f.Text) + "."
		if f.Part != jid.Whole {
			text = "In the " + f.Part.String() + ": " + f.Text + "."
		}
		all = append(all, Mark{f.Pos, f.End, text, f.Ref})
	}
	return all
}
