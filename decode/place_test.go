package decode

import "testing"

// An event is told by its packets: by its last frame and the bytes that it is, or,
// where it has a carrier, by how many events that brought before it.
func TestPlaceOf(t *testing.T) {
	if p, ok := PlaceOf(&Event{Seq: 3, Kind: KindNote}); ok {
		t.Errorf("what no frame carried is at %+v", p)
	}
	own := Event{Seq: 9, Dir: FromReceiver, Kind: KindStanza, Off: 70, Wire: []byte("<iq/>"), Frames: []uint32{8, 12, 5}}
	if p, ok := PlaceOf(&own); !ok || p != (Place{Frame: 12, Dir: FromReceiver, Kind: KindStanza, Off: 70, Length: 5}) {
		t.Errorf("%+v, %t", p, ok)
	}
	brought := own
	brought.Carrier = 7
	if p, ok := PlaceOf(&brought); !ok || p != (Place{Frame: 12, Dir: FromReceiver, Kind: KindStanza, Nth: 2}) {
		t.Errorf("the second that a carrier brought is at %+v, %t", p, ok)
	}
}
