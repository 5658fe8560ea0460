package spec

// rfcSections are those of the RFCs other than the two that define XMPP.
var rfcSections = []outline{
	{"RFC 1035", `
2.3.4 Size limits
`},
	{"RFC 1950", `
2 Compressed representation
`},
	{"RFC 2195", `
2 Challenge-Response Authentication Mechanism (CRAM)
`},
	{"RFC 2831", `
2.1 Initial Authentication
2.1.1 Step One
2.1.2 Step Two
2.1.3 Step Three
4 Example
7.1 Augmented BNF
`},
	{"RFC 3921", `
3 Session Establishment
`},
	{"RFC 4422", `
3 The Authentication Exchange
3.1 Mechanism Naming
App. A The SASL EXTERNAL Mechanism
`},
	{"RFC 4505", `
2 The Anonymous Mechanism
`},
	{"RFC 4616", `
2 PLAIN SASL Mechanism
`},
	{"RFC 4752", `
3 Kerberos V5 GSS-API Mechanism
`},
	{"RFC 5056", `
2 Definitions
`},
	{"RFC 5122", `
2 Use of XMPP IRIs and URIs
2.2 Form
2.3 Authority Component
`},
	{"RFC 5246", `
7.1 Change Cipher Spec Protocol
7.2 Alert Protocol
7.4.1.1 Hello Request
7.4.1.3 Server Hello
7.4.2 Server Certificate
7.4.3 Server Key Exchange Message
7.4.4 Certificate Request
7.4.5 Server Hello Done
7.4.7 Client Key Exchange Message
7.4.8 Certificate Verify
7.4.9 Finished
`},
	{"RFC 5280", `
4.1.2.5 Validity
4.2 Certificate Extensions
4.2.1.3 Key Usage
4.2.1.6 Subject Alternative Name
4.2.1.10 Name Constraints
4.2.1.12 Extended Key Usage
6.1 Basic Path Validation
`},
	{"RFC 5802", `
3 SCRAM Algorithm Overview
4 SCRAM Mechanism Names
5 SCRAM Authentication Exchange
5.1 SCRAM Attributes
6 Channel Binding
7 Formal Syntax
9 Security Considerations
`},
	{"RFC 5890", `
2.3.1 LDH Label
`},
	{"RFC 5891", `
4.2 Permitted Character and Label Validation
5 Domain Name Lookup Protocol
5.4 Validation and Character List Testing
`},
	{"RFC 5929", `
3 The 'tls-unique' Channel Binding Type
4 The 'tls-server-end-point' Channel Binding Type
`},
	{"RFC 6066", `
3 Server Name Indication
8 Certificate Status Request
`},
	{"RFC 6125", `
6.4 Matching the DNS Domain Name Portion
6.4.1 Checking of Traditional Domain Names
6.4.2 Checking of Internationalized Domain Names
6.4.3 Checking of Wildcard Certificates
6.4.4 Checking of Common Names
6.5.1 SRV-ID
`},
	{"RFC 6331", `
1 Introduction and Overview
`},
	{"RFC 6455", `
5.1 Overview
5.2 Base Framing Protocol
5.3 Client-to-Server Masking
5.4 Fragmentation
5.5.1 Close
7.4 Status Codes
7.4.1 Defined Status Codes
8.1 Handling of Errors in UTF-8-Encoded Data
`},
	{"RFC 7301", `
3 Application-Layer Protocol Negotiation
`},
	{"RFC 7395", `
3 XMPP Subprotocol
3.1 Handshake
3.2 WebSocket Messages
3.3 XMPP Framing
3.3.2 Framed Stream Namespace
3.4 Stream Initiation
3.6 Closing the Connection
3.6.1 see-other-uri
3.7 Stream Restarts
3.8 Pings and Keepalives
3.9 Use of TLS
`},
	{"RFC 7590", `
3.1 Support for TLS
3.5 Server Name Indication
`},
	{"RFC 7622", `
3 Addresses
3.1 Fundamentals
3.2 Domainpart
3.3 Localpart
3.3.1 Further Excluded Characters
3.4 Resourcepart
3.5 Examples
7.3 Address Spoofing
`},
	{"RFC 7627", `
4 The Extended Master Secret
`},
	{"RFC 7628", `
3 OAuth SASL Mechanism Specifications
3.1 Initial Client Response
3.2.2 Server Response to Failed Authentication
`},
	{"RFC 7677", `
3 SCRAM-SHA-256 and SCRAM-SHA-256-PLUS
4 Security Considerations
`},
	{"RFC 7692", `
7 The "permessage-deflate" Extension
7.2.2 Decompression
`},
	{"RFC 8446", `
2.2 Resumption and Pre-Shared Key (PSK)
2.3 0-RTT Data
4 Handshake Protocol
4.1.2 Client Hello
4.1.3 Server Hello
4.1.4 Hello Retry Request
4.2.1 Supported Versions
4.3.1 Encrypted Extensions
4.3.2 Certificate Request
4.4.2 Certificate
4.4.3 Certificate Verify
4.4.4 Finished
4.5 End of Early Data
4.6.1 New Session Ticket Message
4.6.3 Key and Initialization Vector Update
5.1 Record Layer
5.2 Record Payload Protection
6 Alert Protocol
6.1 Closure Alerts
6.2 Error Alerts
App. B.4 Cipher Suites
App. D.4 Middlebox Compatibility Mode
`},
	{"RFC 8701", `
2 GREASE Values
`},
	{"RFC 9110", `
8.4 Content-Encoding
15 Status Codes
`},
	{"RFC 9112", `
2 Message
2.1 Message Format
2.2 Message Parsing
3 Request Line
5.1 Field Line Parsing
5.2 Obsolete Line Folding
6.1 Transfer-Encoding
6.3 Message Body Length
7.1 Chunked Transfer Coding
8 Handling Incomplete Messages
`},
	{"RFC 9266", `
2 The 'tls-exporter' Channel Binding Type
3 TLS 1.3 with SCRAM or GSS-API over SASL
`},
	{"RFC 9293", `
3.4 Sequence Numbers
3.5 Establishing a Connection
3.5.2 Reset Generation
3.6 Closing a Connection
`},
	{"RFC 9325", `
3.1.1 SSL/TLS Protocol Versions
3.2 Strict TLS
3.3 Compression
3.5 Renegotiation in TLS 1.2
4.1 General Guidelines
4.2 Cipher Suites for TLS 1.2
4.5 Public Key Length
7.3 Forward Secrecy
`},
	{"RFC 9850", `
2 The SSLKEYLOGFILE Format
`},
}
