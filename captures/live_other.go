//go:build !linux

package captures

import "context"

// Live captures on a network interface; here it only says how to do without.
func Live(iface string) Input {
	return Input{Name: iface, Size: -1, source: func(context.Context, OpenOptions) (source, error) {
		return nil, &OpenError{Name: iface, Reason: ErrUnreadable, Detail: "live capture works on Linux only",
			Hint: "pipe a capture in: tcpdump -U -w - | xmppscope open -"}
	}}
}
