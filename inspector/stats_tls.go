package inspector

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/tlswire"
)

// Unread counts records of TLS that could not be read, for one reason.
type Unread struct {
	// Why is a short name: no-keys, wrong-keys, lost, no-suite, mid-stream,
	// incomplete, early-refused.
	Why string `json:"why"`
	// Text says it in words.
	Text string `json:"text"`
	// Events are runs of records of one direction, Bytes their length.
	Events int64 `json:"events"`
	Bytes  int64 `json:"bytes"`
}

// TLSReport counts the conversations that TLS carried.
type TLSReport struct {
	Conversations int64 `json:"conversations"`
	// Decrypted are those of which something was read.
	Decrypted int64  `json:"decrypted"`
	Versions  Counts `json:"versions,omitempty"`
	Ciphers   Counts `json:"ciphers,omitempty"`
	// Keys says where the keys came from: keylog, embedded, proxy.
	Keys Counts `json:"keys,omitempty"`
}

// ConnTLS is the TLS of one conversation, as in its record.
type ConnTLS struct {
	Version   string `json:"version,omitempty"`
	Cipher    string `json:"cipher,omitempty"`
	SNI       string `json:"sni,omitempty"`
	ALPN      string `json:"alpn,omitempty"`
	Decrypted bool   `json:"decrypted"`
	Keys      string `json:"keys,omitempty"`
	// Short is Words.
	Short string `json:"-"`
}

const maxWhys = 11

// whyNames are the short names of the reasons of tlswire.
var whyNames = [maxWhys]string{
	tlswire.NoKeys: "no-keys", tlswire.WrongKeys: "wrong-keys", tlswire.NoHello: "no-hello", tlswire.Lost: "lost",
	tlswire.NoSuite: "no-suite", tlswire.Altered: "altered", tlswire.MidStream: "mid-stream", tlswire.PartKeys: "part-keys",
	tlswire.Incomplete: "incomplete", tlswire.EarlyRefused: "early-refused",
}

// hide counts a run of records that could not be read.
func (c *counts) hide(e *decode.Event) {
	why, unread := explain.Unread(e)
	if !unread || int(why) >= maxWhys {
		return
	}
	c.unread[why].Events++
	c.unread[why].Bytes += int64(len(e.Wire))
}

// firstWhy is the gravest reason that was counted: reasons are in that order.
func (c *counts) firstWhy() tlswire.Why {
	for why := range c.unread {
		if c.unread[why].Events > 0 {
			return tlswire.Why(why)
		}
	}
	return tlswire.Readable
}

func (c *counts) hidden() (all []Unread) {
	for why := range c.unread {
		if u := c.unread[why]; u.Events > 0 {
			u.Why, u.Text = whyNames[why], tlswire.Why(why).String()
			all = append(all, u)
		}
	}
	return all
}

// TLSOf is what a record tells of a conversation's TLS, nil where there is none.
func TLSOf(c *decode.Conversation) *ConnTLS {
	if !c.Encrypted {
		return nil
	}
	t := &ConnTLS{SNI: c.TLS.SNI, ALPN: c.TLS.ALPN, Decrypted: c.Decrypted, Keys: c.TLS.Keys}
	if c.TLS.Version != 0 {
		t.Version, t.Cipher = tlswire.VersionName(c.TLS.Version), tlswire.CipherName(c.TLS.Cipher)
	}
	return t
}

// Words says it in a few words: TLS 1.3 read, TLS 1.2 no keys. why is the
// reason of the first record that could not be read, Readable where there is
// none.
func (t *ConnTLS) Words(why tlswire.Why) string {
	version := t.Version
	if version == "" {
		version = "TLS"
	}
	switch {
	case t.Decrypted:
		return version + " read"
	case why == tlswire.Readable || int(why) >= maxWhys:
		return version + " not read"
	}
	return version + " " + strings.ReplaceAll(whyNames[why], "-", " ")
}

// carried sums up what carried the conversations of a report; it is nil where
// TLS carried none.
func carried(all []ConnReport) (transports Counts, t *TLSReport) {
	var by, versions, ciphers, keys = map[string]int64{}, map[string]int64{}, map[string]int64{}, map[string]int64{}
	note := func(m map[string]int64, name string) {
		if name != "" {
			m[name]++
		}
	}
	for i := range all {
		c := &all[i]
		note(by, c.Transport)
		if c.TLS == nil {
			continue
		}
		if t == nil {
			t = &TLSReport{}
		}
		t.Conversations++
		if c.TLS.Decrypted {
			t.Decrypted++
		}
		note(versions, c.TLS.Version)
		note(ciphers, c.TLS.Cipher)
		note(keys, c.TLS.Keys)
	}
	if t != nil {
		t.Versions, t.Ciphers, t.Keys = byNumber(versions), byNumber(ciphers), byNumber(keys)
	}
	return byNumber(by), t
}
