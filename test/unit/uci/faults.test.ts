import { describe, expect, test } from 'vitest';
import { formatFault } from '../../../src/uci/fault.ts';
import {
  AGENT,
  ANCHOR,
  BASE,
  BUS,
  edit,
  KEY,
  load,
  PEER,
  ROUTER,
  SECOND_PEER,
  withOption,
} from './sample.ts';

const number = 'expected a number from';

/** Each row: a configuration with one fault, its line and the whole message. */
describe('every kind of fault has its line and says what is accepted', () => {
  test.each([
    [
      'one name, two types',
      `${BASE}${ANCHOR}`,
      13,
      "peer 'van' has the name of the mobile_router in line 1: expected a name that no other section has",
    ],
    [
      'a syntax fault',
      edit(BASE, 2, 'optoin'),
      2,
      "not a UCI statement: expected 'config', 'option', 'list' or 'package' and its arguments; did you mean 'option'?",
    ],
    [
      'an unknown section type',
      `${BASE}config uplnk 'x'`,
      11,
      "unknown section type 'uplnk'; did you mean 'uplink'?",
    ],
    [
      'a section type like nothing',
      `${BASE}config wireless 'x'`,
      11,
      "unknown section type 'wireless'; expected one of globals, mobile_router, uplink, flow, correspondent, home_agent, peer, dialect",
    ],
    [
      'an unknown option',
      withOption('option lifetme 600'),
      7,
      "mobile_router 'van': unknown option 'lifetme'; did you mean 'lifetime'?",
    ],
    [
      'an unknown option like nothing',
      edit(BASE, 8, "\toption device 'wwan0'\n\toption colour 'red'"),
      9,
      "uplink 'lte': unknown option 'colour'; expected one of enabled, interface, device, through, care_of, priority, bid, metered, budget, reset_day, over_budget, max_rtt, max_jitter, max_loss, mobile_router",
    ],
    [
      'a name of Object.prototype',
      withOption('option constructor 1'),
      7,
      "mobile_router 'van': unknown option 'constructor'; expected one of enabled, home_address, home_agent, discover, home_prefix, at_home, renumbering, failover_after, prefix, delegation, mode, lifetime, registration, register_over, probe, quality, route_optimization, correspondent, direct_after, direct_except, auth, spi, key, key_file, replay, identifier, dialect",
    ],
    [
      'a missing option',
      edit(BASE, 3, ''),
      1,
      "mobile_router 'van': option 'home_agent' is missing: expected a global or unique local unicast IPv6 address, e.g. 2001:db8::1, or option discover '1'",
    ],
    [
      'two values for a single option',
      withOption('list mode explicit\n\tlist mode implicit'),
      8,
      "mobile_router 'van': 'mode' takes one value: expected option mode 'VALUE'",
    ],
    [
      'too long a list',
      withOption(Array.from({ length: 16 }, (_, i) => `list prefix 2001:db8:2:${i}::/64`).join('\n')),
      22,
      "mobile_router 'van': too many values of 'prefix': expected at most 16",
    ],
    [
      'no name',
      `${ROUTER}config uplink\n\toption device 'wwan0'`,
      7,
      'uplink: the section has no name: expected 1 to 11 of the characters a-z 0-9 _',
    ],
    [
      'too long a name',
      edit(BASE, 7, "config uplink 'abcdefghijkl'"),
      7,
      "uplink 'abcdefghijkl': the name is not acceptable: expected 1 to 11 of the characters a-z 0-9 _",
    ],
    [
      'a capital in an uplink name',
      edit(BASE, 7, "config uplink 'LTE'"),
      7,
      "uplink 'LTE': the name is not acceptable: expected 1 to 11 of the characters a-z 0-9 _",
    ],
    [
      'a bad address',
      edit(BASE, 2, "\toption home_address '2001:db8::1::2'"),
      2,
      "mobile_router 'van': 'home_address' is '2001:db8::1::2': expected a global or unique local unicast IPv6 address, e.g. 2001:db8::1",
    ],
    [
      'a link-local address',
      edit(BASE, 3, "\toption home_agent 'fe80::1'"),
      3,
      "mobile_router 'van': 'home_agent' is 'fe80::1': expected a global or unique local unicast IPv6 address, e.g. 2001:db8::1",
    ],
    [
      'an IPv4 address',
      edit(BASE, 3, "\toption home_agent '192.0.2.1'"),
      3,
      "mobile_router 'van': 'home_agent' is '192.0.2.1': expected a global or unique local unicast IPv6 address, e.g. 2001:db8::1",
    ],
    [
      'a prefix with host bits',
      edit(BASE, 4, "\tlist prefix '2001:db8:1::1/48'"),
      4,
      "mobile_router 'van': 'prefix' is '2001:db8:1::1/48': expected a unicast IPv6 prefix of length 16 to 128 without host bits, e.g. 2001:db8:1::/48",
    ],
    [
      'too wide a prefix',
      edit(BASE, 4, "\tlist prefix '::/0'"),
      4,
      "mobile_router 'van': 'prefix' is '::/0': expected a unicast IPv6 prefix of length 16 to 128 without host bits, e.g. 2001:db8:1::/48",
    ],
    [
      'a multicast prefix',
      edit(BASE, 4, "\tlist prefix 'ff02::/16'"),
      4,
      "mobile_router 'van': 'prefix' is 'ff02::/16': expected a unicast IPv6 prefix of length 16 to 128 without host bits, e.g. 2001:db8:1::/48",
    ],
    [
      'an empty list item',
      withOption("list prefix ''"),
      7,
      "mobile_router 'van': 'prefix' is '': expected a unicast IPv6 prefix of length 16 to 128 without host bits, e.g. 2001:db8:1::/48",
    ],
    [
      'a bad word',
      withOption("option mode 'both'"),
      7,
      "mobile_router 'van': 'mode' is 'both': expected 'explicit' or 'implicit' or 'auto'",
    ],
    [
      'a bad log level',
      "config globals\n\toption log_level 'loud'",
      2,
      "globals: 'log_level' is 'loud': expected 'error' or 'warning' or 'notice' or 'info' or 'debug'",
    ],
    [
      'a bad flag',
      withOption("option enabled '2'"),
      7,
      "mobile_router 'van': 'enabled' is '2': expected 1, on, true, yes, enabled or 0, off, false, no, disabled",
    ],
    [
      'a lifetime that is no multiple of 4',
      withOption("option lifetime '601'"),
      7,
      "mobile_router 'van': 'lifetime' is '601': expected a multiple of 4 from 12 to 262140",
    ],
    [
      'too long a lifetime',
      withOption("option lifetime '262144'"),
      7,
      "mobile_router 'van': 'lifetime' is '262144': expected a multiple of 4 from 12 to 262140",
    ],
    [
      'a number that is none',
      edit(BASE, 8, "\toption device 'wwan0'\n\toption bid '1e1'"),
      9,
      `uplink 'lte': 'bid' is '1e1': ${number} 1 to 65535`,
    ],
    [
      'BID 0, reserved',
      edit(BASE, 8, "\toption device 'wwan0'\n\toption bid '0'"),
      9,
      `uplink 'lte': 'bid' is '0': ${number} 1 to 65535`,
    ],
    [
      'too high a priority',
      edit(BASE, 8, "\toption device 'wwan0'\n\toption priority '126'"),
      9,
      `uplink 'lte': 'priority' is '126': ${number} 1 to 125`,
    ],
    [
      'a bad device',
      edit(BASE, 8, "\toption device 'wwan/0'"),
      8,
      "uplink 'lte': 'device' is 'wwan/0': expected the name of a network device, 1 to 15 characters without '/', ':' and blanks, not beginning with 'kdg-'",
    ],
    [
      'a tunnel of our own',
      edit(BASE, 8, "\toption device 'kdg-lte'"),
      8,
      "uplink 'lte': 'device' is 'kdg-lte': expected the name of a network device, 1 to 15 characters without '/', ':' and blanks, not beginning with 'kdg-'",
    ],
    [
      'a bad identifier',
      withOption("option identifier 'a b@c'"),
      7,
      "mobile_router 'van': 'identifier' is 'a b@c': expected a network access identifier, e.g. van7@fleet.example, of at most 253 octets",
    ],
    [
      '[RFC 4285 §5.1] a reserved SPI',
      edit(BASE, 5, "\toption spi '255'"),
      5,
      "mobile_router 'van': 'spi' is not acceptable: expected a number from 256 to 4294967295",
    ],
    [
      'no SPI',
      edit(BASE, 5, ''),
      1,
      "mobile_router 'van': option 'spi' is missing: expected the number of the shared key, 256 to 4294967295",
    ],
    [
      'no key',
      edit(BASE, 6, ''),
      1,
      "mobile_router 'van': no key: expected option 'key' or 'key_file', a key of 16 to 256 octets, as 0x and hexadecimal digits (two an octet) or as text",
    ],
    [
      'too short a key',
      edit(BASE, 6, "\toption key '0x00010203'"),
      6,
      "mobile_router 'van': 'key' is not acceptable: expected a key of 16 to 256 octets, as 0x and hexadecimal digits (two an octet) or as text",
    ],
    [
      'key and key_file',
      withOption('option key_file /k'),
      7,
      "mobile_router 'van': both 'key' and 'key_file': expected one of them",
    ],
    [
      'a key file that is not there',
      edit(BASE, 6, '\toption key_file /k'),
      6,
      "mobile_router 'van': cannot read the file that 'key_file' names: expected a readable file with the key",
    ],
    [
      'a key in place of the key file',
      edit(BASE, 6, `\toption key_file ${KEY}`),
      6,
      "mobile_router 'van': 'key_file' is not acceptable: expected the path of a file, beginning with '/'",
    ],
    [
      'implicit mode without a prefix',
      edit(BASE, 4, "\toption mode 'implicit'"),
      4,
      "mobile_router 'van': mode 'implicit' without a prefix: expected list prefix",
    ],
    [
      'a prefix beside delegated ones',
      edit(BASE, 4, "\tlist prefix '2001:db8:1::/48'\n\toption delegation '1'"),
      4,
      "mobile_router 'van': a prefix although prefixes are delegated: expected no list prefix, or option delegation '0'",
    ],
    [
      'delegated prefixes and further home addresses',
      edit(BASE, 4, "\toption renumbering 'adopt'\n\toption delegation '1'"),
      4,
      "mobile_router 'van': renumbering 'adopt' with delegated prefixes: expected 'report' or 'follow'",
    ],
    [
      'a peer without a prefix to delegate',
      `${ANCHOR.replace(/.*list prefix.*\n/, '')}\toption delegation '1'\n`,
      7,
      "peer 'van': nothing to delegate: expected list prefix",
    ],
    [
      'a prefix of a peer that is a host only',
      `${ANCHOR}\toption network '0'\n`,
      5,
      "peer 'van': a prefix without a mobile network: expected option network '1'",
    ],
    [
      'no uplink',
      ROUTER,
      1,
      "mobile_router 'van' has no enabled uplink: expected at least one section config uplink 'NAME'",
    ],
    [
      'an uplink without a router',
      "config uplink 'lte'\n\toption device 'wwan0'",
      1,
      "uplink 'lte': there is no mobile_router section: expected one for it to belong to",
    ],
    [
      'an uplink of nobody',
      `${BASE}\toption mobile_router 'vna'`,
      11,
      "uplink 'wifi': there is no mobile_router 'vna'; did you mean 'van'?",
    ],
    [
      'a dialect that is nowhere',
      withOption("option dialect 'monami6'"),
      7,
      "mobile_router 'van': there is no dialect 'monami6'; expected the name of a dialect section",
    ],
    [
      'a dialect that is nearly there',
      `${ANCHOR}\toption dialect 'monami'\nconfig dialect 'monami6'\n`,
      8,
      "peer 'van': there is no dialect 'monami'; did you mean 'monami6'?",
    ],
    [
      'a number of a draft that IANA has assigned',
      `${BASE}config dialect 'drafts'\n\toption muho '35'`,
      12,
      "dialect 'drafts': 'muho': mobility option 35 is assigned by IANA: expected 18 (experimental) or 71 to 255",
    ],
    [
      'a message of a draft with an assigned number',
      `${BASE}config dialect 'drafts'\n\toption generic_signaling_request '23'`,
      12,
      "dialect 'drafts': 'generic_signaling_request': MH type 23 is assigned by IANA: expected 11 (experimental) or 24 to 255",
    ],
    [
      'a number for two forms of drafts',
      `${BASE}config dialect 'drafts'\n\toption muho '200'\n\toption load_balancing '200'`,
      12,
      "dialect 'drafts': 'muho': mobility option 200 is already that of load-balancing: expected 18 (experimental) or 71 to 255",
    ],
    [
      'a number of a draft that is out of range',
      `${BASE}config dialect 'drafts'\n\toption muho '256'`,
      12,
      "dialect 'drafts': 'muho' is '256': expected mobility option 18 (experimental) or 71 to 255",
    ],
    [
      'a second router without an uplink',
      `${BASE}\toption mobile_router 'van'\nconfig uplink 'lte'\n\toption mobile_router 'van'\n${BUS}`,
      14,
      "mobile_router 'bus' has no enabled uplink: expected at least one section config uplink 'NAME'",
    ],
    [
      'two routers with the same network',
      BASE + BUS.replace('2001:db8:2::/48', '2001:db8:1:8000::/49'),
      14,
      "mobile_router 'bus': prefix 2001:db8:1:8000::/49 overlaps prefix 2001:db8:1::/48 of mobile_router 'van' (line 4): expected prefixes that do not overlap",
    ],
    [
      'an uplink in the mobile network of another router',
      `${BASE}\tlist mobile_router 'van'\n\toption care_of '2001:db8:2:8::/64'\n${BUS}`,
      12,
      "uplink 'wifi': care_of 2001:db8:2:8::/64 lies in prefix 2001:db8:2::/48 of mobile_router 'bus' (line 16): expected a prefix of an access network",
    ],
    [
      'more routers than there is place for',
      BASE + [...'abcdefgh'].map(name => `config mobile_router '${name}'\n\toption enabled 0\n`).join(''),
      25,
      "mobile_router 'h' is one too many: expected at most 8 mobile_router sections",
    ],
    [
      'two globals',
      'config globals\nconfig globals',
      2,
      'globals: globals (line 1) is in force already: expected one section of this type, or one enabled',
    ],
    [
      'neither device nor interface',
      edit(BASE, 8, "\toption priority '1'"),
      7,
      "uplink 'lte': expected either option interface 'NAME', option device 'NAME' or option through 'MOBILE_ROUTER'",
    ],
    [
      'through a mobile_router that is not there',
      edit(BASE, 8, "\toption through 'vam'"),
      8,
      "uplink 'lte': there is no mobile_router 'vam'; did you mean 'van'?",
    ],
    [
      'through itself',
      edit(BASE, 8, "\toption through 'van'\n\tlist mobile_router 'van'"),
      8,
      "uplink 'lte': mobile_router 'van' cannot go through itself: expected another one",
    ],
    [
      'device and interface',
      edit(BASE, 8, "\toption device 'wwan0'\n\toption interface 'wan'"),
      9,
      "uplink 'lte': expected either option interface 'NAME', option device 'NAME' or option through 'MOBILE_ROUTER'",
    ],
    [
      'a bad interface',
      edit(BASE, 8, "\toption interface 'wan/0'"),
      8,
      "uplink 'lte': 'interface' is 'wan/0': expected the name of an interface of /etc/config/network, e.g. 'wan'",
    ],
    [
      'an interface twice',
      edit(edit(BASE, 10, "\toption interface 'wan'"), 8, "\toption interface 'wan'"),
      10,
      "uplink 'wifi': interface wan is already that of uplink 'lte' (line 7): expected one of its own, or option care_of in both with prefixes that do not overlap",
    ],
    [
      'a device twice',
      edit(BASE, 10, "\toption device 'wwan0'"),
      10,
      "uplink 'wifi': device wwan0 is already that of uplink 'lte' (line 7): expected one of its own, or option care_of in both with prefixes that do not overlap",
    ],
    [
      'a device twice, with prefixes that overlap',
      edit(
        edit(BASE, 10, "\toption device 'wwan0'\n\toption care_of '2001:db8:a:1::/64'"),
        8,
        "\toption device 'wwan0'\n\toption care_of '2001:db8:a::/48'",
      ),
      11,
      "uplink 'wifi': device wwan0 is already that of uplink 'lte' (line 7): expected one of its own, or option care_of in both with prefixes that do not overlap",
    ],
    [
      'messages over an uplink that is not there',
      withOption("option register_over 'ltee'"),
      7,
      "mobile_router 'van': there is no uplink 'ltee'; did you mean 'lte'?",
    ],
    [
      'a priority twice',
      `${BASE}\toption priority 1`,
      11,
      "uplink 'wifi': priority 1 is already that of uplink 'lte' (line 7): expected one of its own",
    ],
    [
      'a BID twice',
      `${BASE}\toption bid 1`,
      11,
      "uplink 'wifi': bid 1 is already that of uplink 'lte' (line 7): expected one of its own",
    ],
    [
      'too many uplinks',
      `${ROUTER}${Array.from({ length: 17 }, (_, i) => `config uplink u${i}\n\toption device eth${i}\n`).join('')}`,
      39,
      "mobile_router 'van' has 17 uplinks: expected at most 16",
    ],
    [
      'the home agent in the own prefix',
      edit(BASE, 3, "\toption home_agent '2001:db8:1::2'"),
      4,
      "mobile_router 'van': prefix 2001:db8:1::/48 contains home agent address 2001:db8:1::2 of mobile_router 'van' (line 3): expected a home agent address outside the mobile network prefixes, different from every home address",
    ],
    [
      'the home agent at the home address',
      edit(edit(BASE, 3, "\toption home_agent '2001:db8:1::1'"), 4, ''),
      3,
      "mobile_router 'van': home agent address 2001:db8:1::1 is also home address 2001:db8:1::1 of mobile_router 'van' (line 2): expected a home agent address outside the mobile network prefixes, different from every home address",
    ],
    [
      'own prefixes that overlap',
      withOption("list prefix '2001:db8:1:2::/64'"),
      7,
      "mobile_router 'van': prefix 2001:db8:1:2::/64 overlaps prefix 2001:db8:1::/48 of mobile_router 'van' (line 4): expected prefixes that do not overlap",
    ],
    [
      'a peer without an anchor',
      PEER,
      1,
      "peer 'van': there is no home_agent section: expected one that serves the peer",
    ],
    [
      "a prefix in another peer's",
      `${ANCHOR}${edit(SECOND_PEER, 3, "\tlist prefix '2001:db8:1:5::/64'")}`,
      10,
      "peer 'bus': prefix 2001:db8:1:5::/64 overlaps prefix 2001:db8:1::/48 of peer 'van' (line 5): expected prefixes that do not overlap",
    ],
    [
      "a prefix around another peer's",
      `${edit(ANCHOR, 4, "\toption home_address '2001:db9:1::1'")}${edit(SECOND_PEER, 3, "\tlist prefix '2001:db8::/33'").replace('2001:db8:2::1', '2001:db9::1')}`.replace(
        "address '2001:db8::1'",
        "address '2001:db7::1'",
      ),
      10,
      "peer 'bus': prefix 2001:db8::/33 overlaps prefix 2001:db8:1::/48 of peer 'van' (line 5): expected prefixes that do not overlap",
    ],
    [
      'a home address twice',
      `${edit(ANCHOR, 5, '')}${edit(SECOND_PEER, 2, "\toption home_address '2001:db8:1::1'")}`,
      9,
      "peer 'bus': home address 2001:db8:1::1 is also home address 2001:db8:1::1 of peer 'van' (line 4): expected a home address of its own, outside the prefixes of others",
    ],
    [
      "a home address in another peer's prefix",
      `${ANCHOR}${edit(SECOND_PEER, 2, "\toption home_address '2001:db8:1::2'")}`,
      9,
      "peer 'bus': home address 2001:db8:1::2 lies in prefix 2001:db8:1::/48 of peer 'van' (line 5): expected a home address of its own, outside the prefixes of others",
    ],
    [
      "the anchor in a peer's prefix",
      edit(ANCHOR, 2, "\toption address '2001:db8:1::7'"),
      5,
      "peer 'van': prefix 2001:db8:1::/48 contains home agent address 2001:db8:1::7 of home_agent 'anchor' (line 2): expected a home agent address outside the mobile network prefixes, different from every home address",
    ],
    [
      'an identifier twice',
      `${ANCHOR}\toption identifier 'a@b'\n${SECOND_PEER}\toption identifier 'a@b'`,
      14,
      "peer 'bus': identifier a@b is already that of peer 'van' (line 8): expected one of its own",
    ],
    [
      'a peer home agent with too much preference',
      `${AGENT}\tlist peer_home_agent '2001:db8::2 65536'\n${PEER}`,
      3,
      "home_agent 'anchor': 'peer_home_agent' is '2001:db8::2 65536': expected a global or unique local unicast IPv6 address, e.g. 2001:db8::1, and after a blank perhaps a preference from 0 to 65535",
    ],
    [
      'a home agent that is its own peer',
      `${AGENT}\tlist peer_home_agent '2001:db8::1'\n${PEER}`,
      3,
      "home_agent 'anchor': home agent address 2001:db8::1 is also home agent address 2001:db8::1 of home_agent 'anchor' (line 2): expected a home agent address outside the mobile network prefixes, different from every home address",
    ],
    [
      'a home link without prefixes',
      `${AGENT}\toption home_link 'br-lan'\n${PEER}`,
      3,
      "home_agent 'anchor': 'home_link' stands alone: expected list home_prefix beside it",
    ],
    [
      'too many bindings',
      `${ANCHOR}\toption max_bindings '65'`,
      8,
      `peer 'van': 'max_bindings' is '65': ${number} 1 to 64`,
    ],
  ])('%s', (_, text, line, message) => {
    const { config, faults } = load(text);
    expect(faults.map(formatFault)).toEqual([`/etc/config/kedge:${line}: ${message}`]);
    expect(config).toBeUndefined();
  });

  test('what two mobile routers share is at fault once', () => {
    const second = `config mobile_router 'bus'\n\toption home_address '2001:db8:2::1'\n\toption home_agent '2001:db8::1'\n\toption auth 'none'\n`;
    const shared = `config flow 'web'\n\tlist uplink 'satellite'\n`;
    const { faults } = load(`${BASE}${second}${shared}`);
    expect(faults.map(({ message }) => message)).toEqual([
      "flow 'web': there is no uplink 'satellite'; expected the name of an enabled uplink section",
    ]);
  });

  test('a key file that contains no key', () => {
    for (const content of ['', 'short', `${KEY}\n${KEY}\n`, `0x${'0'.repeat(33)}`]) {
      const { faults } = load(edit(BASE, 6, '\toption key_file /k'), () => content);
      expect(faults.map(fault => [fault.line, fault.message])).toEqual([
        [6, expect.stringContaining("what the file of 'key_file' contains is not a key: expected one line")],
      ]);
    }
  });
});
