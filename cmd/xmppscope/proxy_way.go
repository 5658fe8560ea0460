package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"xmppscope/proxy"
	"xmppscope/proxy/dial"
)

// This file is the way to the server: only to what the flags name, and never
// back to the proxy itself.

// own makes the proxy refuse to connect to itself.
func (j *proxying) own(bound []proxy.Bound) {
	var all []netip.AddrPort
	for _, b := range bound {
		all = append(all, b.Addr)
	}
	j.dialing.Own = dial.Own(all, nil)
}

// itself refuses a server that is this proxy. What a name leads to may change:
// each connection is looked at too.
func (j *proxying) itself(ctx context.Context) error {
	if j.flags.to == "" {
		return nil
	}
	ctx, stop := context.WithTimeout(ctx, 3*time.Second)
	defer stop()
	plan, err := dial.Find(ctx, dial.Request{To: j.flags.to, Wish: j.wish}, j.dialing, nil)
	if err != nil || len(plan.Targets) == 0 {
		return nil // is told to the clients
	}
	all, err := plan.Addresses(ctx, plan.Targets[0], nil)
	if err != nil || len(all) == 0 || slices.ContainsFunc(all, func(a netip.AddrPort) bool { return !j.dialing.Own(a) }) {
		return nil
	}
	return usage("--to "+j.flags.to, fmt.Sprintf("that is where this proxy listens itself: %s", all[0]), "--to names the server; --listen 127.0.0.1:0 lets the proxy take a port that is free")
}

// dial opens the connection to the server: only to what the flags name.
func (j *proxying) dial(ctx context.Context, f proxy.Facts) (up proxy.Upstream, err error) {
	trail := &dial.Trail{}
	r := dial.Request{Domain: j.flags.domain, To: j.flags.to, Service: f.Service(), Wish: j.wish}
	if j.route != nil {
		r.To = j.route(&f)
	}
	if r.To != "" {
		r.Domain = ""
	}
	plan, err := dial.Find(ctx, r, j.dialing, trail)
	var link *dial.Link
	if err == nil {
		link, err = plan.Connect(ctx, trail)
	}
	if err != nil {
		return up, err
	}
	up = proxy.Upstream{Conn: link.Conn, Wrapping: link.Target.Wrapping, Domain: j.domainOf(&f)}
	up.Sealed = j.wish == dial.StartTLS
	if up.URL = link.Target.URL; up.URL != nil && j.overWeb() {
		up.Domain = up.URL.Hostname()
	}
	if j.wish == dial.Auto && r.To != "" && link.Target.URL == nil {
		up.Wrapping = dial.Auto // as the client does
	}
	for _, entry := range trail.Entries() {
		up.Notes = append(up.Notes, entry.Text)
	}
	return up, nil
}

// overWeb tells whether the server's certificate must be for the host of a URL:
// where HTTP is spoken with it, and no domain was named beside an address (RFC
// 7395 §3.9, RFC 9110 §4.3.4).
func (j *proxying) overWeb() bool {
	return (j.wish.Web() || strings.Contains(j.flags.to, "://")) && (j.flags.to == "" || j.flags.domain == "")
}

// allow judges where a client of SOCKS5 or CONNECT wants to go: only to the
// server that the flags name.
// What port it names does not count.
func (j *proxying) allow(hostport string) error {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		return err
	}
	to, _, err := net.SplitHostPort(j.flags.to)
	if err != nil {
		to = j.flags.to
	}
	for _, ok := range []string{j.flags.domain, to} {
		if ok != "" && strings.EqualFold(strings.TrimSuffix(host, "."), strings.Trim(ok, "[]")) {
			return nil
		}
	}
	return errors.New("this proxy leads to " + j.place() + " only")
}

// place says where the server is, as the user did.
func (j *proxying) place() string {
	if j.flags.to != "" {
		return j.flags.to
	}
	return j.flags.domain
}
