/** A home agent's configuration with any number of mobile routers, and the Binding Update that each of them sends. */
import { SecurityAssociation } from '../../src/engine/authentication.ts';
import type { CreateHmac } from '../../src/engine/hmac.ts';
import { timestampFromWall } from '../../src/engine/timestamp.ts';
import type { Input, Now } from '../../src/engine/types.ts';
import type { AnchorNode } from '../../src/engine/view.ts';
import type { Auth, HomeAgentConfig, PeerConfig } from '../../src/uci/types.ts';
import { type Address, type Prefix, parseAddress } from '../../src/wire/address.ts';
import { emitMobilityPacket, type MobilityPacket } from '../../src/wire/mobility-packet.ts';

const IPV6_HEADER = 40;
/** All nodes have the same key. */
export const AUTH: Auth = { kind: 'rfc4285', spi: 256, key: new Uint8Array(16).fill(7), replay: 'timestamp' };
export const HOME_AGENT = parseAddress('2001:db8:1::2')!;
const HOME_NETWORK = parseAddress('2001:db8:100::')!;
const ACCESS = [parseAddress('2001:db8:a::')!, parseAddress('2001:db8:b::')!] as const;
const MOBILE_NETWORKS = parseAddress('2001:db9::')!;

function numbered(base: Address, number: number, at: number): Address {
  const address = base.slice();
  new DataView(address.buffer).setUint32(at, number);
  return address;
}
export const homeAddress = (number: number): Address => numbered(HOME_NETWORK, number + 1, 12);
const careOfAddress = (number: number, access: 0 | 1 = 0): Address =>
  numbered(ACCESS[access], number + 1, 12);
const mobileNetwork = (number: number): Prefix => ({
  address: numbered(MOBILE_NETWORKS, number, 4),
  length: 64,
});

const peer = (number: number, auth: Auth): PeerConfig => ({
  name: `n${number}`,
  homeAddress: homeAddress(number),
  prefixes: [mobileNetwork(number)],
  auth,
  identifier: undefined,
  maxBindings: 8,
});

export const crowdedAgent = (count: number, auth: Auth): HomeAgentConfig => ({
  name: 'anchor',
  address: HOME_AGENT,
  maxLifetime: 3600,
  probe: 'saver',
  peers: Array.from({ length: count }, (_, number) => peer(number, auth)),
});

/** Makes Binding Updates with BID 1, as the home agent's raw socket receives them. */
export class Crowd {
  readonly #association: SecurityAssociation | undefined;

  constructor(auth: Auth, hmac?: CreateHmac) {
    this.#association = auth.kind === 'rfc4285' ? new SecurityAssociation(auth, hmac) : undefined;
  }

  /** @param lifetime seconds */
  update(number: number, lifetime: number, sequence: number, now: Now): Input {
    const source = careOfAddress(number);
    const unsigned: MobilityPacket = {
      source,
      destination: HOME_AGENT,
      homeAddress: homeAddress(number),
      message: {
        kind: 'binding-update',
        sequence,
        acknowledge: true,
        homeRegistration: true,
        linkLocalCompatibility: false,
        keyManagement: false,
        mobileRouter: true,
        lifetime,
        options: [
          { kind: 'binding-identifier', bid: 1, status: 0, home: false, priority: 1, careOfAddress: source },
          { kind: 'mobile-network-prefix', prefix: mobileNetwork(number) },
          { kind: 'message-id', ...timestampFromWall(now.wall) },
        ],
      },
    };
    const whole =
      this.#association?.sign(unsigned, source, homeAddress(number)) ?? emitMobilityPacket(unsigned);
    const bytes = whole.subarray(IPV6_HEADER);
    const packet = { source, destination: HOME_AGENT, nextHeader: 60, bytes, device: 'crowd', hopLimit: 64 };
    return { kind: 'packet', packet };
  }
}

/** A node with two bindings. @param active BID of the one that carries its traffic */
export const boundTwice = (number: number, active: 1 | 2): AnchorNode => ({
  name: `n${number}`,
  homeAddress: homeAddress(number),
  prefixes: [mobileNetwork(number)],
  authorisedPrefixes: [mobileNetwork(number)],
  bindings: [
    { bid: 1, careOfAddress: careOfAddress(number) },
    { bid: 2, careOfAddress: careOfAddress(number, 1) },
  ],
  active,
});
