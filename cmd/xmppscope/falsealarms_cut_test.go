package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"xmppscope/captures/samples"
	"xmppscope/decode/lint"
)

// unseen are rules that a capture which lacks a packet may still break: that it
// is missing shows nowhere. The text is a part of what they say then.
var unseen = map[string]struct{ text, why string }{
	"tls-close-notify-missing": {"", "a reset behind the lost packet is the last one"},
	"tls-failed":               {"TLS ends with the alert decode_error", "what OpenSSL says to the lost end of TCP"},
}

// TestNoFalseAlarmsOnParts takes recordings that begin late, end early, or lack a
// packet: nothing may be wrong with them that is not wrong with the whole.
func TestNoFalseAlarmsOnParts(t *testing.T) {
	passwords := map[string][]string{}
	for _, s := range samples.All() {
		passwords[s.Name] = s.Passwords
	}
	step := 2
	if testing.Short() {
		step = 19
	}
	for name, data := range recordings(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			head, packets := split(data)
			if len(packets) < 10 {
				t.Fatalf("%d packets", len(packets))
			}
			secrets, known := knowing(t, passwords[name]), map[string]bool{}
			for _, k := range judged[name] {
				known[k.rule] = true
			}
			check := func(what string, parts ...[][]byte) {
				cut := bytes.Clone(head)
				for _, p := range parts {
					cut = append(cut, bytes.Join(p, nil)...)
				}
				for rule, list := range faultsIn(t, cut, secrets) {
					miss, lost := unseen[rule]
					lost = lost && !slices.ContainsFunc(list, func(f lint.Finding) bool { return !strings.HasPrefix(f.Text, miss.text) })
					if !known[rule] && !lost {
						t.Errorf("%s: %s is a false alarm:%s", what, rule, places(list))
					}
				}
			}
			for n := 1; n < len(packets); n += step {
				check(fmt.Sprintf("from packet %d", n), packets[n:])
				check(fmt.Sprintf("up to packet %d", n), packets[:n])
				check(fmt.Sprintf("without packet %d", n), packets[:n], packets[n+1:])
			}
		})
	}
}

// split takes a capture apart: what stands before the packets, with the keys, and
// the packets. The recordings are little-endian.
func split(data []byte) (head []byte, packets [][]byte) {
	const blockPacket = 6
	if data[0] != 0x0a { // pcap
		head, data = data[:24], data[24:]
		for len(data) >= 16 {
			n := 16 + int(binary.LittleEndian.Uint32(data[8:]))
			packets, data = append(packets, data[:n]), data[n:]
		}
		return head, packets
	}
	for len(data) >= 12 { // pcapng
		n := int(binary.LittleEndian.Uint32(data[4:]))
		if binary.LittleEndian.Uint32(data) == blockPacket {
			packets = append(packets, data[:n])
		} else {
			head = append(head, data[:n]...)
		}
		data = data[n:]
	}
	return head, packets
}
