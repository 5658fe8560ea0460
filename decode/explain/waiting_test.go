package explain

import (
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// A body that waits at a proxy comes without the head of its request.
func TestBodyThatWaits(t *testing.T) {
	for local, typ := range map[string]string{"request": "POST", "response": "200"} {
		x := Event(&decode.Event{Kind: decode.KindHTTP, Step: decode.StepBOSHData, Type: typ, Name: xmlstream.Name{Local: local}, Dir: decode.FromInitiator,
			Wire: []byte("<body xmlns='http://jabber.org/protocol/httpbind' rid='5' sid='a'/>"), State: &decode.State{}, After: &decode.State{}})
		all := x.Title + x.What
		if strings.Contains(all, "“”") || !strings.Contains(all, typ) || local == "request" && !strings.Contains(all, "rid 5") {
			t.Errorf("%s: %s", local, all)
		}
	}
}
