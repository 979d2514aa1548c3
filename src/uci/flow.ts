/** From the `flow` sections to the policy of a mobile router. */
import { quoted } from './fault.ts';
import { hasPorts } from './flow-type.ts';
import type { Reading, Report, Values } from './section-reader.ts';
import { suggestion } from './suggestion.ts';
import type { FlowConfig, Marks } from './types.ts';

/** Combinations of addresses, protocols, ports and so on that a flow may stand for. */
const MOST_COMBINATIONS = 64;
/** Uplinks that a flow can be divided among. */
const MOST_BALANCED = 8;

/** Of those in force; the order is that of the file. */
export function buildFlows(
  sections: readonly Reading<'flow'>[],
  uplinks: readonly string[],
  fault: Report,
): FlowConfig[] {
  const inForce = sections.filter(section => section.enabled);
  checkEverything(inForce, fault);
  return inForce.map(section => buildFlow(section, uplinks, fault));
}

function buildFlow(section: Reading<'flow'>, uplinks: readonly string[], fault: Report): FlowConfig {
  const values = section.values as Values<'flow'>;
  checkUplinks(section, uplinks, fault);
  checkAction(section, fault);
  checkPorts(section, fault);
  const lists = [
    values.src,
    values.mac,
    values.dest,
    values.proto,
    values.src_port,
    values.dest_port,
    values.dscp,
  ];
  const combinations = lists.reduce((product, list) => product * Math.max(list.length, 1), 1);
  if (combinations > MOST_COMBINATIONS) {
    fault(
      section.line,
      `${section.title} stands for ${combinations} combinations of addresses, protocols, ports and so on: expected at most ${MOST_COMBINATIONS}; divide it, or use wider prefixes and ranges`,
    );
  }
  return {
    name: section.name,
    criteria: {
      sources: values.src,
      linkLayerAddresses: values.mac,
      destinations: values.dest,
      protocols: values.proto,
      sourcePorts: values.src_port,
      destinationPorts: values.dest_port,
      dscps: values.dscp,
      mark: values.mark,
    },
    action: values.action,
    uplinks: values.uplink,
    only: values.only,
    avoid: values.avoid,
    per: values.per,
    sensitive: values.quality,
  };
}

function checkUplinks(section: Reading<'flow'>, known: readonly string[], fault: Report): void {
  const { uplink = [], avoid = [] } = section.values;
  const check = (name: string, line: number) => {
    if (known.includes(name)) return;
    const nearest = suggestion(name, known) || '; expected the name of an enabled uplink section';
    fault(line, `${section.title}: there is no uplink ${quoted(name)}${nearest}`);
  };
  const seen = new Set<string>();
  for (const [at, each] of uplink.entries()) {
    if (each === undefined) continue;
    const line = section.lineOf('uplink', at);
    check(each.name, line);
    if (seen.has(each.name))
      fault(line, `${section.title}: uplink ${quoted(each.name)} again: expected each once`);
    seen.add(each.name);
  }
  for (const [at, name] of avoid.entries()) {
    if (name === undefined) continue;
    const line = section.lineOf('avoid', at);
    check(name, line);
    if (seen.has(name)) {
      fault(
        line,
        `${section.title}: ${quoted(name)} is to be avoided and used: expected one of 'uplink' and 'avoid'`,
      );
    }
  }
  if (known.length > 0 && known.every(name => avoid.includes(name))) {
    fault(
      section.lineOf('avoid'),
      `${section.title} avoids all uplinks: expected one to be left, or option action 'drop'`,
    );
  }
}

function checkAction(section: Reading<'flow'>, fault: Report): void {
  const { action, uplink = [], avoid = [], only, per } = section.values;
  const complain = (option: 'action' | 'only' | 'per' | 'uplink', text: string) =>
    fault(section.lineOf(option), `${section.title}: ${text}`);
  if (action === 'drop' && uplink.length + avoid.length > 0) {
    complain('action', "action 'drop' takes no uplinks: expected neither 'uplink' nor 'avoid'");
  }
  if (action === 'prefer' && uplink.length + avoid.length === 0) {
    complain('action', 'nothing is said about uplinks: expected list uplink or list avoid');
  }
  if (action === 'balance' && (uplink.length < 2 || uplink.length > MOST_BALANCED)) {
    complain(
      'action',
      `action 'balance' with ${uplink.length} uplinks: expected 2 to ${MOST_BALANCED}, list uplink 'NAME WEIGHT'`,
    );
  }
  if (action === 'replicate' && (uplink.length < 2 || uplink.length > MOST_BALANCED || avoid.length > 0)) {
    complain(
      'action',
      `action 'replicate' takes 2 to ${MOST_BALANCED} uplinks and no 'avoid': expected list uplink 'NAME' for each copy`,
    );
  }
  if (only === true && uplink.length === 0) complain('only', "'only' without uplinks: expected list uplink");
  if (per === 'packet' && action !== undefined && action !== 'balance') {
    complain('per', `'per' with action '${action}': expected action 'balance'`);
  }
  for (const [at, each] of uplink.entries()) {
    if (each !== undefined && each.weight !== 1 && action !== undefined && action !== 'balance') {
      fault(
        section.lineOf('uplink', at),
        `${section.title}: a weight with action '${action}': expected the name alone, or action 'balance'`,
      );
    }
  }
}

function checkPorts(section: Reading<'flow'>, fault: Report): void {
  const { proto = [], src_port = [], dest_port = [] } = section.values;
  const at = proto.findIndex(number => number !== undefined && !hasPorts(number));
  if (at >= 0 && src_port.length + dest_port.length > 0) {
    fault(
      section.lineOf('proto', at),
      `${section.title}: protocol ${proto[at]} has no ports: expected tcp, udp or sctp beside 'src_port' and 'dest_port'`,
    );
  }
}

/** What stands behind a flow without criteria is never reached. */
function checkEverything(sections: readonly Reading<'flow'>[], fault: Report): void {
  const criteria = ['src', 'mac', 'dest', 'proto', 'src_port', 'dest_port', 'dscp', 'mark'] as const;
  const all = sections.findIndex(section => criteria.every(option => !section.has(option)));
  const next = sections[all + 1];
  if (all < 0 || next === undefined) return;
  const { title, line } = sections[all]!;
  fault(
    next.line,
    `${next.title} is never reached: ${title} (line ${line}) takes all packets: expected it to be the last`,
  );
}

/** So many lanes (RFC 6089 has no word for them: orders of uplinks) a flow may need. */
function lanesOf({ action, uplinks }: FlowConfig): number {
  switch (action) {
    case 'drop':
      return 0;
    case 'prefer':
      return 1;
    case 'replicate':
      return uplinks.length + 1;
    case 'balance':
      return uplinks.length < 4 ? uplinks.length * (uplinks.length - 1) : uplinks.length;
  }
}

export const markBits = (mask: number): number => mask.toString(2).replaceAll('0', '').length;

export function checkMarks(
  flows: readonly FlowConfig[],
  router: Reading<'mobile_router'>,
  marks: Marks,
  fault: Report,
): void {
  const lanes = flows.reduce((sum, flow) => sum + lanesOf(flow), 0);
  const room = 2 ** markBits(marks.packet) - 1;
  if (lanes > room) {
    fault(
      router.line,
      `${router.title}: its flows need up to ${lanes} values of firewall marks: expected at most ${room}, or a wider mark_mask in section globals`,
    );
  }
  const rules = Math.floor((2 ** (markBits(marks.connection) - 2) - 64) / 8) - 1;
  if (flows.length > rules) {
    fault(
      router.line,
      `${router.title} has ${flows.length} flows: expected at most ${rules}, or a wider connection_mark_mask in section globals`,
    );
  }
}
