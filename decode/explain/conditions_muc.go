package explain

import "xmppscope/decode/spec"

var (
	refRoomStatus = spec.XEP(45, "15.6")
	refRoomError  = spec.XEP(45, "11.1")
)

// roomCodes are the status codes with which a room says more about a presence
// or message (XEP-0045 §15.6), in their order.
var roomCodes = []Entry{
	roomCode("100", "Everybody in the room may see the real addresses of the others.", "Say so to the user, who may have wanted to stay unknown."),
	roomCode("101", "The user's standing in the room was changed while the user was not there.", "Nothing has to be done."),
	roomCode("102", "The room now shows members who are not there.", "Nothing has to be done."),
	roomCode("103", "The room no longer shows members who are not there.", "Nothing has to be done."),
	roomCode("104", "The settings of the room were changed, in a way that does not touch privacy.", "Ask for the room's features again."),
	roomCode("110", "This presence is about the client itself: it is an occupant of the room.", "On joining it is the last presence of the list: the join is complete."),
	roomCode("170", "What is said in the room is recorded from now on, and others may read it.", "Say so to the user."),
	roomCode("171", "What is said in the room is no longer recorded.", "Nothing has to be done."),
	roomCode("172", "From now on everybody in the room may see real addresses.", "Say so to the user, who may have wanted to stay unknown."),
	roomCode("173", "From now on only moderators may see real addresses.", "Nothing has to be done."),
	roomCode("174", "From now on nobody may see real addresses.", "Expect it only from old rooms: such rooms are no longer defined."),
	roomCode("201", "The room was made just now, by this join.", "The room is locked until its owner has set it up, or has taken the settings as they are."),
	roomCode("210", "The room has given the user a nickname, or changed the one that was asked for.", "Take over the nickname of this presence."),
	roomCode("301", "The user was banned from the room for good.", "Do not try to come in again."),
	roomCode("303", "The user goes on under another nickname, which stands in the item.", "A presence of the new nickname follows at once."),
	roomCode("307", "The user was thrown out of the room by a moderator, and may come back.", "Leave it to the user whether to come back."),
	roomCode("321", "The user had to leave because of a change of standing.", "Somebody with the right to do so can change it back."),
	roomCode("322", "The user had to leave because the room is now for members only.", "Ask to be made a member."),
	roomCode("332", "The user had to leave because the service is being shut down.", "Join again later."),
	roomCode("333", "The user had to leave because of a technical trouble, such as a broken connection to another server.", "Join again."),
}

func roomCode(code, text, expect string) Entry {
	return Entry{Name: code, Sort: SortRoomStatus, Text: text, Expect: expect, Why: "A room adds it to a presence or message of its own, as <status code='" + code + "'/>.", Ref: refRoomStatus}
}

// roomErrors say what a condition means in answer to a join (XEP-0045 §11.1,
// §7.2).
var roomErrors = []Entry{
	roomError("not-authorized", "The room wants a password, and none or a wrong one was given.", "Join again with the password."),
	roomError("forbidden", "The user is banned from the room.", "Ask whoever runs the room."),
	roomError("item-not-found", "There is no such room, or it is still locked because its owner has not set it up.", "Check the name of the room, or try again later."),
	roomError("not-allowed", "The room does not exist, and this user may not make rooms here.", "Ask for a room to be made."),
	roomError("not-acceptable", "The user has registered a nickname with the room and must use that one.", "Join again with the registered nickname."),
	roomError("registration-required", "The room is for members only, and the user is none.", "Ask to be made a member."),
	roomError("conflict", "Somebody else in the room has this nickname, or has registered it.", "Join again with another nickname."),
	roomError("service-unavailable", "The room is full.", "Try again later."),
	roomError("jid-malformed", "The join named no nickname.", "Send it to the room's address with the nickname behind a slash."),
}

func roomError(condition, text, expect string) Entry {
	return Entry{Name: condition, Sort: SortRoomError, Text: text, Expect: expect, Why: "It answers a presence that was to join a room; the stream goes on.", Ref: refRoomError}
}
