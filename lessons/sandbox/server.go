package sandbox

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"xmppscope/decode/jid"
)

// ErrClosed is what Serve and Dial return after Shutdown.
var ErrClosed = errors.New("sandbox: the server is shut down")

// Server is a practice server. Its methods may be called by any goroutine.
type Server struct {
	o     Options
	began time.Time
	scram *credentials
	weak  *credentials // with few rounds, for a misbehaviour

	faults []misbehaviour
	wrong  *atomic.Pointer[map[string]*active] // those that are on, of all domains; life guards writing
	street []*Server                           // of all domains of this process; the first one has the doors

	book     sync.RWMutex        // guards accounts, and their passwords; nothing is taken under it
	accounts map[string]*account // by localpart

	mu        sync.Mutex
	boshes    map[string]*boshSession // by sid; guarded by life
	resumable map[string]*session     // by the id with which they are resumed
	services  map[string]service      // by domain: what is not the server itself
	dialback  []byte                  // the secret of its keys
	dialed    map[net.Conn]bool       // connections to other servers; guarded by life
	epoch     string                  // of the versions of rosters

	life      sync.Mutex // guards what is below; never taken before mu
	closed    bool
	listeners map[net.Listener]bool
	conns     map[*conn]bool
	number    uint64
	running   sync.WaitGroup
}

// New makes a server. The error tells which option is wrong.
func New(o Options) (*Server, error) {
	if err := o.complete(); err != nil {
		return nil, err
	}
	s := &Server{
		o:         o,
		began:     time.Now(),
		accounts:  map[string]*account{},
		resumable: map[string]*session{},
		services:  map[string]service{},
		boshes:    map[string]*boshSession{},
		dialed:    map[net.Conn]bool{},
		dialback:  newIDs(o.Seed, "dialback").bytes(32),
		epoch:     newIDs(o.Seed, "rosters").id(4),
		listeners: map[net.Listener]bool{},
		conns:     map[*conn]bool{},
		faults:    misbehaviours(),
		wrong:     &atomic.Pointer[map[string]*active]{},
	}
	for _, a := range o.Accounts {
		if _, err := s.join(a); err != nil {
			return nil, err
		}
	}
	if err := o.checkComponents(); err != nil {
		return nil, err
	}
	if err := s.addPeers(); err != nil {
		return nil, err
	}
	if err := s.addRooms(); err != nil {
		return nil, err
	}
	if err := s.settle(); err != nil {
		return nil, err
	}
	s.scram, s.weak = newCredentials(s, o.Iterations), newCredentials(s, 1000)
	for _, name := range o.Misbehave {
		if err := s.Misbehave(name, true); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Domain is what the server serves, in its normal form.
func (s *Server) Domain() string { return s.o.Domain }

// Accounts are those that the server was made with.
func (s *Server) Accounts() []Account { return s.o.Accounts }

// Serve takes connections from ln until Shutdown, and closes ln then. It
// returns ErrClosed after Shutdown, else the error of ln; errors that pass,
// such as too many open files, are waited out.
func (s *Server) Serve(ln net.Listener, w Wrapping) error {
	if !s.hold(ln) {
		_ = ln.Close()
		return ErrClosed
	}
	defer s.release(ln)
	pause := 5 * time.Millisecond
	for {
		nc, err := ln.Accept()
		switch {
		case err == nil:
			pause = 5 * time.Millisecond
			s.running.Go(func() { s.Handle(nc, w) })
		case s.isClosed():
			return ErrClosed
		case passing(err):
			time.Sleep(pause)
			pause = min(2*pause, time.Second)
		default:
			return err
		}
	}
}

// passing tells whether accepting may go on after err.
func passing(err error) bool {
	var ne net.Error
	return errors.As(err, &ne) && !errors.Is(err, net.ErrClosed)
}

// Dial returns the client's end of a connection through memory.
func (s *Server) Dial(w Wrapping) (net.Conn, error) {
	if s.isClosed() {
		return nil, ErrClosed
	}
	ours, theirs := net.Pipe()
	s.running.Go(func() { s.Handle(ours, w) })
	return theirs, nil
}

// Handle speaks with one client and returns when the connection is closed.
func (s *Server) Handle(nc net.Conn, w Wrapping) {
	c := s.admit(nc)
	if c == nil {
		_ = nc.Close()
		return
	}
	defer s.dismiss(c)
	c.run(w)
}

// admit takes a connection, unless there are far too many: a few over the
// limit are told so in their stream.
func (s *Server) admit(nc net.Conn) *conn {
	s.life.Lock()
	defer s.life.Unlock()
	if s.closed || len(s.conns) >= s.o.Limits.Conns+100 {
		return nil
	}
	s.number++
	c := newConn(s, nc, s.number)
	c.crowded = len(s.conns) >= s.o.Limits.Conns
	s.conns[c] = true
	return c
}

func (s *Server) dismiss(c *conn) {
	s.life.Lock()
	defer s.life.Unlock()
	delete(s.conns, c)
}

func (s *Server) hold(ln net.Listener) bool {
	s.life.Lock()
	defer s.life.Unlock()
	if s.closed {
		return false
	}
	s.listeners[ln] = true
	s.running.Add(1)
	return true
}

func (s *Server) release(ln net.Listener) {
	s.life.Lock()
	delete(s.listeners, ln)
	s.life.Unlock()
	_ = ln.Close()
	s.running.Done()
}

func (s *Server) isClosed() bool {
	s.life.Lock()
	defer s.life.Unlock()
	return s.closed
}

// background runs something until it ends by itself, or the server is shut
// down. False: it is already.
func (s *Server) background(do func()) bool {
	s.life.Lock()
	defer s.life.Unlock()
	if s.closed {
		return false
	}
	s.running.Go(do)
	return true
}

// track notes a connection that Shutdown has to close.
func (s *Server) track(nc net.Conn) bool {
	s.life.Lock()
	defer s.life.Unlock()
	if s.closed {
		return false
	}
	s.dialed[nc] = true
	return true
}

func (s *Server) untrack(nc net.Conn) {
	s.life.Lock()
	defer s.life.Unlock()
	delete(s.dialed, nc)
}

// Shutdown takes no more connections and ends every stream with
// <system-shutdown/> (RFC 6120 §4.9.3.20). It returns when all are closed; those
// that are left when ctx ends are cut, and the error is that of ctx.
func (s *Server) Shutdown(ctx context.Context) error {
	s.life.Lock()
	s.closed = true
	for ln := range s.listeners {
		_ = ln.Close()
	}
	open := make([]*conn, 0, len(s.conns))
	for c := range s.conns {
		open = append(open, c)
	}
	for nc := range s.dialed { // whose readers end the stream
		_ = nc.SetReadDeadline(time.Unix(1, 0))
	}
	s.life.Unlock()
	for _, c := range open {
		c.kick(&streamError{condition: "system-shutdown", text: "The practice server is going down."})
	}
	s.stopClocks()
	next := make(chan error, 1)
	go func() { next <- s.leaveStreet(ctx) }()
	ended := make(chan struct{})
	go func() { s.running.Wait(); close(ended) }()
	select {
	case <-ended:
		return <-next
	case <-ctx.Done():
		for _, c := range open {
			c.cut()
		}
		s.hangUp()
		<-ended
		<-next
		return ctx.Err()
	}
}

// hangUp closes the connections to other servers.
func (s *Server) hangUp() {
	s.life.Lock()
	defer s.life.Unlock()
	for nc := range s.dialed {
		_ = nc.Close()
	}
}

// stopClocks stops the clocks of the sessions that wait for their clients.
func (s *Server) stopClocks() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.resumable {
		w.sm.stopClock()
	}
}

// local tells whether an address is one of this server.
func (s *Server) local(j jid.JID) bool { return j.Domain == s.o.Domain }
