// Package im knows what an instant-messaging session knows: the roster and the
// subscriptions, who is online, the rooms, the requests that wait for an
// answer, the capabilities, the block list. It folds the events of one
// conversation into a [Session]; every value has the event that set it, and what
// an event changed can be asked for.
//
// It looks at the conversation of one client (RFC 6121), from its beginning or
// from the middle of it. Between servers and for components there is no account
// whose roster this could be; requests, service discovery and presence are kept
// there too.
//
// It must not know what is right or wrong, how things are explained or shown,
// or the time. It holds no secrets and no message texts.
package im
