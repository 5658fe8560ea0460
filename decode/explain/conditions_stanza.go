package explain

import "xmppscope/decode/spec"

// stanzaCondition finds a stanza error condition. A name that is not defined
// counts as undefined-condition (RFC 6120 §8.3.3).
func stanzaCondition(name string) Entry {
	for i := range stanzaConditions {
		if stanzaConditions[i].Name == name {
			return stanzaConditions[i].Entry
		}
	}
	c := Entry{Name: name, Sort: SortStanza, Ref: spec.RFC(6120, "8.3.3"),
		Text: "This name is not among the defined ones, so it counts as undefined-condition."}
	if name == "" {
		c.Text = "It names no condition, so the reason stays unknown."
	}
	return c
}

func stanzaErr(section, name, text, expect string) Entry {
	return Entry{Name: name, Sort: SortStanza, Text: text, Expect: expect, Ref: spec.RFC(6120, "8.3.3"+section)}
}

// stanzaEntry adds what usually stands beside the condition: the error type
// and the numeric code of the time before XMPP 1.0.
type stanzaEntry struct {
	Entry
	usual string
}

// stanzaConditions: RFC 6120 §8.3.3 in its order, then a historic one. The
// stream lives on after each of them.
var stanzaConditions = []stanzaEntry{
	{stanzaErr(".1", "bad-request", "The stanza is malformed or does not follow its schema.", "Correct the stanza, then send it again."), "usual type modify; old code 400"},
	{stanzaErr(".2", "conflict", "A name or address that was asked for is taken.", "Ask for another name."), "usual type cancel; old code 409"},
	{stanzaErr(".3", "feature-not-implemented", "The request is understood, but this program does not have the feature.", "Do without it."), "usual type cancel or modify; old code 501"},
	{stanzaErr(".4", "forbidden", "The sender lacks the right to do this.", "Get the right first, from whoever can give it."), "usual type auth; old code 403"},
	{stanzaErr(".5", "gone", "The recipient is gone from this address for good. The new address may stand in the element.", "Use the new address from now on."), "usual type cancel; old code 302"},
	{stanzaErr(".6", "internal-server-error", "The server has a fault or is badly set up.", "Read the server's log."), "usual type cancel; old code 500"},
	{stanzaErr(".7", "item-not-found", "The address, room, node or item does not exist.", "Check the spelling of what was asked for."), "usual type cancel; old code 404"},
	{stanzaErr(".8", "jid-malformed", "An address in the stanza breaks the rules for addresses. In a room it also means that no nickname was given.", "Correct the address."), "usual type modify; old code 400"},
	{stanzaErr(".9", "not-acceptable", "The request is understood, but the recipient has demands that it does not meet.", "Change the request to fit."), "usual type modify; old code 406"},
	{stanzaErr(".10", "not-allowed", "Nobody is allowed to do this, whatever their rights.", "Do not try again."), "usual type cancel; old code 405"},
	{stanzaErr(".11", "not-authorized", "Credentials are missing or wrong, for example the password of a room.", "Supply the right ones and try again."), "usual type auth; old code 401"},
	{stanzaErr(".12", "policy-violation", "A local rule was broken, such as a limit on size or speed.", "Change the stanza or wait."), "usual type modify or wait"},
	{stanzaErr(".13", "recipient-unavailable", "The recipient is not there at the moment.", "Try again later."), "usual type wait; old code 404"},
	{stanzaErr(".14", "redirect", "For now this goes to another address, which may stand in the element.", "Send it to that address."), "usual type modify; old code 302"},
	{stanzaErr(".15", "registration-required", "Only those who have registered may do this: a room for members, or a gateway.", "Register first."), "usual type auth; old code 407"},
	{stanzaErr(".16", "remote-server-not-found", "The domain in the address cannot be found.", "Check the domain, and its records in DNS."), "usual type cancel; old code 404"},
	{stanzaErr(".17", "remote-server-timeout", "The other domain was found, but no working connection to it could be made in time.", "Try again later."), "usual type wait; old code 504"},
	{stanzaErr(".18", "resource-constraint", "The other side is too busy or has run out of something.", "Wait, then try again."), "usual type wait; old code 500"},
	{stanzaErr(".19", "service-unavailable", "This service is not offered here. The same answer hides whether a user exists at all.", "Do not try again here."), "usual type cancel; old code 503"},
	{stanzaErr(".20", "subscription-required", "Only those who are subscribed may do this.", "Ask for a subscription first."), "usual type auth; old code 407"},
	{stanzaErr(".21", "undefined-condition", "None of the defined conditions fits. A further child element of the error says more.", "Read that child element."), "any type; old code 500"},
	{stanzaErr(".22", "unexpected-request", "The request would be right, but not at this moment.", "Send it when it is due."), "usual type wait or modify; old code 400"},
	{stanzaErr("", "payment-required", "A condition of RFC 3920 that no longer exists: payment is due.", "Expect it only from old programs."), "usual type auth; old code 402"},
}

var refErrorTypes = spec.RFC(6120, "8.3.2")

// errorTypes say what the sender of the stanza can do about the error.
var errorTypes = []Entry{
	{Name: "auth", Sort: SortErrorType, Ref: refErrorTypes, Text: "Try again after logging in or getting the right to do it."},
	{Name: "cancel", Sort: SortErrorType, Ref: refErrorTypes, Text: "Do not try again; it cannot be cured."},
	{Name: "continue", Sort: SortErrorType, Ref: refErrorTypes, Text: "Go on; this was only a warning."},
	{Name: "modify", Sort: SortErrorType, Ref: refErrorTypes, Text: "Try again after changing what was sent."},
	{Name: "wait", Sort: SortErrorType, Ref: refErrorTypes, Text: "Try again later; the trouble will pass."},
}
