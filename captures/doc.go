// Package captures knows bytes at rest: capture files, the packets in them, the
// TCP streams those packets carry, and which frame carried which byte. It must
// not know sockets of its own making, screens, or what a stanza means.
//
// The way of the data, one file a step:
//
//	open.go     which format is this; gzip and zstd; errors a person can act on
//	window.go   big reads, records handed out without copying
//	pcap.go     the classic file, and how to go on after damage
//	pcapng.go   blocks, sections, interfaces, embedded keys
//	merge.go    several inputs on one time line
//	link.go     from the link header to the IP header
//	ip.go       IPv4, IPv6, TCP and UDP headers, through gopacket's layers
//	frag.go     IP fragments
//	flow.go     the connection table
//	tcp.go      ordered bytes per direction; gaps, overlaps, ends
//
//	feed.go       that, on a goroutine of its own, in batches
//	recognise.go  is this XMPP
//	desk.go       from ordered bytes to events, several desks side by side
//	numbering.go  their work in the order of the packets
//	keyring.go    secrets of TLS: key logs, which may grow, and embedded ones
//	read.go       all of it, as one sequence
//
//	write.go      a pcapng file
//	selection.go  chosen connections of a capture, copied into one
//	plain.go      what was said, as TCP in the clear
//	tap.go        what passes through a proxy, as packets to record and to read
//	tap_marks.go  what the proxy did itself, as comments of packets
//
// The steps up to tcp.go never look at payload; [Assembler] hands ordered bytes
// to a [Handler]. [Read] is the door of the package.
package captures
