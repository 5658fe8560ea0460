package main

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// silence is how long the proxy of a scene waits for DNS.
const silence = time.Second

// sceneDNS is the name server of a scene: it is asked by nobody but its proxy. The
// records are course.Scene.DNS; port stands in the place of PORT.
type sceneDNS struct {
	records map[string][]string
	port    func() string

	mu    sync.Mutex
	asked map[string]int // how often each name was asked for
}

// check tells which record cannot be read.
func (d *sceneDNS) check() error {
	for name, all := range d.records {
		for _, text := range all {
			if text == dnsSilent || text == dnsBroken || text == dnsThen {
				continue
			}
			if _, err := netip.ParseAddr(text); err == nil {
				continue
			}
			if _, err := readSRV(text, "1"); err != nil {
				return fmt.Errorf("dns: %s: %w", name, err)
			}
		}
	}
	return nil
}

// Words that stand in the place of records.
const (
	dnsSilent = "silent"
	dnsBroken = "servfail"
	dnsThen   = "then"
)

// now are the records of a name at this time: the owner of the domain changes them
// at each word then, when the name has been asked for once more.
func (d *sceneDNS) now(key string) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.asked == nil {
		d.asked = map[string]int{}
	}
	all := d.records[key]
	for range d.asked[key] {
		i := slices.Index(all, dnsThen)
		if i < 0 {
			break
		}
		all = all[i+1:]
	}
	d.asked[key]++
	if i := slices.Index(all, dnsThen); i >= 0 {
		all = all[:i]
	}
	return all
}

// readSRV reads "priority weight port target" (RFC 2782).
func readSRV(text, port string) (*net.SRV, error) {
	words := strings.Fields(text)
	if len(words) != 4 {
		return nil, fmt.Errorf("%q is neither an address nor \"priority weight port target\"", text)
	}
	if words[2] == "PORT" {
		words[2] = port
	}
	var numbers [3]uint16
	for i := range numbers {
		n, err := strconv.ParseUint(words[i], 10, 16)
		if err != nil {
			return nil, fmt.Errorf("%q: %s is no number up to 65535", text, words[i])
		}
		numbers[i] = uint16(n)
	}
	return &net.SRV{Priority: numbers[0], Weight: numbers[1], Port: numbers[2], Target: strings.TrimSuffix(words[3], ".") + "."}, nil
}

// find gives the records of a name; known is false where it does not exist.
func (d *sceneDNS) find(ctx context.Context, name string) (all []string, known bool, err error) {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	for key := range d.records {
		if strings.ToLower(strings.TrimSuffix(key, ".")) == name {
			all = d.now(key)
			known = len(all) > 0
			if !known {
				return nil, false, nxDomain(name)
			}
		}
	}
	switch {
	case known && all[0] == dnsSilent:
		<-ctx.Done()
		return nil, true, &net.DNSError{Err: "i/o timeout", Name: name, IsTimeout: true, IsTemporary: true}
	case known && all[0] == dnsBroken:
		return nil, true, &net.DNSError{Err: "server misbehaving", Name: name, IsTemporary: true}
	}
	return all, known, nil
}

func nxDomain(name string) error {
	return &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

// LookupSRV implements dial.Resolver, like the method below.
func (d *sceneDNS) LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error) {
	full := "_" + service + "._" + proto + "." + strings.TrimSuffix(name, ".")
	all, _, err := d.find(ctx, full)
	var found []*net.SRV
	for _, text := range all {
		if srv, bad := readSRV(text, d.port()); bad == nil {
			found = append(found, srv)
		}
	}
	if err == nil && len(found) == 0 {
		err = nxDomain(full)
	}
	return full + ".", found, err
}

func (d *sceneDNS) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	all, known, err := d.find(ctx, host)
	if err != nil {
		return nil, err
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if !known && (host == "localhost" || strings.HasSuffix(host, ".localhost")) {
		all = []string{"127.0.0.1"} // RFC 6761 §6.3
	}
	var found []netip.Addr
	for _, text := range all {
		a, bad := netip.ParseAddr(text)
		if bad == nil && (network == "ip" || (network == "ip4") == a.Is4()) {
			found = append(found, a)
		}
	}
	if len(found) == 0 {
		return nil, nxDomain(host)
	}
	return found, nil
}
