package practice

// Act is one client of a demonstration.
type Act struct {
	// Who logs in, and what about it is worth seeing.
	Who, About string
	// Script is what the client does.
	Script string
}

// Demonstration is the two logins of xmppscope demo, one after the other, with
// the accounts of the practice server: what mbed says to juliet waits for her
// until she comes.
func Demonstration() []Act {
	return []Act{
		{"mbed", "a login with PLAIN, which shows its password to whoever is inside TLS", `
open
starttls
login PLAIN mbed mirror
bind board
session
roster
presence
S: presence from=mbed@localhost/board
C: <message to='juliet@localhost' type='chat' id='lamp1'><body>The lamp is on.</body></message>
ping
leave
S: presence type=unavailable from=mbed@localhost/board
close
`},
		{"juliet", "a login with SCRAM-SHA-256, which proves the password and never tells it", `
open
starttls
login SCRAM-SHA-256 juliet r0m30myr0m30
bind balcony
roster
presence
S: presence from=juliet@localhost/balcony
S: message/delay from=mbed@localhost/board
C: <message to='mbed@localhost' type='chat' id='lamp2'><body>Then I can see it from here.</body></message>
ping
leave
S: presence type=unavailable from=juliet@localhost/balcony
close
`},
	}
}
