package tui

import (
	"slices"
	"strings"

	"xmppscope/decode"
)

// maxOffers is how many lists of features a conversation remembers, and
// shownOffers how many of them are shown.
const (
	maxOffers   = 256
	shownOffers = 6
)

// offers shows each list of features of the conversation so far by what is new
// in it and what is gone: a restart of the stream makes the old one void.
func (b *builder) offers(in *tabInput) {
	t := in.ctx.tracks.of(in.event.Conn)
	n, _ := slices.BinarySearch(t.offers, in.at()+1)
	if n == 0 {
		return
	}
	if !b.group(in, "Offered so far", "each list of features against the one before", n) {
		return
	}
	first := max(0, n-shownOffers)
	if first > 0 {
		b.line(span{"  " + plural(first, "earlier list") + " left out", b.th.dim})
	}
	var before []decode.Feature
	if first > 0 {
		before = featuresAt(in, t.offers[first-1])
	}
	for i := first; i < n; i++ {
		now := featuresAt(in, t.offers[i])
		seq := in.ctx.store.Row(t.offers[i]).Seq()
		l := b.line(span{"  " + pad(number(seq), 6) + " ", b.th.dim}, span{offerWords(before, now, i == 0), b.th.base})
		l.hang = 9
		if seq != in.event.Seq {
			l.jump = seq
		}
		before = now
	}
}

// offeredAnew says of a list of features what came and what went since the one
// before, in the style of all differences.
func (b *builder) offeredAnew(in *tabInput) {
	e := in.event
	if e.Kind != decode.KindFeatures || e.After == nil {
		return
	}
	t := in.ctx.tracks.of(e.Conn)
	n, _ := slices.BinarySearch(t.offers, in.at())
	if n == 0 {
		return
	}
	row := t.offers[n-1]
	before, now := featuresAt(in, row), e.After.Features
	b.blank()
	seq := in.ctx.store.Row(row).Seq()
	b.line(span{"Against the list before, in " + number(seq), b.th.title}).jump = seq
	same := 0
	for i := range now {
		f := &now[i]
		old := featureIn(before, f)
		switch {
		case old == nil:
			b.changeLine(xmlChange{"+", f.Local, "", featureRest(f)})
		case featureRest(old) != featureRest(f):
			b.changeLine(xmlChange{"~", f.Local, featureRest(old), featureRest(f)})
		default:
			same++
		}
	}
	for i := range before {
		if f := &before[i]; featureIn(now, f) == nil {
			b.changeLine(xmlChange{"−", f.Local, featureRest(f), ""})
		}
	}
	if same > 0 {
		b.line(span{"= ", b.th.dim}, span{plural(same, "feature") + " as before", b.th.dim})
	}
}

// featureRest is what a feature says besides its name.
func featureRest(f *decode.Feature) string {
	s := strings.Join(f.Values, " ")
	if f.Required {
		s = strings.TrimSpace("required " + s)
	}
	return s
}

func featuresAt(in *tabInput, row int) []decode.Feature {
	if s := in.ctx.store.StateAt(row); s != nil {
		return s.Features
	}
	return nil
}

// offerWords says what differs between two lists of features.
func offerWords(before, now []decode.Feature, first bool) string {
	var words []string
	for i := range now {
		f := &now[i]
		old := featureIn(before, f)
		switch {
		case first:
			words = append(words, featureWord(f))
		case old == nil:
			words = append(words, "+ "+featureWord(f))
		default:
			words = append(words, "= "+capped(f.Local, 40)+valueChanges(old.Values, f.Values))
		}
	}
	for i := range before {
		if featureIn(now, &before[i]) == nil {
			words = append(words, "− "+capped(before[i].Local, 40))
		}
	}
	if len(words) == 0 {
		return "nothing"
	}
	const most = 40
	if len(words) > most {
		words = append(words[:most], plural(len(words)-most, "more"))
	}
	return strings.Join(words, pick(first, ", ", "  "))
}

func featureIn(all []decode.Feature, f *decode.Feature) *decode.Feature {
	for i := range all {
		if all[i].Local == f.Local && all[i].Space == f.Space {
			return &all[i]
		}
	}
	return nil
}

// featureWord is a feature with what it lists.
func featureWord(f *decode.Feature) string {
	s := capped(f.Local, 40)
	if f.Required {
		s += " (required)"
	}
	if len(f.Values) > 0 {
		s += ": " + capped(strings.Join(f.Values, " "), 200)
	}
	return s
}

// valueChanges says what of a feature's list is new and what is gone.
func valueChanges(before, now []string) string {
	s := ""
	for _, v := range now {
		if !slices.Contains(before, v) {
			s += " +" + capped(v, 40)
		}
	}
	for _, v := range before {
		if !slices.Contains(now, v) {
			s += " −" + capped(v, 40)
		}
	}
	if s != "" {
		s = " (" + strings.TrimPrefix(s, " ") + ")"
	}
	return s
}
