package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"net/netip"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/proxy/dial"
	"xmppscope/proxy/verify"
)

// maxDoors is how many addresses a probe looks at.
const maxDoors = 16

// Report is what was found.
type Report struct {
	Domain  string
	Service dial.Service
	// Records are the SRV records, in the order in which they are tried.
	Records []dial.Record
	// Documents are what host-meta says; nil where it was not asked.
	Documents []dial.Document
	// Doors are the addresses, in the order in which a client would try them.
	Doors []Door
	// Passed is how many addresses were not looked at.
	Passed int
	// Versions are the versions of TLS that the first door with TLS takes.
	Versions []Version
	// VersionsAt is that door.
	VersionsAt string
}

// Reached tells whether a stream was answered at any door.
func (r *Report) Reached() bool {
	for i := range r.Doors {
		if len(r.Doors[i].Menus) > 0 || r.Doors[i].TLS != nil {
			return true
		}
	}
	return false
}

// Door is one address of one target.
type Door struct {
	Target dial.Target
	Addr   netip.AddrPort
	// Conn is the conversation that was had there; 0 where there was none.
	Conn decode.ConnID
	// Took is how long TCP took; 0 where it did not come about.
	Took time.Duration
	// Menus are what was offered, before and after TLS.
	Menus []Menu
	// TLS is the connection as Go negotiated it; nil without TLS.
	TLS *tls.ConnectionState
	// Verdict is what its certificate is worth; nil without TLS.
	Verdict *verify.Result
	// Dropped is clear text that came between <proceed/> and TLS.
	Dropped []byte
	// Err says why it went no further; nil where the last menu came.
	Err error
}

// Version is one version of TLS, and whether the server takes it.
type Version struct {
	Version uint16
	Cipher  uint16 // what was chosen
	Err     error  // nil: it takes it
}

// Run asks. The error is that there is nowhere to go, and that of ctx; whatever
// happens at the doors stands in the Report.
func Run(ctx context.Context, o *Options) (*Report, error) {
	r := &Report{Domain: o.domain(), Service: o.Request.Service}
	plan, err := dial.Find(ctx, o.Request, o.Dial, o.Trail)
	r.Records = plan.Records
	if o.Request.To == "" && o.Request.Service == dial.Client && !errors.Is(err, dial.ErrUsage) && ctx.Err() == nil {
		r.Documents = plan.HostMeta(ctx, o.Trail)
	}
	if err != nil {
		return r, err
	}
	for _, t := range plan.Targets {
		all, err := plan.Addresses(ctx, t, o.Trail)
		if err != nil {
			r.Doors = append(r.Doors, Door{Target: t, Err: err})
		}
		for _, a := range all {
			if len(r.Doors) >= maxDoors {
				r.Passed++
				continue
			}
			r.Doors = append(r.Doors, look(ctx, plan, t, a, o))
		}
		if ctx.Err() != nil {
			return r, context.Cause(ctx)
		}
	}
	r.versions(ctx, plan, o)
	return r, ctx.Err()
}

// look opens one door, and closes it again.
func look(ctx context.Context, plan *dial.Plan, t dial.Target, a netip.AddrPort, o *Options) Door {
	d := Door{Target: t, Addr: a}
	o.Trail.Add(dial.Tried, "TCP to %s", a)
	began := time.Now()
	c, err := plan.Dial(ctx, a)
	if err != nil {
		o.Trail.Add(dial.Failed, "%v", err)
		d.Err = err
		return d
	}
	d.Took = time.Since(began)
	o.Trail.Add(dial.Reached, "%s answered after %s", a, d.Took.Round(time.Microsecond))
	s, err := Open(ctx, &dial.Link{Conn: c, Target: t, Addr: a}, o)
	s.Close(ctx, time.Second)
	d.Err, d.Menus, d.Conn = err, s.Menus, o.counted.conns
	if s.Leg != nil {
		d.TLS, d.Dropped = s.Leg.TLS, s.Leg.Dropped
	}
	d.Verdict = s.Verdict()
	return d
}

// versions tries each version of TLS at the first door that has TLS.
func (r *Report) versions(ctx context.Context, plan *dial.Plan, o *Options) {
	for i := range r.Doors {
		if d := &r.Doors[i]; d.TLS != nil {
			r.VersionsAt = d.Addr.String()
			for v := uint16(tls.VersionTLS13); v >= tls.VersionTLS10 && ctx.Err() == nil; v-- {
				r.Versions = append(r.Versions, try(ctx, plan, d, v, o))
			}
			return
		}
	}
}

// try asks for one version and no other.
func try(ctx context.Context, plan *dial.Plan, d *Door, version uint16, o *Options) Version {
	v := Version{Version: version}
	c, err := plan.Dial(ctx, d.Addr)
	if err != nil {
		v.Err = err
		return v
	}
	wrapping := d.Target.Wrapping
	leg, err := dial.Raise(ctx, c, dial.Upstream{Wrapping: wrapping, Service: o.Request.Service, Domain: o.domain(), From: o.From, URL: d.Target.URL,
		Timeout: o.timeout(), TLS: func(c *tls.Config) *tls.Config {
			c.InsecureSkipVerify, c.MinVersion, c.MaxVersion = true, version, version
			c.CipherSuites = suites()
			if o.TLS != nil {
				c = o.TLS(c)
			}
			return c
		}}, nil)
	if err != nil {
		v.Err = err
		return v
	}
	v.Cipher = leg.TLS.CipherSuite
	_ = leg.Conn.SetDeadline(time.Now().Add(time.Second))
	leg.Conn.Close()
	return v
}

// suites are all that there are, also those that nobody should use.
func suites() (all []uint16) {
	for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		all = append(all, s.ID)
	}
	return all
}

// Why says why a version is not taken, in a few words.
func (v Version) Why() string {
	if v.Err == nil {
		return ""
	}
	text := v.Err.Error()
	if _, alert, ok := strings.Cut(text, "remote error: tls: "); ok {
		return "the server says: " + alert
	}
	return text
}
