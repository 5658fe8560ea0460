package spec

// xepSections are those of the extensions. The published pages print no
// numbers in older documents; sections are counted from 1.
var xepSections = []outline{
	{"XEP-0004", `
3 Protocol
`},
	{"XEP-0030", `
3 Discovering Information About a Jabber Entity
4 Discovering the Items Associated with a Jabber Entity
`},
	{"XEP-0045", `
5.1 Roles
5.2 Affiliations
7 Occupant Use Cases
7.1 Order of Events
7.2 Entering a Room
7.2.1 Basic MUC Protocol
7.4 Sending a Message to All Occupants
7.6 Changing Nickname
7.7 Changing Availability Status
7.8 Inviting Another User to a Room
7.14 Exiting a Room
8.1 Modifying the Room Subject
8.2 Kicking an Occupant
9 Admin Use Cases
9.1 Banning a User
10 Owner Use Cases
10.9 Destroying a Room
11.1 Error Codes
15.6 Status Codes Registry
15.7 URI Query Types
17.3
`},
	{"XEP-0050", `
2 Use Cases
`},
	{"XEP-0060", `
6.1 Subscribe to a Node
6.1.3 Error Cases
6.2 Unsubscribe from a Node
6.5 Retrieve Items from a Node
7.1 Publish an Item to a Node
7.1.3 Error Cases
7.1.5 Publishing Options
7.2 Delete an Item from a Node
8.1 Create a Node
`},
	{"XEP-0077", `
3.1 Entity Registers with a Host
3.2 Entity Cancels an Existing Registration
`},
	{"XEP-0078", `
3.1 User Authenticates with Server
7 Security Considerations
`},
	{"XEP-0085", `
2 Definitions
5 Business Rules
`},
	{"XEP-0086", `
3 Implementing Legacy Protocols
`},
	{"XEP-0114", `
2 Concepts
3 Protocol Flow
`},
	{"XEP-0115", `
4 Protocol
5 Verification String
5.4 Processing Method
`},
	{"XEP-0124", `
4 The BOSH Technique
6 <body/> Wrapper Element
7 Initiating a BOSH Session
8 Sending and Receiving XML Payloads
10 Inactivity
11 Overactivity
13 Terminating the BOSH Session
14.1 Generation
17.1 HTTP Conditions
17.2 Terminal Binding Conditions
`},
	{"XEP-0138", `
2 Use Case
4 Mandatory-to-Implement Technologies
7 Security Considerations
`},
	{"XEP-0147", `
3.1 Message Action
3.2.1 Add Roster Item
3.2.2 Remove Roster Item
3.3.1 Subscribe
3.3.2 Unsubscribe
`},
	{"XEP-0156", `
2 HTTP Lookup Method
`},
	{"XEP-0170", `
2 Client-to-Server Recommendations
2.2 Stream Compression
`},
	{"XEP-0175", `
3 Security Considerations
`},
	{"XEP-0178", `
2 Client-to-Server Recommendation
3 Server-to-Server Recommendation
`},
	{"XEP-0184", `
5.4 Ack Messages
7 Protocol Format
`},
	{"XEP-0185", `
2 Recommended Algorithm
`},
	{"XEP-0191", `
3 Use Cases
`},
	{"XEP-0198", `
2 Stream Feature
3 Enabling Stream Management
4 Acks
5 Resumption
6 Error Handling
7 Stream Closure
9.2
`},
	{"XEP-0199", `
4 Use Cases
`},
	{"XEP-0203", `
2 Protocol
`},
	{"XEP-0206", `
2 <body/> Wrapper Element
5 Authentication and Resource Binding
`},
	{"XEP-0220", `
2 Protocol
2.1 Outbound Connection
2.1.1 Initiating Server Generates Outbound Request for Authorization by Receiving Server
2.1.2 Receiving Server Generates Outbound Request for Verification of Initiating Server by Authoritative Server
2.2.2 Authoritative Server Handles Inbound Verification Request from Receiving Server
2.4 Advertisement
2.5 Dialback Error Conditions
3.1 Unsolicited Dialback
`},
	{"XEP-0280", `
4 Enabling Carbons
7 Receiving Messages
8 Sending Messages
11 Security Considerations
`},
	{"XEP-0288", `
2 Protocol
2.1 Stream Feature
2.2 Negotiation
`},
	{"XEP-0308", `
3 Use Case
4 Business Rules
`},
	{"XEP-0313", `
4 Querying an archive
4.2 Query results
8.2 Sender Impersonation
`},
	{"XEP-0333", `
4
`},
	{"XEP-0352", `
4 Protocol
4.1 Discovering support
`},
	{"XEP-0359", `
3 Business Rules
`},
	{"XEP-0363", `
4 Requesting a slot
5 Error conditions
`},
	{"XEP-0368", `
3 Requirements
`},
	{"XEP-0386", `
3.1 Discovering support
3.2 Performing the bind
`},
	{"XEP-0388", `
2 Overview
2.1 Discovering Support
2.2 SASL Data Encoding
2.3 Initiation
2.6 Completing Authentication
2.6.1 Success
2.6.2 Failure
2.6.3 Continue
3 Security Considerations
5.1 Syntactic Equivalence
`},
	{"XEP-0440", `
2 Announcing the SASL Channel-Binding Type Capability
3 Interaction with SASL mechanisms
`},
	{"XEP-0474", `
6 Protocol
6.2 Client Verifies The Downgrade Protection Hash
`},
	{"XEP-0478", `
3.1 Server advertises limits to connecting entity
`},
	{"XEP-0480", `
2.2 Client requesting SASL upgrades
3 SCRAM upgrade tasks
`},
	{"XEP-0484", `
3 Use Cases
3.1 Server advertises support for FAST
3.2 Client performs initial authentication
3.3 Server provides token to client
3.4 Client authenticates using FAST
`},
	{"XEP-0509", `
2 Protocol
2.2 Usage
`},
	{"XEP-0515", `
1 Introduction
4.1 Server Sends TLS Version As Hex
4.2 Client Verifies The TLS Version Number
`},
}
