package sandbox

import "testing"

// TestCareful: a client that can bind its login does so where it is offered, and
// says y where it is not; y where it is offered is refused (RFC 5802 §6).
func TestCareful(t *testing.T) {
	const login = "open\nstarttls\ncareful\nlogin SCRAM-SHA-256 juliet r0m30myr0m30\nbind balcony\nclose"
	for _, c := range []struct {
		name  string
		o     Options
		lines string
	}{
		{"bound", Options{Bindings: AllBindings(), Mechanisms: []string{"SCRAM-SHA-256-PLUS"}}, login},
		{"nothing to bind with", Options{Bindings: []string{}, Mechanisms: []string{"SCRAM-SHA-256"}}, login},
		{"hidden on the way", Options{Bindings: AllBindings()},
			"open\nstarttls\nC: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-256'>eSwsbj1qdWxpZXQscj1xM0xuNmRHVzBoQ2t2WTlz</auth>\nS: failure/not-authorized"},
		{"nothing hidden", Options{Bindings: []string{}},
			"open\nstarttls\nC: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-256'>eSwsbj1qdWxpZXQscj1xM0xuNmRHVzBoQ2t2WTlz</auth>\nS: challenge"},
	} {
		if err := newHouse(t, c.o).actor().try(c.lines); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
