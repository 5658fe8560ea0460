package sasl

// decodeUnknown shows a mechanism nobody told us about: as text where it is
// text. What the initiating entity sends may be a password.
func decodeUnknown(x *Exchange, i int) Decoded {
	p := newPage(x, i)
	if p.empty() {
		return p.d
	}
	p.opaque("data", "this mechanism is not known here")
	if p.m.Kind.FromInitiator() {
		markSecret(p.d.Fields)
	}
	p.summary("%s of a mechanism that is not known here", plural(len(p.data), "byte"))
	return p.d
}

func verifyUnknown(*Exchange, *Secret) Verdict {
	return notJudged("this mechanism is not known here")
}
