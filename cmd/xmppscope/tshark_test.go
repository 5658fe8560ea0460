package main

import (
	"bytes"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"xmppscope/captures/samples"
)

// The fields that tshark is asked for, in this order.
const (
	tsharkTCPSum = iota
	tsharkIPSum
	tsharkMalformed
	tsharkExpert
	tsharkLost
	tsharkComment
	tsharkIQ
	tsharkMessage
	tsharkPresence
	tsharkFields
)

// tshark reads a capture with the ports of the samples decoded as XMPP. For
// each frame it tells the fields above.
func tshark(t *testing.T, path string) (frames [][]string) {
	t.Helper()
	args := []string{"-r", path, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"}
	for _, port := range []string{"tcp.port==5223,xmpp", "tcp.port==5269,xmpp", "tcp.port==5347,xmpp", "tcp.port==5280,http"} {
		args = append(args, "-d", port)
	}
	args = append(args, "-T", "fields")
	for _, field := range []string{"tcp.checksum.status", "ip.checksum.status", "_ws.malformed", "_ws.expert.message", "tcp.analysis.lost_segment", "frame.comment", "xmpp.iq", "xmpp.message", "xmpp.presence"} {
		args = append(args, "-e", field)
	}
	var out, complaints bytes.Buffer
	c := exec.Command("tshark", args...)
	c.Stdout, c.Stderr = &out, &complaints
	if err := c.Run(); err != nil {
		t.Fatalf("%v: %s", err, complaints.String())
	}
	for line := range strings.Lines(out.String()) {
		if f := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); len(f) == tsharkFields {
			frames = append(frames, f)
		} else {
			t.Fatalf("tshark says %q", line)
		}
	}
	return frames
}

// stanzas counts the frames in which tshark sees a stanza.
func stanzas(frames [][]string) (n int) {
	for _, f := range frames {
		if f[tsharkIQ]+f[tsharkMessage]+f[tsharkPresence] != "" {
			n++
		}
	}
	return n
}

// commandOutput runs a command line that must succeed.
func commandOutput(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if code := run(t.Context(), &streams{in: strings.NewReader(""), out: &out, err: io.Discard}, args); code != exitDone {
		t.Fatalf("xmppscope %s: exit code %d", strings.Join(args, " "), code)
	}
	return out.String()
}

// TestTsharkReadsExports: what export writes of each recording, as packets with
// keys and in the clear, is sound to tshark: no bad checksum in what we made,
// nothing malformed, our comments, and every stanza where it knows the carrier.
func TestTsharkReadsExports(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed")
	}
	// tshark knows no XMPP in HTTP and WebSocket, and of broken XML it takes
	// what it likes; in TLS it sees XMPP only behind STARTTLS.
	unknown := []string{"bosh", "websocket", "broken-client"}
	secret := []string{"starttls", "tls12", "scram-plus"}
	for _, s := range samples.All() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			want := strings.Count(commandOutput(t, "dump", "--json", "sample:"+s.Name), `"kind":"stanza"`)
			path := filepath.Join(t.TempDir(), "out.pcapng")
			commandOutput(t, "export", "sample:"+s.Name, "--format", "pcapng", "--plaintext", "-o", path)
			frames := tshark(t, path)
			for i, f := range frames {
				switch {
				case f[tsharkTCPSum] != "1" || f[tsharkIPSum] != "1":
					t.Errorf("frame %d: checksums %q", i+1, f[:2])
				case f[tsharkMalformed] != "" && !strings.Contains(f[tsharkExpert], "Closing an unopened tag"): // it says so of every </stream:stream>
					t.Errorf("frame %d: %s", i+1, f[tsharkExpert])
				case f[tsharkLost] != "" && s.Name != "starttls": // the first conversation there stays secret
					t.Errorf("frame %d: tshark misses a segment before", i+1)
				case f[tsharkComment] == "" && (i == 2 || f[tsharkIQ]+f[tsharkMessage]+f[tsharkPresence] != ""): // frame 3 ends the TCP handshake
					t.Errorf("frame %d: no comment", i+1)
				}
			}
			if got := stanzas(frames); got != want && !slices.Contains(unknown, s.Name) {
				t.Errorf("in the clear: %d stanzas, want %d", got, want)
			}
			commandOutput(t, "export", "sample:"+s.Name, "--format", "pcapng", "-o", path)
			frames = tshark(t, path)
			if !slices.ContainsFunc(frames, func(f []string) bool { return f[tsharkComment] != "" }) {
				t.Error("no comment on any packet")
			}
			if got := stanzas(frames); got != want && slices.Contains(secret, s.Name) {
				t.Errorf("by the keys: %d stanzas, want %d", got, want)
			}
		})
	}
}
