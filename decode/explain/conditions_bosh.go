package explain

import "xmppscope/decode/spec"

// boshCondition finds a condition with which a session of BOSH is terminated.
func boshCondition(name string) Entry {
	if c := entryNamed(boshConditions, name); c.Name != "" {
		return c
	}
	return Entry{Name: name, Sort: SortBOSH, Ref: spec.XEP(124, "17.2"), Text: "This name is not among the defined ones."}
}

func boshErr(name, text, expect string) Entry {
	return Entry{Name: name, Sort: SortBOSH, Text: text, Expect: expect, Ref: spec.XEP(124, "17.2")}
}

// boshConditions: XEP-0124 §17.2. Each ends the session.
var boshConditions = []Entry{
	boshErr("bad-request", "The body that the client sent is malformed or not allowed.", "Compare the attributes and the namespace of the wrapper with the specification. Old clients see HTTP status 400."),
	boshErr("host-gone", "The domain was served here once, but no longer is.", "Look up the domain anew."),
	boshErr("host-unknown", "The domain in to is not served here.", "Check the spelling of the domain and the settings of the server."),
	boshErr("improper-addressing", "The first request lacks to, or it is malformed.", "Name the domain in to."),
	boshErr("internal-server-error", "Something inside the server went wrong.", "Read the server's log."),
	boshErr("item-not-found", "No such session, or a rid that is outside of what is expected: a request was lost or the session has timed out.", "Begin a new session. Old clients see HTTP status 404."),
	boshErr("other-request", "Another request that was open at the same time ended the session.", "Look at the other requests of the session."),
	boshErr("policy-violation", "The client broke a rule: too many requests at once, or empty ones too often.", "Obey requests and polling of the session's first answer. Old clients see HTTP status 403."),
	boshErr("remote-connection-failed", "The connection manager cannot reach the XMPP server, or lost it.", "Look at the way from the connection manager to the server."),
	boshErr("remote-stream-error", "The stream between connection manager and XMPP server ended with a stream error, which stands inside.", "Read the stream error."),
	boshErr("see-other-uri", "The service is at another address, which is named inside.", "Connect there."),
	boshErr("system-shutdown", "The service is going down.", "Try again later."),
	boshErr("undefined-condition", "None of the other reasons.", "Read what stands inside, if anything."),
}
