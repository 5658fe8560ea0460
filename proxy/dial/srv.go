package dial

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
)

// maxRecords is how many SRV records of one name are looked at.
const maxRecords = 32

// Record is one SRV record as DNS gave it.
type Record struct {
	Name             string // such as _xmpps-client._tcp.example.org
	Target           string // without the dot at its end; "." where the service is not offered
	Port             uint16
	Priority, Weight uint16
	Wrapping         Wrapping
	// Unusable says why it is passed over; empty where it is not.
	Unusable string
}

// answers is what came of the questions for SRV records.
type answers struct {
	asked   int
	records []Record
	refused []string // names whose record says that the service is not offered
	silent  bool     // a question was not answered
	bad     bool     // an answer had names in it that cannot be names of hosts
}

// fromSRV asks for the SRV records. Both sorts count as one list, by priority
// and weight (XEP-0368 §3). Where DNS has an answer that cannot be used there
// is no fallback (RFC 6120 §3.2.1).
func (p *Plan) fromSRV(ctx context.Context, r Request, trail *Trail) error {
	var a answers
	names := services[r.Service]
	if r.Wish != StartTLS && r.Wish != Plain {
		p.askSRV(ctx, names.srvs, TLS, &a, trail)
	}
	if r.Wish != TLS {
		w := StartTLS
		if r.Wish == Plain {
			w = Plain
		}
		p.askSRV(ctx, names.srv, w, &a, trail)
	}
	if over := ended(ctx); over != nil {
		return over
	}
	p.Records = order(a.records, p.o.Seed)
	for _, rec := range p.Records {
		if rec.Unusable == "" {
			p.Targets = append(p.Targets, Target{Host: rec.Target, Port: rec.Port, Wrapping: rec.Wrapping, Priority: rec.Priority,
				Weight: rec.Weight, Why: fmt.Sprintf("%s, priority %d, weight %d", rec.Name, rec.Priority, rec.Weight)})
		}
	}
	switch {
	case len(p.Targets) > 0:
		trail.Add(Decided, "the order by priority and weight is %s", list(p.Targets))
		return nil
	case len(a.refused) > 0:
		trail.Add(Failed, "%s says in DNS that it does not offer this: the target of %s is \".\"", p.Domain, strings.Join(a.refused, " and "))
		return fmt.Errorf("%w: %s says in DNS that it has no service for %ss (the target of %s is \".\")",
			ErrNotOffered, p.Domain, r.Service, strings.Join(a.refused, " and "))
	case len(p.Records) > 0 || a.bad:
		why := badNames
		if len(p.Records) > 0 {
			why = p.Records[0].Unusable
		}
		trail.Add(Failed, "none of the SRV records of %s can be used", p.Domain)
		return fmt.Errorf("%w: %s has SRV records, but none of them can be used: %s", ErrUnknown, p.Domain, why)
	}
	why := "there are no SRV records"
	if a.silent {
		why = "DNS did not answer the question for SRV records"
	}
	return p.fallback(r, trail, why, p.Domain)
}

func list(all []Target) string {
	var words []string
	for _, t := range all[:min(len(all), 8)] {
		words = append(words, fmt.Sprintf("%s by %s", t, t.Wrapping))
	}
	if more := len(all) - len(words); more > 0 {
		words = append(words, fmt.Sprintf("%d more", more))
	}
	return strings.Join(words, ", ")
}

// askSRV asks for the records of one name. Bad records come together with an
// error; those that are good count.
func (p *Plan) askSRV(ctx context.Context, service string, w Wrapping, a *answers, trail *Trail) {
	a.asked++
	name := "_" + service + "._tcp." + p.Domain
	trail.Add(Asked, "DNS for the SRV records of %s", name)
	ctx, stop := context.WithTimeout(ctx, p.o.DNSTimeout)
	defer stop()
	_, records, err := p.o.Resolver.LookupSRV(ctx, service, "tcp", p.Domain+".")
	if err != nil {
		why, silent := dnsError(err)
		a.silent = a.silent || silent
		a.bad = a.bad || !silent && why != noRecords
		trail.Add(Failed, "%s: %s", name, why)
	}
	for i, r := range records {
		if i == maxRecords {
			trail.Add(Decided, "%s: %d more records are passed over", name, len(records)-i)
			break
		}
		rec := read(name, r, w, len(records))
		if rec.Target == "." {
			a.refused = append(a.refused, name)
		}
		a.records = append(a.records, rec)
		text := fmt.Sprintf("%s: priority %d, weight %d, %s", name, r.Priority, r.Weight, net.JoinHostPort(rec.Target, fmt.Sprint(r.Port)))
		if rec.Unusable != "" {
			text += ": " + rec.Unusable
		}
		trail.Add(Answered, "%s", text)
	}
}

// read judges one of n records.
func read(name string, r *net.SRV, w Wrapping, n int) Record {
	rec := Record{Name: name, Target: strings.TrimSuffix(r.Target, "."), Port: r.Port, Priority: r.Priority, Weight: r.Weight, Wrapping: w}
	switch {
	case rec.Target == "" && n > 1:
		rec.Unusable = "a target of \".\" beside others, which means nothing (RFC 2782)"
	case rec.Target == "":
		rec.Target, rec.Unusable = ".", "the service is not offered (RFC 2782)"
	case r.Port == 0:
		rec.Unusable = "port 0 does not exist"
	}
	return rec
}

// What DNS says where there is nothing, and where a target is no name of a
// host, which the library leaves out.
const (
	noRecords = "there are none"
	badNames  = "a target is no name of a host"
)

// dnsError is the text of an error of DNS. silent tells that there was no
// answer, which is another thing than that there is nothing.
func dnsError(err error) (why string, silent bool) {
	var e *net.DNSError
	switch {
	case !errors.As(err, &e):
		return err.Error(), true
	case e.IsNotFound:
		return noRecords, false
	case e.IsTimeout:
		return "no answer in time", true
	case !e.IsTemporary && strings.Contains(e.Err, "invalid names"):
		return badNames, false
	}
	return e.Err, true
}

// order puts records into the order in which they are tried: by priority, and
// within one by chance, weighted (RFC 2782). The same seed gives the same
// order.
func order(records []Record, seed uint64) []Record {
	if seed == 0 {
		seed = rand.Uint64()
	}
	chance := rand.New(rand.NewPCG(seed, 0))
	// What comes first must not depend on the order of the answer. Weights of 0
	// stand in front, so that the others are nearly always before them.
	slices.SortStableFunc(records, func(a, b Record) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.Weight, b.Weight), cmp.Compare(a.Wrapping, b.Wrapping),
			cmp.Compare(a.Target, b.Target), cmp.Compare(a.Port, b.Port))
	})
	for from := 0; from < len(records); {
		to := from + 1
		for to < len(records) && records[to].Priority == records[from].Priority {
			to++
		}
		draw(records[from:to], chance)
		from = to
	}
	return records
}

// draw orders the records of one priority: one is drawn after the other, each
// with the chance that its weight gives among those that are left.
func draw(records []Record, chance *rand.Rand) {
	sum := 0
	for _, r := range records {
		sum += int(r.Weight)
	}
	for i := range records {
		at, n := i, chance.IntN(sum+1)
		for n -= int(records[at].Weight); n > 0; n -= int(records[at].Weight) {
			at++
		}
		drawn := records[at]
		copy(records[i+1:at+1], records[i:at])
		records[i] = drawn
		sum -= int(drawn.Weight)
	}
}
