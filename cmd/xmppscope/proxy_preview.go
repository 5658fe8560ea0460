package main

import "xmppscope/decode"

// Would implements [tui.Previewer], like Open.
func (o *onScreen) Would(id decode.ConnID, dir decode.Dir, text []byte, most int) ([]decode.Event, error) {
	return o.j.session.Would(id, dir, text, most)
}

func (o *onScreen) Open() []decode.ConnID { return o.j.session.Open() }
