package course

import (
	"errors"
	"fmt"
	"slices"
)

// Scene is what is played for a live step: a server, clients, and the proxy
// between them.
type Scene struct {
	// Play are the scripts of clients, one after the other (package practice).
	Play []string
	// Client are clients that play at the same time, each with a name. Each begins
	// at the cue in the script of the one before it, or else when that has done its
	// first line.
	Client []Client
	// Break holds what fits these expressions; Rules are rules of the proxy, as in
	// a file of --rules.
	Break []string
	Rules string
	// Paused holds everything from the first unit on.
	Paused bool
	// Misbehave are the names of what the server does wrong.
	Misbehave []string
	// Server are settings of the practice server, as in its file of accounts and
	// rooms.
	Server map[string]any
	// DNS are records of a name server that only the proxy of this scene asks, by
	// their names: addresses, or SRV records as "priority weight port target",
	// where the port may be PORT, that of the practice server. The one word silent
	// stands for no answer, servfail for that, and an empty list for a name that
	// does not exist. What stands behind the word then is there when the name is
	// asked for once more. Names under localhost that have no record are this
	// computer.
	DNS map[string][]string
	// Peer are servers of other domains, to which the practice server talks through
	// the proxy, and they to it.
	Peer []Peer
	// Binding is what the proxy does about channel binding; empty is what it does
	// by itself.
	Binding string
	// Knows are the accounts whose passwords the proxy is told; nil is all.
	Knows []string
	// Tries is how often a client may log in; 0 is the default.
	Tries int
}

// Client is a client of a scene.
type Client struct {
	// Who is its name, Script what it does.
	Who, Script string
	// Door is where it comes in: "" for TCP, on which it may do STARTTLS, tls for
	// TLS at once, ws for a WebSocket, bosh for BOSH; those two inside TLS.
	Door string
	// Unseen is set where it goes to the server itself, and not through the proxy.
	Unseen bool
	// At is the domain of the peer whose client it is; empty for the practice
	// server.
	At string
}

// Peer is a server of another domain.
type Peer struct {
	Domain string
	// Server are its settings, as those of the practice server.
	Server map[string]any
}

// doors are the values of [Client.Door].
var doors = [...]string{"", "tls", "ws", "bosh"}

// check tells what cannot be right about a scene.
func (s *Scene) check() error {
	if len(s.Play)+len(s.Client) == 0 {
		return errors.New("a scene has play, or clients")
	}
	domains := []string{""}
	for _, p := range s.Peer {
		if p.Domain == "" || slices.Contains(domains, p.Domain) {
			return errors.New("each peer has a domain of its own")
		}
		domains = append(domains, p.Domain)
	}
	if len(s.DNS) > 0 && len(s.Peer) > 0 {
		return errors.New("a scene has either dns or a peer")
	}
	for i, c := range s.Client {
		switch {
		case c.Who == "" || c.Script == "":
			return fmt.Errorf("client %d has no who, or no script", i+1)
		case !slices.Contains(doors[:], c.Door):
			return fmt.Errorf("client %s: %q is no door; there are tls, ws and bosh", c.Who, c.Door)
		case !slices.Contains(domains, c.At):
			return fmt.Errorf("client %s: %s is no peer of this scene", c.Who, c.At)
		}
	}
	return nil
}
