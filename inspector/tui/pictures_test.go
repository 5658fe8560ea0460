package tui

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gdamore/tcell/v2"

	"xmppscope/captures/samples"
	"xmppscope/decode"
	"xmppscope/decode/sasl"
)

// The size of a cell in a picture, and of its letters.
const (
	cellW, cellH = 8.0, 18.0
	letters      = 13
	baseline     = 13.5
)

// verifyPencil checks logins of the account whose password is pencil.
func verifyPencil(e *decode.Event) (sasl.Verdict, bool) {
	if e.SASL == nil {
		return sasl.Verdict{}, false
	}
	return sasl.Verify(e.SASL, &sasl.Secret{Password: "pencil"}), true
}

// startOptions are those of the start screen as the program shows it.
func startOptions() Options {
	o := Options{Skin: "dark", Open: func(string) (*Source, error) { return nil, errTest }}
	for _, f := range [][2]string{{"demo", "Two logins live, held at each step"}, {"proxy", "Stand between a client and a server"}, {"practice", "A practice server, for a client of yours"}} {
		o.Forms = append(o.Forms, Form{Group: "Live", Name: f[0], Title: f[1], Start: "start"})
	}
	for _, s := range samples.All() {
		o.Choices = append(o.Choices, Choice{Group: "Recordings that come with xmppscope", Name: "sample:" + s.Name, Title: s.Title, About: s.Shows})
	}
	return o
}

// picture draws the screen as SVG: the cells that a terminal would show, with
// whatever font of fixed width there is.
func (th *theatre) picture() string {
	cells, w, h := th.sim.GetContents()
	var b strings.Builder
	pw, ph := float64(w)*cellW+16, float64(h)*cellH+16
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" role=\"img\">\n", pw, ph, pw, ph)
	_, paper, _ := th.u.th.base.Decompose()
	fmt.Fprintf(&b, "<rect width=\"100%%\" height=\"100%%\" rx=\"6\" fill=\"%s\"/>\n", paper.CSS())
	fmt.Fprintf(&b, "<g transform=\"translate(8 8)\" font-family=\"ui-monospace,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace\" font-size=\"%d\" xml:space=\"preserve\">\n", letters)
	for y := range h {
		row := cells[y*w : (y+1)*w]
		for x := 0; x < w; {
			n := 1
			for x+n < w && row[x+n].Style == row[x].Style {
				n++
			}
			drawRun(&b, row[x:x+n], x, y, paper)
			x += n
		}
	}
	b.WriteString("</g>\n</svg>\n")
	return b.String()
}

// drawRun draws cells of one style: their ground where it is not the paper, then
// words and lines.
func drawRun(b *strings.Builder, run []tcell.SimCell, x, y int, paper tcell.Color) {
	fg, bg, attr := run[0].Style.Decompose()
	if attr&tcell.AttrReverse != 0 {
		fg, bg = bg, fg
	}
	left, top := float64(x)*cellW, float64(y)*cellH
	if bg != paper {
		fmt.Fprintf(b, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n", left, top, float64(len(run))*cellW, cellH, bg.CSS())
	}
	look := "fill=\"" + fg.CSS() + "\""
	if attr&tcell.AttrBold != 0 {
		look += " font-weight=\"bold\""
	}
	if attr&tcell.AttrItalic != 0 {
		look += " font-style=\"italic\""
	}
	if attr&tcell.AttrUnderline != 0 {
		look += " text-decoration=\"underline\""
	}
	for i := 0; i < len(run); {
		sign := string(run[i].Runes)
		if d := rule(sign); d != "" {
			n := 1
			for i+n < len(run) && string(run[i+n].Runes) == sign && (sign == "─" || sign == "━") {
				n++
			}
			fmt.Fprintf(b, "<path transform=\"translate(%.1f %.1f) scale(%d 1)\" d=\"%s\" fill=\"%s\"/>\n", left+float64(i)*cellW, top, n, d, fg.CSS())
			i += n
			continue
		}
		if strings.TrimSpace(sign) == "" {
			i++
			continue
		}
		n, word := 0, ""
		for i+n < len(run) && rule(string(run[i+n].Runes)) == "" {
			s := string(run[i+n].Runes)
			if s == " " && (i+n+1 >= len(run) || string(run[i+n+1].Runes) == " ") {
				break // two blanks part words
			}
			word += s
			n++
		}
		fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%.1f\" textLength=\"%.1f\" lengthAdjust=\"spacingAndGlyphs\" %s>%s</text>\n",
			left+float64(i)*cellW, top+baseline, float64(n)*cellW, look, html.EscapeString(word))
		i += n
	}
}

// rule is the shape of a sign of which lines and frames are made, in a cell;
// drawn and not written it has no gaps. Empty for any other sign.
func rule(sign string) string {
	const mx, my = cellW / 2, cellH / 2
	box := func(x, y, w, h float64) string { return fmt.Sprintf("M%.1f %.1fh%.1fv%.1fh%.1fz", x, y, w, h, -w) }
	switch sign {
	case "─":
		return box(0, my-.5, cellW, 1)
	case "━":
		return box(0, my-1.2, cellW, 2.4)
	case "│":
		return box(mx-.5, 0, 1, cellH)
	case "┌":
		return box(mx-.5, my-.5, mx+.5, 1) + box(mx-.5, my-.5, 1, my+.5)
	case "┐":
		return box(0, my-.5, mx+.5, 1) + box(mx-.5, my-.5, 1, my+.5)
	case "└":
		return box(mx-.5, my-.5, mx+.5, 1) + box(mx-.5, 0, 1, my+.5)
	case "┘":
		return box(0, my-.5, mx+.5, 1) + box(mx-.5, 0, 1, my+.5)
	case "█":
		return box(0, 0, cellW, cellH)
	}
	return ""
}

// The pictures of the README are made from what the screen really shows.
func TestPictures(t *testing.T) {
	for _, s := range scenes(t) {
		th := s.set(120, 36)
		*th.u.th = *newSkin(skinOf("dark"), trueColours, "")
		th.u.renewAll()
		th.tick()
		got := th.picture()
		file := filepath.Join("testdata", strings.Replace(s.name, "scene", "picture", 1)+".svg")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s is not what the screen shows; run with -update and look at it", file)
		}
	}
}
