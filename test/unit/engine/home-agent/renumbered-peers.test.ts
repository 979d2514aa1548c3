/** What a home agent authorises of a peer whose home network is renumbered. */
import { describe, expect, it } from 'vitest';
import { formatAddress, formatPrefix } from '../../../../src/wire/address.ts';
import { Anchor, address, HOME, PEER, PREFIX_1, prefix } from '../anchor.ts';

const NETS = [prefix('2001:db8:100::/64'), prefix('2001:db8:300::/64')];
const AFTER = address('2001:db8:300::1');
const STRANGE = address('2001:db8:400::1');

const anchorOf = (renumbering: boolean, homePrefixes = NETS) =>
  new Anchor({ ...PEER, prefixes: [PREFIX_1], renumbering }, { homePrefixes });
const bound = ({ agent }: Anchor) =>
  agent
    .view()
    .nodes.filter(({ bindings }) => bindings.length > 0)
    .map(({ homeAddress, prefixes }) =>
      [formatAddress(homeAddress), ...prefixes.map(formatPrefix)].join(' '),
    );
const HOST = { mobileRouter: false };

describe('[RFC 6275 §10.6] a peer that may follow a renumbering', () => {
  it('registers the same interface identifier in each prefix of the home network, and in no other', () => {
    const anchor = anchorOf(true);
    expect(anchor.status({ ...HOST, homeAddress: AFTER })).toBe(0);
    expect(anchor.status({ ...HOST, homeAddress: STRANGE })).not.toBe(0);
    expect(bound(anchor)).toEqual(['2001:db8:300::1']);
  });

  it('is one whose section says so', () => {
    const anchor = anchorOf(false);
    expect(anchor.status({ ...HOST, homeAddress: AFTER })).not.toBe(0);
    expect(bound(anchor)).toEqual([]);
  });

  it('has its prefixes at the first home address that is bound, and at the next one when that has gone', () => {
    const anchor = anchorOf(true);
    const network = formatPrefix(PREFIX_1);
    const [before, after] = [formatAddress(HOME), formatAddress(AFTER)];
    const told = () =>
      anchor.output.flatMap(output =>
        output.kind === 'forwarding' ? [formatAddress(output.homeAddress)] : [],
      );
    expect(anchor.status({ homeAddress: AFTER })).toBe(0);
    expect(bound(anchor)).toEqual([`${after} ${network}`]);
    expect(anchor.status()).toBe(0);
    expect(bound(anchor)).toEqual([`${before} ${network}`, after]);
    expect(new Set(told())).toEqual(new Set([before, after]));
    anchor.restart();
    expect(bound(anchor)).toEqual([`${before} ${network}`, after]);
    anchor.update({ lifetime: 0 });
    expect(bound(anchor)).toEqual([`${after} ${network}`]);
    expect(new Set(told())).toEqual(new Set([before, after]));
  });

  it("does not get an address that is another one's", () => {
    const other = { ...PEER, name: 'other', homeAddress: AFTER, prefixes: [], renumbering: false };
    const anchor = new Anchor(
      { ...PEER, renumbering: true },
      { homePrefixes: NETS, peers: [{ ...PEER, renumbering: true }, other] },
    );
    expect(anchor.agent.config.peers.map(({ name }) => name)).toEqual(['vessel', 'other']);
  });
});
