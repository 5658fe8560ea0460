package tui

import (
	"math"

	"github.com/alecthomas/chroma/v2"
	"github.com/gdamore/tcell/v2"
)

// readable is the least contrast of text that is easily read (WCAG 2.2, success
// criterion 1.4.3).
const readable = 4.5

// linear is how much light each value of a part of a colour stands for (WCAG 2.2,
// relative luminance): what is asked hundreds of times for each colour of a
// terminal.
var linear = func() (all [256]float64) {
	for v := range all {
		x := float64(v) / 255
		if x <= 0.04045 {
			all[v] = x / 12.92
		} else {
			all[v] = math.Pow((x+0.055)/1.055, 2.4)
		}
	}
	return all
}()

// luminance is how bright a colour is, from 0 to 1 (WCAG 2.2, relative luminance).
func luminance(c chroma.Colour) float64 {
	return 0.2126*linear[c.Red()] + 0.7152*linear[c.Green()] + 0.0722*linear[c.Blue()]
}

// contrast is the ratio of two colours, from 1 to 21.
func contrast(a, b chroma.Colour) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// legible moves a colour away from the paper until it can be read on it with at
// least that contrast; its hue stays as far as possible.
func legible(c, paper chroma.Colour, least float64) chroma.Colour {
	ends := chroma.MustParseColour("#ffffff")
	if luminance(paper) > 0.18 {
		ends = chroma.MustParseColour("#000000")
	}
	for step := 0; step < 32 && contrast(c, paper) < least; step++ {
		c = mix(c, ends)
	}
	return c
}

// mix goes an eighth of the way from one colour to another.
func mix(c, to chroma.Colour) chroma.Colour {
	part := func(a, b uint8) uint8 {
		d := int(b) - int(a)
		if d > 0 {
			d = (d + 7) / 8
		} else {
			d = (d - 7) / 8
		}
		return uint8(int(a) + d)
	}
	return chroma.NewColour(part(c.Red(), to.Red()), part(c.Green(), to.Green()), part(c.Blue(), to.Blue()))
}

// trueColours is from how many colours on a terminal shows all of them.
const trueColours = 1 << 24

// coloursOf is what a terminal of so many colours has, as far as its colours are
// known: the first 16 are themes of their own where there are more.
func coloursOf(colours int) []tcell.Color {
	from, to := 16, 256
	if colours < 256 {
		from, to = 0, max(min(colours, 16), 8)
	}
	all := make([]tcell.Color, 0, to-from)
	for i := from; i < to; i++ {
		all = append(all, tcell.PaletteColor(i))
	}
	return all
}

// shown is the colour of a terminal that comes nearest to a wanted one, among
// those that can be read on the paper. paper is its colour as the terminal
// shows it.
func shown(c, paper chroma.Colour, least float64, colours int) tcell.Color {
	if colours >= trueColours {
		return rgb(c)
	}
	best, found := tcell.ColorDefault, math.Inf(1)
	for _, p := range coloursOf(colours) {
		got := valueOf(p)
		if contrast(got, paper) < least {
			continue
		}
		d := distance(c, got)
		if colours < 256 && vivid(c) {
			// Among few, a grey is often the nearest to what is meant as a colour.
			d += 1000 * turn(hue(c), hue(got))
			if !vivid(got) {
				d += 1e6
			}
		}
		if d < found {
			best, found = p, d
		}
	}
	return best
}

// hue is the angle of a colour on the wheel, in degrees.
func hue(c chroma.Colour) float64 {
	r, g, b := float64(c.Red()), float64(c.Green()), float64(c.Blue())
	return math.Atan2(math.Sqrt(3)*(g-b), 2*r-g-b) * 180 / math.Pi
}

// turn is the angle between two hues.
func turn(a, b float64) float64 {
	d := math.Abs(a - b)
	return min(d, 360-d)
}

// vivid tells a colour from a grey.
func vivid(c chroma.Colour) bool {
	return max(c.Red(), c.Green(), c.Blue())-min(c.Red(), c.Green(), c.Blue()) > 60
}

// distance tells how much two colours differ, weighted as eyes do.
func distance(a, b chroma.Colour) float64 {
	mean := (float64(a.Red()) + float64(b.Red())) / 2
	r, g, l := float64(a.Red())-float64(b.Red()), float64(a.Green())-float64(b.Green()), float64(a.Blue())-float64(b.Blue())
	return (2+mean/256)*r*r + 4*g*g + (2+(255-mean)/256)*l*l
}

// valueOf is what a colour of a terminal looks like.
func valueOf(c tcell.Color) chroma.Colour {
	r, g, b := c.RGB()
	return chroma.NewColour(uint8(r), uint8(g), uint8(b))
}
