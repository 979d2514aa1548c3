/** What `kedge help` prints; at most 80 columns. */
export const USAGE = `usage: kedge [OPTION]... COMMAND

commands
  status [--json]       which uplink is in use and why, and the state of each
  bindings              the registered care-of addresses
  history [--json]      the uplinks and the handovers of the last 24 hours
  flows [--json] [NODE] each flow, where it goes now and how much
  why [--json] SOURCE DESTINATION [PROTOCOL [PORT]]
                        which path such a packet takes, and why
  metrics               the figures of the status for Prometheus
  monitor [--json]      events as they happen, until interrupted
  prefer UPLINK         let this uplink carry the traffic while it lives
  prefer --none         go back to the configured priorities
  home-agent ADDRESS    register with this one of the home agents
  home-agent --first    register with the first one of the list
  pair NAME             anchor: the line that configures a peer's router
  pair --new NAME HOME_ADDRESS [PREFIX]...
                        anchor: make a peer with a new key, then the same
  pair                  router: read such a line and configure what it says
  diff [--json]         what the daemon would change in the kernel now
  decode [--json] HEX   a packet field by field, with what is wrong in it
  decode [--json] FILE  the packets of a pcap or pcapng file
  check [FILE]          say what is wrong with the configuration, or with FILE
  reload                read the configuration again; with faults it stays
  call METHOD [JSON]    what 'ubus call kedge METHOD JSON' does, without ubus
  daemon                run the daemon in the foreground
  version               print the version
  help                  print this text

options
  --config FILE         the configuration (/etc/config/kedge)
  --dialect NAME        decode: with the numbers of this dialect section
  --router NAME         history, prefer, home-agent: this mobile_router section
  --run-dir DIR         where the daemon's control socket is (/run/kedge)
  --state-dir DIR       daemon: of what a reboot must not lose (/var/lib/kedge)

exit status: 0 success, 1 failure (decode: or a faulty packet), 2 wrong usage
`;
