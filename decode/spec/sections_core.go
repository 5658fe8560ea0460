package spec

// coreSections are those of the two documents that define XMPP.
var coreSections = []outline{
	{"RFC 6120", `
2.5 Distributed Network of Clients and Servers
3 TCP Binding
3.2 Resolution of Fully Qualified Domain Names
3.2.1 Preferred Process: SRV Lookup
3.2.2 Fallback Processes
3.3 Reconnection
4 XML Streams
4.2 Opening a Stream
4.3 Stream Negotiation
4.3.1 Basic Concepts
4.3.2 Stream Features Format
4.3.3 Restarts
4.3.4 Resending Features
4.3.5 Completion of Stream Negotiation
4.3.6 Determination of Addresses
4.4 Closing a Stream
4.5 Directionality
4.6 Handling of Silent Peers
4.6.4 Use of Checking Methods
4.7 Stream Attributes
4.7.1 from
4.7.2 to
4.7.3 id
4.7.4 xml:lang
4.7.5 version
4.8.1 Stream Namespace
4.8.2 Content Namespace
4.8.3 XMPP Content Namespaces
4.8.4 Other Namespaces
4.8.5 Namespace Declarations and Prefixes
4.9 Stream Errors
4.9.1.1 Stream Errors Are Unrecoverable
4.9.1.2 Stream Errors Can Occur During Setup
4.9.2 Syntax
4.9.3 Defined Stream Error Conditions
4.9.3.1 bad-format
4.9.3.2 bad-namespace-prefix
4.9.3.3 conflict
4.9.3.4 connection-timeout
4.9.3.5 host-gone
4.9.3.6 host-unknown
4.9.3.7 improper-addressing
4.9.3.8 internal-server-error
4.9.3.9 invalid-from
4.9.3.10 invalid-namespace
4.9.3.11 invalid-xml
4.9.3.12 not-authorized
4.9.3.13 not-well-formed
4.9.3.14 policy-violation
4.9.3.15 remote-connection-failed
4.9.3.16 reset
4.9.3.17 resource-constraint
4.9.3.18 restricted-xml
4.9.3.19 see-other-host
4.9.3.20 system-shutdown
4.9.3.21 undefined-condition
4.9.3.22 unsupported-encoding
4.9.3.23 unsupported-feature
4.9.3.24 unsupported-stanza-type
4.9.3.25 unsupported-version
5 STARTTLS Negotiation
5.1 Fundamentals
5.2 Support
5.3.1 Mandatory-to-Negotiate
5.3.2 Restart
5.3.3 Data Formatting
5.3.4 Order of TLS and SASL Negotiation
5.4.1 Exchange of Stream Headers and Stream Features
5.4.2 Initiation of STARTTLS Negotiation
5.4.2.1 STARTTLS Command
5.4.2.2 Failure Case
5.4.2.3 Proceed Case
5.4.3 TLS Negotiation
5.4.3.1 Rules
5.4.3.2 TLS Failure
5.4.3.3 TLS Success
6 SASL Negotiation
6.3.2 Restart
6.3.3 Mechanism Preferences
6.3.5 Data Formatting
6.3.7 Simple User Name
6.3.8 Authorization Identity
6.4 Process
6.4.1 Exchange of Stream Headers and Stream Features
6.4.2 Initiation
6.4.3 Challenge-Response Sequence
6.4.4 Abort
6.4.5 SASL Failure
6.4.6 SASL Success
6.5 SASL Errors
6.5.1 aborted
6.5.2 account-disabled
6.5.3 credentials-expired
6.5.4 encryption-required
6.5.5 incorrect-encoding
6.5.6 invalid-authzid
6.5.7 invalid-mechanism
6.5.8 malformed-request
6.5.9 mechanism-too-weak
6.5.10 not-authorized
6.5.11 temporary-auth-failure
7 Resource Binding
7.1 Fundamentals
7.3.1 Mandatory-to-Negotiate
7.4 Advertising Support
7.5 Generation of Resource Identifiers
7.6 Server-Generated Resource Identifier
7.6.1 Success Case
7.6.2 Error Cases
7.7.1 Success Case
7.7.2 Error Cases
7.7.2.2 Conflict
8 XML Stanzas
8.1.1.2 Server-to-Server Streams
8.1.2.1 Client-to-Server Streams
8.1.2.2 Server-to-Server Streams
8.1.3 id
8.1.5 xml:lang
8.2 Basic Semantics
8.2.1 Message Semantics
8.2.2 Presence Semantics
8.2.3 IQ Semantics
8.3 Stanza Errors
8.3.1 Rules
8.3.2 Syntax
8.3.3 Defined Conditions
8.3.3.1 bad-request
8.3.3.2 conflict
8.3.3.3 feature-not-implemented
8.3.3.4 forbidden
8.3.3.5 gone
8.3.3.6 internal-server-error
8.3.3.7 item-not-found
8.3.3.8 jid-malformed
8.3.3.9 not-acceptable
8.3.3.10 not-allowed
8.3.3.11 not-authorized
8.3.3.12 policy-violation
8.3.3.13 recipient-unavailable
8.3.3.14 redirect
8.3.3.15 registration-required
8.3.3.16 remote-server-not-found
8.3.3.17 remote-server-timeout
8.3.3.18 resource-constraint
8.3.3.19 service-unavailable
8.3.3.20 subscription-required
8.3.3.21 undefined-condition
8.3.3.22 unexpected-request
8.4 Extended Content
10.1 In-Order Processing
10.3.3 IQ
11.1 XML Restrictions
11.3 Well-Formedness
11.5 Inclusion of XML Declaration
11.6 Character Encoding
11.7 Whitespace
11.8 XML Versions
13.3 Order of Layers
13.7 Certificates
13.7.1.1 General Considerations
13.7.1.2.1 Rules
13.7.1.4 XmppAddr Identifier Type
13.7.2 Certificate Validation
13.7.2.1 Server Certificates
13.7.2.3 Checking of Certificates in Long-Lived Streams
13.8.1 For Authentication Only
13.8.3 For Confidentiality and Authentication with Passwords
13.9.1 Use of Base 64 in SASL
13.9.4 Use of SASL
13.12 Denial of Service
13.14 Interdomain Federation
14 IANA Considerations
`},
	{"RFC 6121", `
2 Managing the Roster
2.1.2 Roster Items
2.1.2.5 Subscription Attribute
2.1.3 Roster Get
2.1.5 Roster Set
2.1.6 Roster Push
2.2 Retrieving the Roster on Login
2.5 Deleting a Roster Item
2.6 Roster Versioning
2.6.2 Request
2.6.3 Success Case
3.1 Requesting a Subscription
3.1.1 Client Generation of Outbound Subscription Request
3.1.2 Server Processing of Outbound Subscription Request
3.2 Canceling a Subscription
3.3 Unsubscribing
3.4 Pre-Approving a Subscription Request
3.4.1 Client Generation of Subscription Pre-Approval
4 Exchanging Presence Information
4.2 Initial Presence
4.2.2 Server Processing of Outbound Initial Presence
4.3 Presence Probes
4.4 Subsequent Presence Broadcast
4.5 Unavailable Presence
4.5.1 Client Generation of Unavailable Presence
4.6 Directed Presence
4.7.1 Type Attribute
4.7.2 Child Elements
4.7.2.1 Show Element
4.7.2.2 Status Element
4.7.2.3 Priority Element
5 Exchanging Messages
5.1 One-to-One Chat Sessions
5.2 Message Stanza Syntax
5.2.2 Type Attribute
5.2.3 Body Element
5.2.4 Subject Element
5.2.5 Thread Element
8.5 Local User
8.5.1 No Such User
8.5.2.1.1 Message
8.5.3.1 Resource Matches
8.5.3.2.1 Message
8.5.3.2.3 IQ
App. A Subscription States
App. E Differences from RFC 3921
`},
}
