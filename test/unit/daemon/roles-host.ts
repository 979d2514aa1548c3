/** The roles of a configuration, and a home agent that accepts what a test wants. */
import { expect } from 'vitest';
import { loadParts } from '../../../src/daemon/parts.ts';
import { Roles } from '../../../src/daemon/roles.ts';
import { createHmac } from '../../../src/engine/hmac.ts';
import type { JsonObject, Output, UplinkStatus } from '../../../src/engine/types.ts';
import { loadConfig } from '../../../src/uci/config.ts';
import { formatAddress, parseAddress } from '../../../src/wire/address.ts';
import { emitMobilityPacket, parseMobilityPacket } from '../../../src/wire/mobility-packet.ts';

export const address = (text: string) => parseAddress(text)!;
export const now = { monotonic: 1000, wall: 1_700_000_000_000 };

export const LTE: UplinkStatus = {
  name: 'lte',
  ifindex: 3,
  carrier: true,
  careOfAddress: address('2001:db8:a::2'),
  gateway: address('fe80::1'),
  mtu: 1500,
};

export async function host(text: string, records: ReadonlyMap<string, JsonObject> = new Map()) {
  const { config, faults } = loadConfig({ file: 'kedge', text }, () => undefined);
  expect(faults).toEqual([]);
  const octets = (length: number) => new Uint8Array(length);
  const roles = new Roles(
    config!,
    await loadParts(config!, expect.unreachable),
    now,
    records,
    createHmac,
    octets,
  );
  const saved = new Map(records);
  const note = (outputs: Output[]): Output[] => {
    for (const output of outputs) {
      if (output.kind !== 'record') continue;
      if (output.value === undefined) saved.delete(output.key);
      else saved.set(output.key, output.value);
    }
    return outputs;
  };
  /** What the home agents say to the Binding Updates among outputs: the status for their home address. */
  const answer = (sent: Output[], statuses: Readonly<Record<string, number>> = {}): Output[] =>
    sent.flatMap(output => {
      if (output.kind !== 'send') return [];
      const parsed = parseMobilityPacket(output.packet);
      if (!parsed.ok || parsed.value.message.kind !== 'binding-update') return [];
      const { message, homeAddress, source, destination } = parsed.value;
      const reply = emitMobilityPacket({
        source: destination,
        destination: source,
        routingHome: homeAddress!,
        message: {
          kind: 'binding-acknowledgement',
          status: statuses[formatAddress(homeAddress!)] ?? 0,
          keyManagement: false,
          mobileRouter: true,
          sequence: message.sequence,
          lifetime: message.lifetime,
          options: message.options.filter(({ kind }) => kind === 'binding-identifier'),
        } as never,
      });
      const packet = {
        source: destination,
        destination: source,
        nextHeader: reply[6]!,
        bytes: reply.slice(40),
        device: 'wwan0',
        hopLimit: 64,
      };
      return note(roles.handle({ kind: 'packet', packet }, now));
    });
  const announce = (...uplinks: UplinkStatus[]): Output[] =>
    note(roles.handle({ kind: 'uplinks', uplinks }, now));
  /** Answers the first Binding Updates of `lte`. */
  const register = (statuses?: Readonly<Record<string, number>>) => answer(announce(LTE), statuses);
  return { roles, register, announce, answer, saved };
}
