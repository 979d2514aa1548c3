/** The table that counts who talks to home addresses, and what nft says of it. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { DirectForwarding } from '../../../src/forwarding/direct-forwarding.ts';
import { TunneledPeers } from '../../../src/forwarding/tunneled-peers.ts';
import { LIST_TUNNELED, readTunneled, tunneledText } from '../../../src/forwarding/tunneled-text.ts';
import { parseAddress } from '../../../src/wire/address.ts';

const address = (text: string) => parseAddress(text)!;
const HOME = address('2001:db8:100::10');

/** Runs these scripts, one after the other, in a network namespace of their own; what the last one prints. */
function nft(...scripts: string[]): { status: number | null; stdout: string; stderr: string } {
  const runs = scripts.map(script => `nft -f - <<'END'\n${script}\nEND\n`).join('');
  return spawnSync('unshare', ['--user', '--map-root-user', '--net', 'sh', '-ec', runs], {
    encoding: 'utf8',
  });
}

const element = (set: string, pair: string) => `add element inet kedge_tunneled ${set} { ${pair} }`;

describe('the table', () => {
  it('is taken by nft, read again, replaced and removed', () => {
    const elements = [
      element('seen', '2001:db8:2::2 . 2001:db8:100::10 counter packets 7 bytes 700'),
      element('seen', '2001:db8:2::3 . 2001:db8:100::10 counter packets 3 bytes 300'),
      element('moved', '2001:db8:2::4 . 2001:db8:100::10 counter packets 12 bytes 1200'),
    ];
    const { status, stdout, stderr } = nft(tunneledText([HOME]), ...elements, LIST_TUNNELED);
    expect([status, stderr]).toEqual([0, '']);
    const found = readTunneled(stdout).sort((a, b) => a.source[15]! - b.source[15]!);
    expect(found).toEqual([
      { source: address('2001:db8:2::2'), destination: HOME, packets: 7, moved: false },
      { source: address('2001:db8:2::3'), destination: HOME, packets: 3, moved: false },
      { source: address('2001:db8:2::4'), destination: HOME, packets: 12, moved: true },
    ]);
    const again = nft(tunneledText([HOME]), ...elements, tunneledText([HOME, address('::1')]), LIST_TUNNELED);
    expect([again.status, readTunneled(again.stdout)]).toEqual([0, []]);
    expect(nft(tunneledText([HOME]), tunneledText([]), LIST_TUNNELED).status).not.toBe(0);
  });
});

describe('the sender', () => {
  const careOf = address('2001:db8:d::2');
  const node = address('2001:db8:100::20');
  const peers = new TunneledPeers();
  const view = { homeAddresses: [HOME], correspondents: [], corresponds: true };
  const nodes = [{ ownAddress: HOME, homeAddress: node, careOfAddresses: [careOf], active: careOf }];
  for (const { states = [] } of new DirectForwarding().parts({ ...view, nodes }).values())
    for (const state of states) peers.note(state);
  const pair = (source: string, moved: boolean) => {
    return { source: address(source), destination: HOME, packets: 5, moved };
  };

  it('[RFC 6275 §11.7.2] is the home address of a Home Address option, where there is a binding for it', () => {
    const traffic = { peer: node, homeAddress: HOME, packets: 5 };
    expect(peers.traffic([pair('2001:db8:d::2', true)])).toEqual([traffic]);
    expect(peers.traffic([pair('2001:db8:e::2', true)])).toEqual([]);
    expect(peers.traffic([{ ...pair('2001:db8:d::2', true), destination: address('::1') }])).toEqual([]);
  });

  it('[RFC 6275 §11.7.2] is the source otherwise', () => {
    expect(peers.traffic([pair('2001:db8:e::2', false)])).toEqual([
      { peer: address('2001:db8:e::2'), homeAddress: HOME, packets: 5 },
    ]);
  });
});

describe('what nft prints', () => {
  const table = (elements: string) =>
    `table inet kedge_tunneled {\n\tset seen {\n\t\ttype ipv6_addr . ipv6_addr\n\t\telements = { ${elements} }\n\t}\n}\n`;

  it('is read in whatever order times and counters stand', () => {
    for (const text of [
      '::1 . ::2 counter packets 5 bytes 520 expires 55s',
      '::1 . ::2 expires 55s560ms counter packets 5 bytes 520',
      '::1 . ::2 timeout 1m expires 55s counter packets 5 bytes 520,\n\t\t\t     ::3 . ::4 counter pack',
    ]) {
      expect(readTunneled(table(text))).toEqual([
        { source: address('::1'), destination: address('::2'), packets: 5, moved: false },
      ]);
    }
  });

  it('may be anything else', () => {
    for (const text of ['', 'Error: No such file or directory', table(''), table('nonsense . ::2 packets 5')])
      expect(readTunneled(text)).toEqual([]);
  });
});
