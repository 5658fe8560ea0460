package im_test

import (
	"testing"

	"xmppscope/decode/im"
)

// The nine states of RFC 6121 §A.1 and what becomes of each by each stanza: the
// tables of §A.2 and §A.3. A dash is no change.
func TestSubscriptionTables(t *testing.T) {
	names := []string{"None", "None + Pending Out", "None + Pending In", "None + Pending Out+In", "To", "To + Pending In",
		"From", "From + Pending Out", "Both"}
	states := map[string]im.State{}
	for i := im.None; i < im.Unsure; i++ {
		states[i.String()] = i
	}
	for _, row := range []struct {
		what string
		next func(im.State, string) im.State
		to   [9]string
	}{
		{"subscribe", im.State.Sent, [9]string{"None + Pending Out", "-", "None + Pending Out+In", "-", "-", "-", "From + Pending Out", "-", "-"}},
		{"unsubscribe", im.State.Sent, [9]string{"-", "None", "-", "None + Pending In", "None", "None + Pending In", "-", "From", "From"}},
		{"subscribed", im.State.Sent, [9]string{"-", "-", "From", "From + Pending Out", "-", "Both", "-", "-", "-"}},
		{"unsubscribed", im.State.Sent, [9]string{"-", "-", "None", "None + Pending Out", "-", "To", "None", "None + Pending Out", "To"}},
		{"subscribe", im.State.Received, [9]string{"None + Pending In", "None + Pending Out+In", "-", "-", "To + Pending In", "-", "-", "-", "-"}},
		{"unsubscribe", im.State.Received, [9]string{"-", "-", "None", "None + Pending Out", "-", "To", "None", "None + Pending Out", "To"}},
		{"subscribed", im.State.Received, [9]string{"-", "To", "-", "To + Pending In", "-", "-", "-", "Both", "-"}},
		{"unsubscribed", im.State.Received, [9]string{"-", "None", "-", "None + Pending In", "None", "None + Pending In", "-", "From", "From"}},
		{"probe", im.State.Sent, [9]string{"-", "-", "-", "-", "-", "-", "-", "-", "-"}},
	} {
		for i, from := range names {
			want := row.to[i]
			if want == "-" {
				want = from
			}
			state, ok := states[from]
			if !ok {
				t.Fatalf("no state is called %q", from)
			}
			if got := row.next(state, row.what).String(); got != want {
				t.Errorf("%s in %s: %s, want %s", row.what, from, got, want)
			}
		}
	}
}

// Each side's state is the mirror of the other's, whoever sends.
func TestMirror(t *testing.T) {
	for state := im.None; state < im.Unsure; state++ {
		if back := state.Mirror().Mirror(); back != state {
			t.Errorf("%s mirrored twice is %s", state, back)
		}
		if state&im.To != 0 && state&im.PendingOut != 0 || state&im.From != 0 && state&im.PendingIn != 0 {
			continue // nobody asks for what is granted
		}
		for _, typ := range []string{"subscribe", "subscribed", "unsubscribe", "unsubscribed"} {
			if here, there := state.Sent(typ), state.Mirror().Received(typ); here.Mirror() != there {
				t.Errorf("%s in %s: %s here and %s there", typ, state, here, there)
			}
		}
	}
}

// A roster item shows the state but for Pending In.
func TestRosterShowsState(t *testing.T) {
	for state, want := range map[im.State]string{
		im.None: "none", im.To | im.PendingIn: "to", im.From | im.PendingOut: "from ask", im.Both: "both", im.PendingOut: "none ask",
	} {
		got, ask := state.Roster()
		if ask {
			got += " ask"
		}
		if got != want {
			t.Errorf("%s shows as %q, want %q", state, got, want)
		}
	}
}

// Without the roster what was seen is all that is known; with it, everything.
func TestKnown(t *testing.T) {
	s := fold(play(t, "midstream\nC: <presence to='a@x.example' type='subscribe'/>"))
	if got := s.Subscription("a@x.example"); got.String() != "None + Pending Out" || got.Known() {
		t.Errorf("have %s, known %t", got, got.Known())
	}
	if s.Contact("a@x.example").String() != "None + Pending In" {
		t.Error("the contact's side is not the mirror")
	}
	const roster = "midstream\nS: <presence from='b@x.example/1' to='me@x.example/1'/>\n" +
		"C: <iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>\nS: <iq type='result' id='r'><query xmlns='jabber:iq:roster'/></iq>\n"
	s = fold(play(t, roster))
	if got := s.Subscription("A@x.example/any"); got != im.None {
		t.Errorf("have %s, known %t", got, got.Known())
	}
	s = fold(play(t, roster+"S gap 10\nS: <presence/>"))
	if s.Subscription("a@x.example").Known() {
		t.Error("after a loss nobody knows")
	}
	// a client that has the newest version already gets an empty answer
	s = fold(play(t, "midstream\nC: <iq type='get' id='r'><query xmlns='jabber:iq:roster' ver='7'/></iq>\nS: <iq type='result' id='r'/>"))
	if seq, whole := s.RosterSeq(); seq == 0 || whole || s.Subscription("a@x.example").Known() {
		t.Errorf("roster since %d, whole %t", seq, whole)
	}
}
