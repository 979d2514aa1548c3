/** One host in several roles: a message has one answer. */
import { describe, expect, it } from 'vitest';
import { loadParts } from '../../../../src/daemon/parts.ts';
import { Roles } from '../../../../src/daemon/roles.ts';
import { createHmac } from '../../../../src/engine/hmac.ts';
import type { Output } from '../../../../src/engine/types.ts';
import { loadConfig } from '../../../../src/uci/config.ts';
import { enclose } from '../../../../src/wire/envelope.ts';
import type { MobilityMessage } from '../../../../src/wire/mobility-message.ts';
import { emitMobilityPacket, parseMobilityPacket } from '../../../../src/wire/mobility-packet.ts';
import { address, CARE_OF, HOME, HOME_AGENT } from '../anchor.ts';
import { withMobilityHeader } from '../mobility-header.ts';
import { COOKIE, octetSource } from './mobile-node.ts';

const HOST = `
config home_agent 'anchor'
	option address '2001:db8:ffff::1'
config peer 'vessel'
	option home_address '2001:db8:100::1'
	option auth 'none'
`;
const CORRESPONDENT = `
config correspondent 'server'
`;
const clock = { monotonic: 1000, wall: 0 };

async function outputs(text: string, packet: Uint8Array, obstacle?: string) {
  const { config, faults } = loadConfig({ file: 'kedge', text }, () => undefined);
  expect(faults).toEqual([]);
  const roles = new Roles(
    config!,
    await loadParts(config!, expect.unreachable),
    clock,
    new Map(),
    createHmac,
    octetSource(),
  );
  roles.handle({ kind: 'direct-path', obstacle }, clock);
  const { nextHeader, bytes } = { nextHeader: packet[6]!, bytes: packet.slice(40) };
  const addresses = { source: packet.slice(8, 24), destination: packet.slice(24, 40) };
  const input = { ...addresses, nextHeader, bytes, device: 'wan', hopLimit: 64 };
  const all: Output[] = roles.handle({ kind: 'packet', packet: input }, clock);
  return all.filter(output => output.kind === 'send');
}

async function answers(text: string, packet: Uint8Array, obstacle?: string): Promise<string[]> {
  const sent = await outputs(text, packet, obstacle);
  return sent.flatMap(output => {
    const parsed = parseMobilityPacket(output.packet);
    if (!parsed.ok) return ['parameter-problem'];
    const { message } = parsed.value;
    return ['status' in message ? `${message.kind} ${message.status}` : message.kind];
  });
}

const say = (message: MobilityMessage) =>
  emitMobilityPacket({ source: CARE_OF, destination: HOME_AGENT, message });
const init: MobilityMessage = { kind: 'care-of-test-init', cookie: COOKIE, options: [] };
const unknown: MobilityMessage = { kind: 'opaque', type: 99, data: new Uint8Array(2) };

describe('home agent and correspondent on one host', () => {
  it('[RFC 6275 §8.1] a test init has an answer of the correspondent alone', async () => {
    expect(await answers(HOST + CORRESPONDENT, say(init))).toEqual(['care-of-test']);
  });

  it('[RFC 6275 §8.1] without that role it is an unknown message', async () => {
    expect(await answers(HOST, say(init))).toEqual(['binding-error 2']);
    expect(await answers(HOST + CORRESPONDENT, say(init), 'no mip6')).toEqual(['binding-error 2']);
  });

  it('[RFC 6275 §9.2] an unknown message has one answer, whoever the host is', async () => {
    expect(await answers(HOST + CORRESPONDENT, say(unknown))).toEqual(['binding-error 2']);
    expect(await answers(CORRESPONDENT, say(unknown))).toEqual(['binding-error 2']);
  });

  it('[RFC 6275 §9.2] so has one that cannot be read', async () => {
    const short = say(init);
    short[41] = 0;
    short[44] = 0;
    short[45] = 0;
    for (const text of [HOST + CORRESPONDENT, CORRESPONDENT]) {
      expect(await answers(text, withChecksum(short))).toEqual(['parameter-problem']);
    }
  });

  it('[RFC 6275 §9.5.1] [RFC 6275 §9.1] a home registration goes to the home agent', async () => {
    const update: MobilityMessage = {
      kind: 'binding-update',
      sequence: 1,
      acknowledge: true,
      homeRegistration: true,
      linkLocalCompatibility: false,
      keyManagement: false,
      mobileRouter: false,
      lifetime: 600,
      options: [],
    };
    const packet = emitMobilityPacket({
      source: CARE_OF,
      destination: HOME_AGENT,
      homeAddress: HOME,
      message: update,
    });
    const [first, ...others] = await answers(HOST + CORRESPONDENT, packet);
    expect(first).toBe('binding-acknowledgement 0');
    expect(others).not.toContain('binding-acknowledgement 131');
    expect(await answers(CORRESPONDENT, packet)).toEqual(['binding-acknowledgement 131']);
  });

  it('[RFC 6275 §9.3.1] a Home Address option without binding is refused on any address', async () => {
    for (const destination of [HOME, HOME_AGENT]) {
      const data = enclose(new Uint8Array(16), 17, 6, { source: CARE_OF, destination, homeAddress: HOME });
      expect(await answers(HOST + CORRESPONDENT, data)).toEqual(['binding-error 1']);
    }
  });
});

describe('mobile router and correspondent on one host, away from home', () => {
  const ROUTER = `
config mobile_router 'vessel'
	option home_address '2001:db8:100::1'
	option home_agent '2001:db8:ffff::1'
	option auth 'none'
config uplink 'lte'
	option device 'lte0'
`;
  const PEER = address('2001:db8:500::1');

  it.each([
    ['home-test-init', 'home-test'],
    ['care-of-test-init', 'care-of-test'],
  ] as const)(
    '[RFC 6275 §9.4] %s is answered from the home address, by whatever way that has',
    async (kind, answer) => {
      const [output] = await outputs(
        ROUTER + CORRESPONDENT,
        emitMobilityPacket({
          source: PEER,
          destination: HOME,
          message: { kind, cookie: COOKIE, options: [] },
        }),
      );
      expect(output?.device).toBeUndefined();
      const parsed = parseMobilityPacket(output!.packet);
      expect(parsed.ok && parsed.value).toMatchObject({ source: HOME, destination: PEER });
      expect(parsed.ok && parsed.value.message.kind).toBe(answer);
    },
  );

  it('[RFC 6275 §9.3.3] so is a Home Address option without binding', async () => {
    const data = { source: CARE_OF, destination: HOME, homeAddress: PEER };
    const [output] = await outputs(ROUTER + CORRESPONDENT, enclose(new Uint8Array(16), 17, 6, data));
    expect(output?.device).toBeUndefined();
    const parsed = parseMobilityPacket(output!.packet);
    expect(parsed.ok && parsed.value).toMatchObject({ source: HOME, destination: CARE_OF });
  });
});

function withChecksum(packet: Uint8Array): Uint8Array {
  return withMobilityHeader(packet, () => {});
}
