/** What puts packets into lanes, as nftables statements. */
import { laneMark, type Marks } from './marks.ts';

/** Protocols with ports: TCP, UDP, DCCP, SCTP, UDP-Lite. */
export const WITH_PORTS = '{ 6, 17, 33, 132, 136 }';

export const hex = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;

export const takeLane = (marks: Marks, lane: number): string =>
  `meta mark set meta mark & ${hex(~marks.packet >>> 0)} | ${hex(laneMark(marks, lane))}`;

/** A thousandth is as fine as shares get. */
const PARTS = 1000;

/**
 * A choice by weight that is the same for each packet of a flow without anything remembered: when weights change, no more
 * flows than need be choose anew.
 * @param chain of a share, by its place
 */
export function hashChoice(weights: readonly number[], chain: (share: number) => string): string[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  let before = 0;
  let start = 0;
  const cases = weights.flatMap((weight, share) => {
    before += weight;
    const first = start;
    start = Math.round((PARTS * before) / sum);
    return start > first ? [`${first}-${start - 1} : goto ${chain(share)}`] : [];
  });
  const choose = `mod ${PARTS} seed 1 vmap { ${cases.join(', ')} }`;
  return [
    `meta l4proto ${WITH_PORTS} jhash ip6 saddr . ip6 daddr . th sport . th dport ${choose}`,
    `jhash ip6 saddr . ip6 daddr ${choose}`,
  ];
}
