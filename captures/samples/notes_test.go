package samples

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
)

// frame is one packet of a recording as the library next door sees it.
type frame struct {
	from, to   string // host:port
	fromServer bool
	payload    []byte
}

// frames reads a recording with a reader that is not ours.
func frames(t *testing.T, name string) []frame {
	t.Helper()
	b := read(t, name)
	var source gopacket.PacketDataSource
	var err error
	if format(b) == "pcapng" {
		source, err = pcapgo.NewNgReader(bytes.NewReader(b), pcapgo.DefaultNgReaderOptions)
	} else {
		source, err = pcapgo.NewReader(bytes.NewReader(b))
	}
	if err != nil {
		t.Fatal(err)
	}
	var all []frame
	var server layers.TCPPort
	for {
		data, _, err := source.ReadPacketData()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatalf("frame %d: %v", len(all)+1, err)
		}
		p := gopacket.NewPacket(data, layers.LayerTypeEthernet, gopacket.Default)
		if u, ok := p.TransportLayer().(*layers.UDP); ok && (u.SrcPort == 53 || u.DstPort == 53) {
			all = append(all, frame{}) // DNS has its number, and no place in a stream
			continue
		}
		ip, isIP := p.NetworkLayer().(*layers.IPv4)
		tcp, isTCP := p.TransportLayer().(*layers.TCP)
		if !isIP || !isTCP || !ip.SrcIP.IsLoopback() || !ip.DstIP.IsLoopback() {
			t.Fatalf("frame %d is not TCP on loopback: %v", len(all)+1, p)
		}
		if server == 0 {
			server = tcp.DstPort // the first SYN goes to it
		}
		all = append(all, frame{
			from:       fmt.Sprintf("%s:%d", ip.SrcIP, tcp.SrcPort),
			to:         fmt.Sprintf("%s:%d", ip.DstIP, tcp.DstPort),
			fromServer: tcp.SrcPort == server,
			payload:    tcp.Payload,
		})
	}
}

var (
	row  = regexp.MustCompile(`^\|\s*([0-9?]+)\s*\|\s*([^|]+?)\s*\|(.*)\|$`)
	code = regexp.MustCompile("`([^`]+)`")
)

// A note says what happens in which frame. Each row's first piece of code is text that this frame carries;
// a blank stands for a frame with one blank and nothing else.
func TestNotesTellTheTruth(t *testing.T) {
	for _, s := range All() {
		t.Run(s.Name, func(t *testing.T) {
			note, err := Note(s.Name)
			if err != nil {
				t.Fatal(err)
			}
			if want := "# " + s.Name + ": "; !strings.HasPrefix(note, want) {
				t.Errorf("the page does not begin with %q", want)
			}
			for _, who := range strings.Split(s.Server+", "+s.Client, ", ") {
				if !strings.Contains(note, who) {
					t.Errorf("the page does not name %s", who)
				}
			}
			all, rows := frames(t, s.Name), 0
			for _, line := range strings.Split(note, "\n") {
				if m := row.FindStringSubmatch(line); m != nil {
					rows++
					checkRow(t, all, m[1], m[2], m[3])
				}
			}
			if rows < 2 {
				t.Errorf("%d rows with frame numbers", rows)
			}
		})
	}
}

func checkRow(t *testing.T, all []frame, number, who, text string) {
	t.Helper()
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(all) {
		t.Errorf("frame %s of %d", number, len(all))
		return
	}
	literal := code.FindStringSubmatch(text)
	if literal == nil {
		t.Errorf("frame %d: the row quotes nothing", n)
		return
	}
	f := all[n-1]
	if !bytes.Contains(f.payload, []byte(literal[1])) || (literal[1] == " " && len(f.payload) != 1) {
		t.Errorf("frame %d carries no %q", n, literal[1])
	}
	if strings.HasPrefix(who, "server") != f.fromServer {
		t.Errorf("frame %d is not from %s", n, who)
	}
}

// The follow files are tshark's word on the bytes; the proof against our own reassembly stands in package captures.
// Here: each recording has one, it names the recording's own connections, and both directions of each.
func TestFollowFilesFitTheRecordings(t *testing.T) {
	line := regexp.MustCompile(`^(\d+) (\S+) (\S+) (\d+) [0-9a-f]{64}$`)
	for _, s := range All() {
		t.Run(s.Name, func(t *testing.T) {
			text, err := os.ReadFile("testdata/" + s.Name + ".follow")
			if err != nil {
				t.Fatal(err)
			}
			onWire := map[string]int{}
			for _, f := range frames(t, s.Name) {
				if f.from != "" {
					onWire[f.from+" "+f.to] += len(f.payload)
				}
			}
			lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
			if len(lines) != len(onWire) {
				t.Errorf("%d lines for %d directions", len(lines), len(onWire))
			}
			for i, l := range lines {
				m := line.FindStringSubmatch(l)
				if m == nil || m[1] != strconv.Itoa(i/2) {
					t.Fatalf("line %d: %q", i+1, l)
				}
				// Nothing is lost or sent twice on loopback, so the packets add up.
				if length, _ := strconv.Atoi(m[4]); length != onWire[m[2]+" "+m[3]] {
					t.Errorf("line %d: %s bytes, the packets have %d", i+1, m[4], onWire[m[2]+" "+m[3]])
				}
			}
		})
	}
}
