-- One Prosody of the stage; a Go template.
run_as_root = {{.Root}}
data_path = "{{.Dir}}/data"
certificates = "{{.Dir}}"
pidfile = "{{.Dir}}/pid"
log = { debug = "{{.Dir}}/log" }
interfaces = { "{{.Addr}}" }
c2s_ports = { {{.StartTLS}} }
c2s_direct_tls_ports = { {{.Direct}} }
s2s_ports = { {{.S2S}} }
s2s_direct_tls_ports = { }
http_ports = { {{.HTTP}} }
http_interfaces = { "{{.Addr}}" }
https_ports = { {{.HTTPS}} }
https_interfaces = { "{{.Addr}}" }
https_ssl = { certificate = "{{.Dir}}/own.crt"; key = "{{.Dir}}/own.key" }
component_ports = { {{.Component}} }
component_interfaces = { "{{.Addr}}" }
ssl = { cafile = "{{.CA}}"; certificate = "{{.Dir}}/own.crt"; key = "{{.Dir}}/own.key"; protocol = "{{if .Old}}tlsv1_2{{else}}tlsv1_2+{{end}}" }
c2s_direct_tls_ssl = { certificate = "{{.Dir}}/own.crt"; key = "{{.Dir}}/own.key" }
consider_websocket_secure = true
consider_bosh_secure = true
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
s2s_require_encryption = true
s2s_secure_auth = {{.Strict}}
{{if .DNS}}unbound = { resolvconf = false; hoststxt = false; forward = "{{.DNS}}"; options = { ["do-not-query-localhost:"] = "no" } }{{end}}
modules_enabled = { "disco";"roster";"saslauth";"tls";"dialback";"ping";"version";"posix";"presence";"message";"iq";"carbons";"smacks";"offline";"websocket";"bosh"{{if .More}};"blocklist";"private";"vcard_legacy";"pep";"time";"uptime";"csi_simple";"mam"{{end}} }
modules_disabled = { "s2s_bidi"{{if not .DNS}};"s2s"{{end}} }
authentication = "internal_hashed"
VirtualHost "{{.Domain}}"
Component "rooms.{{.Domain}}" "muc"
  restrict_room_creation = false
Component "echo.{{.Domain}}"
  component_secret = "hollow"
