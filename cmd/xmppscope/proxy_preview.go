package main

import "xmppscope/decode"

// Preview implements [tui.Previewer], like Open.
func (o *onScreen) Preview(id decode.ConnID, dir decode.Dir, text []byte) (*decode.Event, error) {
	return o.j.session.Preview(id, dir, text)
}

func (o *onScreen) Open() []decode.ConnID { return o.j.session.Open() }
