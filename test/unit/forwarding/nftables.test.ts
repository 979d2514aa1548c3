import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { nftablesText } from '../../../src/forwarding/nftables.ts';
import { routerForwarding } from '../../../src/forwarding/router-forwarding.ts';
import type { Filter } from '../../../src/forwarding/state.ts';
import { address, anchorForwarding, anchorNode, anchorView, LTE, prefix, routerView } from './examples.ts';

const anchor = anchorForwarding(anchorView(anchorNode({}))).filter!;
const router = routerForwarding(routerView([LTE], 'lte')).filter!;

/** `nft -f -` in a network namespace of its own. */
function nft(text: string): { status: number | null; stderr: string } {
  return spawnSync('unshare', ['--user', '--map-root-user', '--net', 'nft', '-f', '-'], {
    input: text,
    encoding: 'utf8',
  });
}

describe('the text of the filter', () => {
  it('replaces the table in one transaction', () => {
    expect(nftablesText(undefined)).toBe('table inet kedge {}\ndelete table inet kedge\n');
    expect(nftablesText(anchor).startsWith(nftablesText(undefined))).toBe(true);
  });

  it('[RFC 3963 §9, RFC 6275 §10.4.5] drops what comes out of a tunnel with a source that is not its node’s', () => {
    const text = nftablesText(anchor);
    expect(text).toContain(`elements = {\n\t\t\t${anchor.sources[0]!.group} . 2001:db8:100::/48\n`);
    for (const hook of ['input', 'forward']) {
      expect(text).toMatch(
        new RegExp(`hook ${hook} priority filter; policy accept;\\s+iifname "kdg-\\*" jump from_tunnel`),
      );
    }
    expect(text).toMatch(/@sources return\n.*@destinations return\n\s+counter drop/);
  });

  it('[RFC 3963 §9] drops forwarded packets that would enter the router’s tunnels from outside the mobile network', () => {
    const { group } = router.entrants!;
    expect(nftablesText(router)).toContain(
      `oifgroup ${group} ip6 saddr != { 2001:db8:100::/48 } counter drop`,
    );
    const host = { ...router, entrants: { group, prefixes: [] } };
    expect(nftablesText(host)).toContain(`oifgroup ${group} counter drop`);
    expect(nftablesText(anchor)).not.toContain('oifgroup');
  });

  it('[RFC 3963 §9] drops forwarded packets that bear the router’s own address', () => {
    expect(nftablesText(router)).toContain('oifname "kdg-*" ip6 saddr { 2001:db8:100::1 } counter drop');
    expect(nftablesText(anchor)).not.toContain('oifname "kdg-*" ip6 saddr');
  });

  it('keeps what still comes for a care-of address that has gone from leaving by another uplink', () => {
    const stray = 'iifname != "kdg-*" ip6 saddr { 2001:db8::1 } ip6 nexthdr 41 counter drop';
    expect(nftablesText({ ...router, tunnelPeers: [address('2001:db8::1')] })).toContain(stray);
    expect(nftablesText(anchor)).not.toContain('nexthdr 41');
  });

  it('only lowers the MSS, both ways', () => {
    const clamps = nftablesText(router).match(/[io]ifname "kdg-\*" tcp flags .*/g);
    expect(clamps).toHaveLength(2);
    for (const clamp of clamps!) expect(clamp).toMatch(/maxseg size > 1400 tcp option maxseg size set 1400$/);
    expect(nftablesText({ ...router, mss: 0 })).not.toContain('maxseg');
  });

  it('keeps back the kernel’s Parameter Problems about Mobility Headers', () => {
    expect(nftablesText(router)).toContain('@th,112,8 { 43, 60 } @th,384,8 { 58, 135 } counter drop');
    expect(nftablesText({ ...router, hideParameterProblems: false })).not.toContain('parameter-problem');
  });

  it('has no element that another one covers, in an order of its own', () => {
    const members = ['2001:db8::/32', '2001:db8:1::/48', '2001:db8::/32', '2001:db9::/64'].map(text => ({
      group: 7,
      prefix: prefix(text),
    }));
    const filter: Filter = { ...router, sources: members };
    expect(nftablesText(filter)).toContain('7 . 2001:db8::/32,\n\t\t\t7 . 2001:db9::/64\n');
    expect(nftablesText({ ...filter, sources: [...members].reverse() })).toBe(nftablesText(filter));
  });

  it('is accepted by nft', () => {
    const prefixes = [
      prefix('2001:db8:100::/48'),
      prefix('2001:db8:100:1::/64'),
      prefix('2001:db8:200::/64'),
    ];
    const entrants = [[], prefixes].map(some => ({ ...router, entrants: { group: 7, prefixes: some } }));
    for (const filter of [anchor, router, ...entrants, { ...router, destinations: [] }, undefined]) {
      const result = nft(nftablesText(filter) + nftablesText(filter));
      expect(result.stderr).toBe('');
      expect(result.status).toBe(0);
    }
  });
});
