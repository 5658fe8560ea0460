package lint

import "hash/maphash"

// ownMemory is what the groups of rules remember of one conversation, each in a
// field of its own that is nil until the group needs it. Whatever it holds must
// be bounded.
type ownMemory struct {
	authors       *authors
	binding       *binding
	blanks        *blanks
	certFacts     *certFacts
	chatFacts     *chatFacts
	closing       *closing
	component     *component
	contents      *contents
	dialbacks     *dialbacks
	early         *early
	entries       *entries
	errorFacts    *errorFacts
	fetching      *fetching
	followed      *followed
	forgedPush    *forgedPush
	hashesTold    *hashesTold
	headers       *headers
	iqPairs       *iqPairs
	lastRequest   *lastRequest
	later         *later
	lifetime      *lifetime
	limits        *limits
	loginClock    *loginClock
	logins        *logins
	management    *management
	menus         *menus
	nameless      *nameless
	offers        *offers
	opening       *opening
	pace          *pace
	prefixes      *prefixes
	presentSince  *presentSince
	provenPairs   *provenPairs
	restarts      *restarts
	resuming      *resuming
	reverse       *reverse
	rhythm        *rhythm
	rids          *rids
	sasl2         *sasl2
	saslChoice    *saslChoice
	saslDialog    *saslDialog
	saslTries     *saslTries
	scramSecret   *scramSecret
	shaking       *shaking
	socket        *socket
	startTLS      *startTLS
	subscriptions *subscriptions
	tlsEnd        *tlsEnd
	tlsFacts      *tlsFacts
	tlsNames      *tlsNames
	undeclared    *undeclared
	wished        *wished
	writers       *writers
}

// sharedMemory is what they remember of the whole input.
type sharedMemory struct {
	clockedNames   *clockedNames
	conflicts      *conflicts
	givenTokens    *givenTokens
	knownNames     *knownNames
	legs           *legs
	pastOffers     *pastOffers
	plainLists     *plainLists
	redirects      *redirects
	resources      *resources
	resumables     *resumables
	scramMemory    *scramMemory
	serverPairs    *serverPairs
	spoofed        *spoofed
	starttlsOffers *starttlsOffers
	storms         *storms
	streamIDs      *streamIDs
}

// of is the memory that stands in a field, made where it is not there yet.
func of[T any](field **T) *T {
	if *field == nil {
		*field = new(T)
	}
	return *field
}

// hash is a short key for words that are long, or come from others. It is not
// the same in another run, and no two words that anybody finds have the same.
func (g *Engine) hash(words ...string) uint64 {
	var h uint64
	for _, w := range words {
		h = h*1099511628211 ^ maphash.String(g.seed, w)
	}
	return h
}
