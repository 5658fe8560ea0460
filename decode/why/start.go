package why

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// features are the lists that the receiving entity sent, in order.
func (t *talk) features() []*moment {
	return t.path.every(func(m *moment) bool { return m.kind == decode.KindFeatures && m.after != nil })
}

// offer finds the first list with a feature.
func (t *talk) offer(space, local string) *moment {
	return t.path.find(func(m *moment) bool {
		return m.kind == decode.KindFeatures && m.after != nil && m.after.Feature(space, local) != nil
	})
}

// step finds the first moment of a step, in a direction.
func (t *talk) step(s decode.Step, dir decode.Dir) *moment {
	return t.path.find(func(m *moment) bool { return m.step == s && m.dir == dir })
}

// header is the first stream header of a direction.
func (t *talk) header(dir decode.Dir) *moment {
	return t.path.find(func(m *moment) bool { return m.kind == decode.KindOpen && m.dir == dir })
}

// called are features that people call something else than their elements.
var called = map[string]string{
	"starttls": "STARTTLS", "mechanisms": "login", "authentication": "login with SASL 2", "bind": "resource binding",
	"session": "the session of old XMPP", "sm": "stream management", "csi": "client state indication", "c": "capabilities",
	"compression": "compression", "register": "registration", "ver": "roster versions", "sub": "subscription pre-approval",
	"sasl-channel-binding": "types of channel binding", "dialback": "dialback", "bidi": "both directions on one connection",
	"limits": "limits", "auth": "the login of old Jabber",
}

// names are the features of a list, as people call them.
func names(m *moment) (all []string) {
	for _, f := range m.after.Features {
		name := value(f.Local)
		if known, ok := called[f.Local]; ok {
			name = known
		}
		if f.Local == "mechanisms" || f.Local == "authentication" {
			name += " (" + list(f.Values) + ")"
		}
		if f.Required {
			name += " (required)"
		}
		all = append(all, name)
	}
	return all
}

// started tells whether the receiving entity has said what it offers, or the
// stream needs no such list. Else it settles why not.
func (v *view) started() bool {
	t := v.t
	if len(t.features()) > 0 || t.mid > 0 {
		return true
	}
	ours, theirs := t.header(decode.FromInitiator), t.header(decode.FromReceiver)
	if connect := t.path.find(func(m *moment) bool { return m.kind == decode.KindTCP && m.name.Local == "connect" }); connect != nil {
		v.fact(spec.RFC(6120, "3"), v.Who(decode.FromInitiator)+" connects.", connect.seq)
	}
	if ours != nil {
		v.fact(spec.RFC(6120, "4.2"), v.Who(decode.FromInitiator)+" opens a stream to "+value(ours.to)+".", ours.seq)
	}
	if theirs != nil && theirs.after != nil && theirs.after.Version == "" && v.fromOld(theirs) {
		return true
	}
	if web := v.web(); web {
		return false
	}
	from := decode.Seq(0)
	switch {
	case theirs != nil:
		v.fact(spec.RFC(6120, "4.7"), v.Who(decode.FromReceiver)+" opens its stream in answer.", theirs.seq)
		from = theirs.seq
	case ours != nil:
		from = ours.seq
	}
	if v.blind(from) {
		return false
	}
	end := v.tellEnding(from)
	switch {
	case end == nil:
		v.unknown("The capture ends before %s has said what it offers.", v.who(decode.FromReceiver))
		v.tell(tellMore)
	case end.kind == decode.KindStreamError && end.proxy == "":
		v.didNot("The stream ended before anything was offered: %s refuses it with %s%s.", v.who(end.dir), value(end.cond), said(end.text))
	default:
		text, _ := v.told(end)
		v.didNot("The stream ended before anything was offered: %s", lower(text))
	}
	return false
}

// fromOld tells whether a header without a version belongs to a sort of stream
// that has no list: that of a component, or of the time before XMPP 1.0.
func (v *view) fromOld(theirs *moment) bool {
	if v.t.now.Profile == decode.ProfileComponent {
		v.fact(spec.XEP(114, "3"), "It is the connection of a component: such a stream has no version and no list of features.", theirs.seq)
		return true
	}
	// An error may have come before the version counts.
	if end := v.t.ending(theirs.seq); end != nil && end.kind == decode.KindStreamError {
		return false
	}
	v.fact(spec.RFC(6120, "4.7.5"), "The header of "+v.who(decode.FromReceiver)+" has no version, as none does that answers a header without version='1.0': on such a stream there is no list of features, and only the login of old Jabber.", theirs.seq)
	return true
}

// secured tells whether the conversation runs inside TLS.
func (t *talk) secured() bool { return t.now != nil && t.now.Layer&decode.LayerTLS != 0 }
