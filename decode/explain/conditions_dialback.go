package explain

import "xmppscope/decode/spec"

// dialbackErrors are what a condition means inside <db:result type='error'/>
// or <db:verify type='error'/> (XEP-0220 §2.5).
var dialbackErrors = []Entry{
	dialbackError("item-not-found", "The domain in to is not served on the other side.", "Check the spelling of the domain, and its records in DNS."),
	dialbackError("remote-connection-failed", "The receiving server could not connect to the server of the sender's domain, so nobody could vouch for the key.", "See that the sender's domain can be reached from outside on port 5269."),
	dialbackError("remote-server-not-found", "The receiving server found no server for the sender's domain, or that server says it does not serve the domain.", "Check the records of the sender's domain in DNS."),
	dialbackError("remote-server-timeout", "The connection to the server of the sender's domain broke before that server had judged the key.", "Try again later."),
	dialbackError("policy-violation", "The receiving server wants TLS first, and this connection is in the clear.", "Begin with STARTTLS."),
	dialbackError("not-authorized", "The receiving server wants a certificate for the sender's domain, and there is none that fits.", "Show a certificate that names the domain."),
	dialbackError("forbidden", "The server of the sender's domain said that the key is not its own.", "See that all servers of the domain use the same secret for keys; if they do, somebody else claims the domain."),
	dialbackError("not-acceptable", "The receiving server could not establish that the sender is the domain it claims to be.", "Look into the log of the receiving server."),
}

// dialbackTypes are the verdicts about a key.
var dialbackTypes = []Entry{
	{Name: "valid", Sort: SortDialback, Ref: spec.XEP(220, "2.1.1"), Text: "The key is genuine: stanzas may be sent for this pair of domains.", Why: "It stands as type in <db:result/> or <db:verify/>."},
	{Name: "invalid", Sort: SortDialback, Ref: spec.XEP(220, "2.1.1"), Text: "The key is not genuine. Waiting stanzas go back to their senders, and usually the stream is closed.", Why: "It stands as type in <db:result/> or <db:verify/>."},
}

func dialbackError(condition, text, expect string) Entry {
	return Entry{Name: condition, Sort: SortDialback, Text: text, Expect: expect,
		Why: "A dialback error concerns one pair of domains; the stream goes on, and waiting stanzas go back to their senders.", Ref: spec.XEP(220, "2.5")}
}
