package samples

const (
	prosody = "Prosody 0.12.3"
	slixmpp = "slixmpp 1.8.3"
)

// table is in teaching order: what a newcomer should open first stands first.
var table = [...]Sample{
	{
		Name:   "plain-login",
		File:   "plain-login.pcap",
		Title:  "One whole session, with the password in plain sight",
		Shows:  "Stream, features, SASL PLAIN, restart, binding, session, roster, presence, a short chat and an orderly end.",
		Server: prosody,
		Client: slixmpp,
	},
}
