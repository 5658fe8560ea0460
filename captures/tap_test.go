package captures

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
)

var (
	tapClient = netip.MustParseAddrPort("127.0.0.1:40112")
	tapDoor   = netip.MustParseAddrPort("127.0.0.1:5222")
	tapServer = netip.MustParseAddrPort("127.0.0.1:15222")
)

// played tells a tap a short conversation in which a stanza of each side was
// held and changed, one was dropped and one inserted.
func played(t *Tap) {
	at := time.Unix(1767323045, 6)
	next := func() time.Time { at = at.Add(time.Millisecond + 7); return at }
	const (
		header   = "<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
		response = "<stream:stream id='1' from='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
		features = "<stream:features/>"
		message  = "<message to='romeo@localhost'><body>hello</body></message>"
		changed  = "<message to='romeo@localhost'><body>\u202e &lt;&#x7f;</body></message>"
		ping     = "<iq type='get' id='x'><ping xmlns='urn:xmpp:ping'/></iq>"
	)
	t.Open(1, false, tapClient, tapDoor, next())
	t.Open(1, true, tapDoor, tapServer, next())
	t.Data(1, false, decode.FromInitiator, next(), []byte(header))
	t.Data(1, true, decode.FromInitiator, next(), []byte(header))
	t.Data(1, true, decode.FromReceiver, next(), []byte(response+features))
	t.Data(1, false, decode.FromReceiver, next(), []byte(response))
	t.Data(1, false, decode.FromReceiver, next(), []byte("<stream:features></stream:features>"),
		decode.Mark{Do: decode.MarkEdit, Dir: decode.FromReceiver, At: int64(len(response)), N: 35, Text: []byte(features), Note: "rule"})
	t.Data(1, false, decode.FromInitiator, next(), []byte(message+message),
		decode.Mark{Do: decode.MarkHold, Dir: decode.FromInitiator, At: int64(len(header)), N: int64(len(message)), ID: 1, Note: "break"})
	t.Data(1, false, decode.FromReceiver, next(), []byte(message))
	t.Mark(1, next(), decode.Mark{Do: decode.MarkRelease, Dir: decode.FromInitiator, ID: 1, Origin: decode.OriginEdited, Text: []byte(changed)})
	t.Mark(1, next(), decode.Mark{Do: decode.MarkHold, Dir: decode.FromReceiver, ID: 2, Text: []byte(message)})
	t.Mark(1, next(), decode.Mark{Do: decode.MarkInsert, Dir: decode.FromInitiator, At: int64(len(header + message + message)), Origin: decode.OriginInjected, Text: []byte(ping)})
	t.Mark(1, next(), decode.Mark{Do: decode.MarkRelease, Dir: decode.FromReceiver, ID: 2, Origin: decode.OriginDropped, Note: strings.Repeat("long ", 20)})
	t.Mark(1, next(), decode.Mark{Do: decode.MarkDrop, Dir: decode.FromReceiver, Text: []byte("<message><body>" + strings.Repeat("ü", 3*maxMarkText) + "</body></message>")})
	t.Data(1, false, decode.FromInitiator, next(), []byte("</stream:stream>"))
	t.Data(1, false, decode.FromReceiver, next(), []byte("</stream:stream>"))
	t.End(1, false, decode.FromInitiator, next(), false)
	t.End(1, false, decode.FromReceiver, next(), false)
	t.End(1, true, decode.FromInitiator, next(), true)
	t.Forget(1)
}

// toldOf lists what reading gives, frames apart.
func toldOf(t *testing.T, in Input, held bool) (all []string) {
	t.Helper()
	told(t, in, held, func(line string) { all = append(all, line) })
	return all
}

// told gives it line by line while it comes.
func told(t *testing.T, in Input, held bool, tell func(string)) {
	t.Helper()
	o := Options{Live: true}
	if held {
		o.Held = func(e *decode.Event) { tell(fmt.Sprintf("held %d", e.Seq)) }
	}
	for i, err := range Read(context.Background(), []Input{in}, o) {
		if err != nil {
			t.Error(err)
		}
		if e := i.Event; e != nil {
			tell(fmt.Sprintf("%d %s %s %s %s %s %q was %.80q (%s)", e.Seq, e.Time.Format(time.RFC3339Nano), e.Dir, e.Origin, e.Kind, e.Step, e.Wire, e.Original, e.Note))
		} else {
			tell(fmt.Sprintf("%s %s %s", i.Conversation.Initiator, i.Conversation.Receiver, i.Conversation.Outcome))
		}
	}
}

func TestARecordingGivesTheEventsOfTheLiveTap(t *testing.T) {
	var file bytes.Buffer
	tap := NewTap(TapOptions{Record: &file, Live: true})
	played(tap)
	if err := tap.Close(); err != nil {
		t.Fatal(err)
	}
	live := toldOf(t, tap.Input(), true)
	again := toldOf(t, fileOf(file.Bytes()), true)
	if strings.Join(live, "\n") != strings.Join(again, "\n") {
		t.Errorf("live:\n%s\nagain:\n%s", strings.Join(live, "\n"), strings.Join(again, "\n"))
	}
	whole := strings.Join(live, "\n")
	whole = strings.ReplaceAll(whole, strings.Repeat("ü", 1000), "")
	for _, want := range []string{"held 5", "edited stanza exchange \"<message to='romeo@localhost'><body>\\u202e", " injected stanza ", " dropped stanza exchange \"<message><body>üü", "127.0.0.1:40112 127.0.0.1:5222 closed"} {
		if !strings.Contains(whole, want) {
			t.Errorf("lacks %q:\n%s", want, whole)
		}
	}
	if strings.Contains(whole, "15222") {
		t.Error("the other leg is a conversation")
	}
}

func fileOf(b []byte) Input {
	return Input{Name: "recording", Size: int64(len(b)), Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}
}

// A recording that was killed is what was written until then: every prefix opens.
func TestARecordingCutAnywhereOpens(t *testing.T) {
	var file bytes.Buffer
	tap := NewTap(TapOptions{Record: &file})
	played(tap)
	tap.Close()
	for n := 512; n < file.Len(); n += 97 {
		toldOf(t, fileOf(file.Bytes()[:n]), false)
	}
}

// Marks of a file that is none of ours are a comment like any other.
func TestMarksOfAnotherProgramAreNone(t *testing.T) {
	var file bytes.Buffer
	tap := NewTap(TapOptions{Record: &file})
	played(tap)
	tap.Close()
	other := bytes.Replace(file.Bytes(), []byte(recorderName), []byte("xmppscope-proxy"), 1)
	if got := strings.Join(toldOf(t, fileOf(other), true), "\n"); strings.Contains(got, "edited") || strings.Contains(got, "held ") {
		t.Error(got)
	}
}

func TestTsharkReadsARecording(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed")
	}
	path := filepath.Join(t.TempDir(), "recording.pcapng")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	tap := NewTap(TapOptions{Record: f})
	played(tap)
	tap.Close()
	out, err := exec.Command("tshark", "-r", path, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE",
		"-T", "fields", "-e", "frame.interface_name", "-e", "tcp.checksum.status", "-e", "ip.checksum.status", "-e", "tcp.analysis.duplicate_ack").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) < 20 {
		t.Fatalf("%d packets", len(lines))
	}
	for i, l := range lines {
		if strings.Count(l, "\t") > 2 && !strings.HasSuffix(l, "\t") {
			t.Errorf("packet %d: Wireshark sees a fault in it", i+1)
		}
		if !strings.HasPrefix(l, "client leg\t1\t1") && !strings.HasPrefix(l, "server leg\t1\t1") {
			t.Errorf("packet %d: %q", i+1, l)
		}
	}
	if out, err := exec.Command("capinfos", path).Output(); err == nil && !strings.Contains(string(out), recorderName) {
		t.Errorf("%s", out)
	}
}

// full is a disk without room.
type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errors.New("no space left on device")
	}
	return len(p), nil
}

func TestAFullDiskEndsTheRecordingOnly(t *testing.T) {
	failed := make(chan error, 9)
	tap := NewTap(TapOptions{Record: &full{left: 600}, Live: true, Failed: func(err error) { failed <- err }})
	played(tap)
	tap.Close()
	if got := toldOf(t, tap.Input(), false); len(got) < 10 {
		t.Error(got)
	}
	if err := <-failed; err == nil || len(failed) != 0 {
		t.Error(err, len(failed))
	}
}

// Real TLS, keys told as the handshake goes on: both readers decrypt it.
func TestATapOfTLSIsDecrypted(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		var file bytes.Buffer
		tap := NewTap(TapOptions{Record: &file, Live: true})
		overTLS(t, tap, version)
		tap.Close()
		live, again := toldOf(t, tap.Input(), false), toldOf(t, fileOf(file.Bytes()), false)
		if strings.Join(live, "\n") != strings.Join(again, "\n") {
			t.Errorf("live:\n%s\nagain:\n%s", strings.Join(live, "\n"), strings.Join(again, "\n"))
		}
		if !strings.Contains(strings.Join(live, "\n"), "stanza exchange \"<message/>\"") {
			t.Errorf("%s", strings.Join(live, "\n"))
		}
	}
}
