package tui

func xmlPage(in *tabInput) page {
	b := newBuilder(in.th)
	b.line(span{capped(string(in.event.Text()), 4000), in.th.base}).code = true
	return b.page()
}
