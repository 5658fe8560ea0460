package jid

import (
	"fmt"
	"net/netip"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/text/secure/bidirule"
	"golang.org/x/text/secure/precis"

	"xmppscope/decode/spec"
)

// maxLabel is the most octets of a label of DNS (RFC 1035 §2.3.4), maxName
// those of a name.
const (
	maxLabel = 63
	maxName  = 253
)

// labels maps and checks labels; which characters of ASCII they may have is
// looked at here, to say where the wrong one stands.
var labels = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false), idna.BidiRule())

// readDomain takes a domain name or an IP address (RFC 7622 §3.2).
func (a *Address) readDomain() {
	p := &a.Domain
	switch {
	case p.Raw == "":
		a.fault(Domainpart, p.Pos, p.End, "no domain: it is the one part that must be there", ref("3.2"))
		return
	case strings.HasPrefix(p.Raw, "["):
		a.readLiteral()
		return
	}
	if ip, err := netip.ParseAddr(p.Raw); err == nil {
		if p.Form = ip.String(); ip.Is6() {
			p.Form = ""
			a.fault(Domainpart, p.Pos, p.End, "an IPv6 address stands in brackets: ["+ip.String()+"]", ref("3.2"))
			return
		}
		a.remark(Domainpart, p.Pos, p.End, "it is an IP address: it names a machine and no service, and no certificate will fit it", ref("3.2"))
		return
	}
	a.readName()
}

// readLiteral: an IPv6 address in brackets.
func (a *Address) readLiteral() {
	p := &a.Domain
	inner, closed := strings.CutSuffix(p.Raw[1:], "]")
	ip, err := netip.ParseAddr(inner)
	if !closed || err != nil || !ip.Is6() || ip.Zone() != "" {
		a.fault(Domainpart, p.Pos, p.End, "brackets hold an IPv6 address, and this is none", ref("3.2"))
		return
	}
	p.Form = "[" + ip.String() + "]"
	a.remark(Domainpart, p.Pos, p.End, "it is an IP address: it names a machine and no service, and no certificate will fit it", ref("3.2"))
}

func (a *Address) readName() {
	p := &a.Domain
	name := strings.TrimSuffix(p.Raw, ".")
	if name != p.Raw {
		a.remark(Domainpart, p.End-1, p.End, "the dot at the end is taken off", ref("3.2"))
	}
	before, start := len(a.Faults), 0
	for i, r := range name + "." {
		if isDot(r) && len(a.Faults)-before < maxFaults {
			a.readLabel(p.Pos+start, name[start:i])
			start = i + len(string(r))
		}
	}
	if len(a.Faults) > before {
		return
	}
	form, err := labels.ToUnicode(name)
	ascii, err2 := labels.ToASCII(form)
	switch {
	case err != nil || err2 != nil:
		a.fault(Domainpart, p.Pos, p.End, "it cannot be written as a name of DNS", spec.RFC(5891, "5"))
	case len(ascii) > maxName:
		a.fault(Domainpart, p.Pos, p.End, fmt.Sprintf("as a name of DNS it has %d octets; %d are allowed", len(ascii), maxName), spec.RFC(1035, "2.3.4"))
	case len(form) > MaxPart:
		a.fault(Domainpart, p.Pos, p.End, fmt.Sprintf("it has %d octets; %d are allowed", len(form), MaxPart), ref("3.2"))
	default:
		p.Form, a.ASCII = form, ascii
	}
}

// isDot: the full stop and those of other scripts, which stand for it
// (RFC 5895 §2).
func isDot(r rune) bool { return r == '.' || r == 0x3002 || r == 0xFF0E || r == 0xFF61 }

func (a *Address) readLabel(pos int, label string) {
	end, before := pos+len(label), len(a.Faults)
	if label == "" {
		a.fault(Domainpart, pos, end, "an empty label: a dot stands where a name should", ref("3.2"))
		return
	}
	for i, r := range label {
		if why := refusedLabel(r); why != "" {
			a.fault(Domainpart, pos+i, pos+i+len(string(r)), why, ref("3.2"))
		}
		if len(a.Faults)-before >= maxFaults {
			break
		}
	}
	if strings.Contains(label, "_") {
		a.remark(Domainpart, pos, end, "an underscore is usual in service records and not in host names", spec.RFC(5890, "2.3.1"))
	}
	if len(a.Faults) > before {
		return
	}
	form, err := labels.ToUnicode(label)
	if why := mixed(form); why != "" {
		a.remark(Domainpart, pos, end, why, ref("7.3"))
	}
	ascii, err2 := labels.ToASCII(label)
	coded := len(label) > 4 && strings.EqualFold(label[:4], "xn--")
	switch {
	case strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-"):
		a.fault(Domainpart, pos, end, "a label neither begins nor ends with a hyphen", spec.RFC(5890, "2.3.1"))
	case coded && (err != nil || form == strings.ToLower(label)):
		a.fault(Domainpart, pos, end, "it begins like an A-label and stands for no name", spec.RFC(5891, "5.4"))
	case refusedIn(form) != "":
		a.fault(Domainpart, pos, end, "it stands for "+form+", and "+refusedIn(form), spec.RFC(5891, "5.4"))
	case err != nil || err2 != nil:
		a.fault(Domainpart, pos, end, "no label of an international name: "+labelWhy(label), spec.RFC(5891, "4.2"))
	case len(ascii) > maxLabel:
		a.fault(Domainpart, pos, end, fmt.Sprintf("as a label of DNS it has %d octets; %d are allowed", len(ascii), maxLabel), spec.RFC(1035, "2.3.4"))
	case coded:
		a.remark(Domainpart, pos, end, "an A-label, which stands for "+form+"; in an address it is written so", ref("3.2"))
	}
}

// labelWhy is the likely reason why IDNA refuses a label whose characters it
// would allow.
func labelWhy(label string) string {
	switch {
	case len(label) > 3 && label[2:4] == "--":
		return "its third and fourth characters are hyphens, which is reserved"
	case !bidirule.ValidString(label):
		return "it mixes writing from left to right and from right to left"
	case strings.ContainsFunc(label, contextual):
		return "it has a character that is allowed only beside certain others"
	}
	return "its characters may not stand in this order"
}

// refusedIn is why some character may not stand in a label, if one may not.
func refusedIn(label string) string {
	for _, r := range label {
		if why := refusedLabel(r); why != "" {
			return why
		}
	}
	return ""
}

// refusedLabel says why a character may not stand in a label.
func refusedLabel(r rune) string {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
		return ""
	case r == ' ':
		return "a space may not stand in a domain"
	case r > ' ' && r < 0x7F:
		return fmt.Sprintf("the character %c may not stand in a domain", r)
	}
	return refused(r, precis.UsernameCaseMapped.Allowed(), "letters and digits of any script, and hyphens")
}
