package decode

// Step is a step of a conversation; its name is the id in CONTRACT (step
// model: RFC 6120, XEP-0170 and the extensions' own specifications).
type Step uint8

const (
	StepNone Step = iota
	StepDNSSRV
	StepHostMeta
	StepTCPConnect
	StepDirectTLS
	StepStreamOpenInitial
	StepStreamOpenResponse
	StepStreamFeatures
	StepStartTLSRequest
	StepStartTLSProceed
	StepStartTLSFailure
	StepTLSHandshake
	StepRestartAfterTLS
	StepRegister
	StepSASLMechanisms
	StepSASLAuth
	StepSASLChallenge
	StepSASLResponse
	StepSCRAMListCheck
	StepSASLAbort
	StepSASLFailure
	StepSASLSuccess
	StepRestartAfterSASL
	StepSASL2Authenticate
	StepSASL2Continue
	StepSASL2Next
	StepSASL2TaskData
	StepSASL2Upgrade
	StepSASL2Success
	StepBind2
	StepFASTRequest
	StepFASTLogin
	StepIAP
	StepCompress
	StepRestartAfterCompress
	StepBind
	StepSession
	StepSMEnable
	StepSMAck
	StepSMResume
	StepCSI
	StepCarbonsEnable
	StepRosterGet
	StepPresenceInitial
	StepExchange
	StepKeepalive
	StepPresenceUnavailable
	StepStreamClose
	StepStreamError
	StepRedirect
	StepIQAuth
	StepS2SOpen
	StepS2SExternal
	StepS2SDialback1
	StepS2SDialback2
	StepS2SDialback3
	StepS2SDialback4
	StepS2SBidi
	StepComponent
	StepWSHandshake
	StepWSOpen
	StepWSRestart
	StepWSClose
	StepBOSHCreate
	StepBOSHData
	StepBOSHRestart
	StepBOSHEnd
)

// steps gives every step its id and its phase (CONTRACT, JSON Lines). A step
// of PhaseNone happens in whatever phase the conversation is in.
var steps = [...]struct {
	id    string
	phase Phase
}{
	StepNone:                 {"", PhaseNone},
	StepDNSSRV:               {"dns-srv", PhaseConnect},
	StepHostMeta:             {"host-meta", PhaseConnect},
	StepTCPConnect:           {"tcp-connect", PhaseConnect},
	StepDirectTLS:            {"direct-tls", PhaseTLS},
	StepStreamOpenInitial:    {"stream-open-initial", PhaseOpen},
	StepStreamOpenResponse:   {"stream-open-response", PhaseOpen},
	StepStreamFeatures:       {"stream-features", PhaseOpen},
	StepStartTLSRequest:      {"starttls-request", PhaseStartTLS},
	StepStartTLSProceed:      {"starttls-proceed", PhaseStartTLS},
	StepStartTLSFailure:      {"starttls-failure", PhaseStartTLS},
	StepTLSHandshake:         {"tls-handshake", PhaseTLS},
	StepRestartAfterTLS:      {"restart-after-tls", PhaseOpen},
	StepRegister:             {"register", PhaseAuth},
	StepSASLMechanisms:       {"sasl-mechanisms", PhaseAuth},
	StepSASLAuth:             {"sasl-auth", PhaseAuth},
	StepSASLChallenge:        {"sasl-challenge", PhaseAuth},
	StepSASLResponse:         {"sasl-response", PhaseAuth},
	StepSCRAMListCheck:       {"scram-list-check", PhaseAuth},
	StepSASLAbort:            {"sasl-abort", PhaseAuth},
	StepSASLFailure:          {"sasl-failure", PhaseAuth},
	StepSASLSuccess:          {"sasl-success", PhaseAuth},
	StepRestartAfterSASL:     {"restart-after-sasl", PhaseOpen},
	StepSASL2Authenticate:    {"sasl2-authenticate", PhaseAuth},
	StepSASL2Continue:        {"sasl2-continue", PhaseAuth},
	StepSASL2Next:            {"sasl2-next", PhaseAuth},
	StepSASL2TaskData:        {"sasl2-task-data", PhaseAuth},
	StepSASL2Upgrade:         {"sasl2-upgrade", PhaseAuth},
	StepSASL2Success:         {"sasl2-success", PhaseAuth},
	StepBind2:                {"bind2", PhaseAuth},
	StepFASTRequest:          {"fast-request", PhaseAuth},
	StepFASTLogin:            {"fast-login", PhaseAuth},
	StepIAP:                  {"iap", PhaseAuth},
	StepCompress:             {"compress", PhaseCompress},
	StepRestartAfterCompress: {"restart-after-compress", PhaseOpen},
	StepBind:                 {"bind", PhaseBind},
	StepSession:              {"session", PhaseSession},
	StepSMEnable:             {"sm-enable", PhaseResume},
	StepSMAck:                {"sm-ack", PhaseExchange},
	StepSMResume:             {"sm-resume", PhaseResume},
	StepCSI:                  {"csi", PhaseExchange},
	StepCarbonsEnable:        {"carbons-enable", PhaseExchange},
	StepRosterGet:            {"roster-get", PhaseExchange},
	StepPresenceInitial:      {"presence-initial", PhaseExchange},
	StepExchange:             {"exchange", PhaseExchange},
	StepKeepalive:            {"keepalive", PhaseExchange},
	StepPresenceUnavailable:  {"presence-unavailable", PhaseClose},
	StepStreamClose:          {"stream-close", PhaseClose},
	StepStreamError:          {"stream-error", PhaseClose},
	StepRedirect:             {"redirect", PhaseClose},
	StepIQAuth:               {"iq-auth", PhaseAuth},
	StepS2SOpen:              {"s2s-open", PhaseOpen},
	StepS2SExternal:          {"s2s-external", PhaseAuth},
	StepS2SDialback1:         {"s2s-dialback-1", PhaseAuth},
	StepS2SDialback2:         {"s2s-dialback-2", PhaseAuth},
	StepS2SDialback3:         {"s2s-dialback-3", PhaseAuth},
	StepS2SDialback4:         {"s2s-dialback-4", PhaseAuth},
	StepS2SBidi:              {"s2s-bidi", PhaseAuth},
	StepComponent:            {"component", PhaseAuth},
	StepWSHandshake:          {"ws-handshake", PhaseConnect},
	StepWSOpen:               {"ws-open", PhaseOpen},
	StepWSRestart:            {"ws-restart", PhaseOpen},
	StepWSClose:              {"ws-close", PhaseClose},
	StepBOSHCreate:           {"bosh-create", PhaseOpen},
	StepBOSHData:             {"bosh-data", PhaseExchange},
	StepBOSHRestart:          {"bosh-restart", PhaseOpen},
	StepBOSHEnd:              {"bosh-end", PhaseClose},
}

// String is the step's id.
func (s Step) String() string {
	if int(s) < len(steps) {
		return steps[s].id
	}
	return ""
}

// Phase is the phase that the step belongs to.
func (s Step) Phase() Phase {
	if int(s) < len(steps) {
		return steps[s].phase
	}
	return PhaseNone
}

// Steps lists all steps in order, StepNone left out.
func Steps() []Step { return listOf[Step](len(steps)) }
