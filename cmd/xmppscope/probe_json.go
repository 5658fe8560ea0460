package main

import (
	"crypto/tls"
	"time"

	"xmppscope/decode"
	"xmppscope/inspector/export"
	"xmppscope/proxy/probe"
	"xmppscope/proxy/verify"
)

// The record "probe" of JSON Lines.
type (
	jsonProbe struct {
		Record   string         `json:"record"`
		Domain   string         `json:"domain"`
		Service  string         `json:"service"`
		SRV      []jsonSRV      `json:"srv,omitempty"`
		HostMeta []jsonDocument `json:"host_meta,omitempty"`
		Doors    []jsonDoor     `json:"doors,omitempty"`
		Versions []jsonVersion  `json:"tls_versions,omitempty"`
		Trail    []jsonStep     `json:"trail"`
	}
	jsonSRV struct {
		Name     string `json:"name"`
		Target   string `json:"target"`
		Port     uint16 `json:"port"`
		Priority uint16 `json:"priority"`
		Weight   uint16 `json:"weight"`
		By       string `json:"by"`
		Unusable string `json:"unusable,omitempty"`
	}
	jsonDocument struct {
		URL    string     `json:"url"`
		Status int        `json:"status,omitempty"`
		Links  []jsonLink `json:"links,omitempty"`
		Error  string     `json:"error,omitempty"`
	}
	jsonLink struct {
		Rel  string `json:"rel"`
		Href string `json:"href"`
	}
	jsonDoor struct {
		Conn    decode.ConnID `json:"conn,omitempty"`
		Target  string        `json:"target"`
		Address string        `json:"address,omitempty"`
		By      string        `json:"by"`
		Why     string        `json:"why"`
		Micros  int64         `json:"connect_us,omitempty"`
		Menus   []jsonMenu    `json:"menus,omitempty"`
		TLS     *jsonTLS      `json:"tls,omitempty"`
		Error   string        `json:"error,omitempty"`
	}
	jsonMenu struct {
		Layer       string        `json:"layer"`
		StreamID    string        `json:"stream_id,omitempty"`
		Version     string        `json:"version,omitempty"`
		Features    []jsonFeature `json:"features"`
		Mechanisms  []string      `json:"mechanisms,omitempty"`
		SASL2       []string      `json:"sasl2,omitempty"`
		Bindings    []string      `json:"bindings,omitempty"`
		MaxBytes    string        `json:"max_bytes,omitempty"`
		IdleSeconds string        `json:"idle_seconds,omitempty"`
	}
	jsonFeature struct {
		Name     string        `json:"name"`
		NS       string        `json:"ns"`
		Required bool          `json:"required,omitempty"`
		Values   []jsonValue   `json:"values,omitempty"`
		Inline   []jsonFeature `json:"inline,omitempty"`
		Meaning  string        `json:"meaning"`
	}
	jsonValue struct {
		Name    string `json:"name"`
		Meaning string `json:"meaning,omitempty"`
	}
	jsonTLS struct {
		Version string         `json:"version"`
		Cipher  string         `json:"cipher"`
		ALPN    string         `json:"alpn,omitempty"`
		Verdict *verify.Result `json:"certificate"`
	}
	jsonVersion struct {
		Version string `json:"version"`
		Taken   bool   `json:"taken"`
		Cipher  string `json:"cipher,omitempty"`
		Why     string `json:"why,omitempty"`
	}
	jsonStep struct {
		Time time.Time `json:"time"`
		Act  string    `json:"act"`
		Text string    `json:"text"`
	}
)

// writeJSON writes a report as one record, and the findings after it.
func (p *probing) writeJSON(r *probe.Report) error {
	j := jsonProbe{Record: "probe", Domain: r.Domain, Service: r.Service.String()}
	for _, rec := range r.Records {
		j.SRV = append(j.SRV, jsonSRV{rec.Name, rec.Target, rec.Port, rec.Priority, rec.Weight, rec.Wrapping.String(), rec.Unusable})
	}
	for _, d := range r.Documents {
		doc := jsonDocument{URL: d.URL, Status: d.Status, Error: errorText(d.Err)}
		for _, l := range d.Links {
			doc.Links = append(doc.Links, jsonLink(l))
		}
		j.HostMeta = append(j.HostMeta, doc)
	}
	for i := range r.Doors {
		j.Doors = append(j.Doors, doorJSON(&r.Doors[i]))
	}
	for _, v := range r.Versions {
		w := jsonVersion{Version: tls.VersionName(v.Version), Taken: v.Err == nil, Why: v.Why()}
		if v.Err == nil {
			w.Cipher = tls.CipherSuiteName(v.Cipher)
		}
		j.Versions = append(j.Versions, w)
	}
	for _, s := range p.o.Trail.Entries() {
		j.Trail = append(j.Trail, jsonStep{s.Time.UTC(), s.Act.String(), s.Text})
	}
	if err := export.WriteJSON(p.e.out, j); err != nil {
		return err
	}
	for _, f := range export.FindingFormats() {
		if f.Name == "json" {
			return p.writeFindings(f)
		}
	}
	return nil
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func doorJSON(d *probe.Door) jsonDoor {
	j := jsonDoor{Conn: d.Conn, Target: d.Target.String(), By: d.Target.Wrapping.String(), Why: d.Target.Why, Micros: d.Took.Microseconds(), Error: errorText(d.Err)}
	if d.Addr.IsValid() {
		j.Address = d.Addr.String()
	}
	for i := range d.Menus {
		m := &d.Menus[i]
		j.Menus = append(j.Menus, jsonMenu{m.Layer.String(), m.StreamID, m.Version, featuresJSON(m.Features), m.Mechanisms(), m.SASL2(), m.Bindings(), m.MaxBytes, m.IdleSeconds})
	}
	if t := d.TLS; t != nil {
		j.TLS = &jsonTLS{Version: tls.VersionName(t.Version), Cipher: tls.CipherSuiteName(t.CipherSuite), ALPN: t.NegotiatedProtocol, Verdict: d.Verdict}
	}
	return j
}

func featuresJSON(all []decode.Feature) []jsonFeature {
	out := []jsonFeature{}
	for i := range all {
		f := &all[i]
		j := jsonFeature{Name: f.Local, NS: f.Space, Required: f.Required, Meaning: meaningOf(f)}
		for _, v := range f.Values {
			j.Values = append(j.Values, jsonValue{v, meaningOfValue(v)})
		}
		if len(f.Inline) > 0 {
			j.Inline = featuresJSON(f.Inline)
		}
		out = append(out, j)
	}
	return out
}
