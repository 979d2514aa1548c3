/** /etc/config/kedge of any router and any home agent. */

/** What every router and its home agents share. */
export const SPI = 256;
export const KEY = '0x000102030405060708090a0b0c0d0e0f';

export type Probe = 'fast' | 'normal' | 'saver';

export interface RouterPlan {
  readonly name: string;
  readonly homeAddress: string;
  /** In order of preference. */
  readonly homeAgents: readonly string[];
  /** None: a mobile node. */
  readonly prefixes?: readonly string[];
  /** Uplinks, whose devices have the same names, in order of preference. */
  readonly uplinks: readonly string[];
  readonly probe?: Probe;
  /** More lines for the section. */
  readonly lines?: readonly string[];
}

/** What a home agent has to know of a router. */
export interface PeerPlan extends Pick<RouterPlan, 'name' | 'homeAddress' | 'prefixes'> {
  readonly lines?: readonly string[];
}

export interface AnchorPlan {
  readonly address: string;
  readonly peers: readonly PeerPlan[];
  readonly probe?: Probe;
  readonly lines?: readonly string[];
}

const GLOBALS = section('globals', 'globals', [option('log_level', 'info')]);
const ASSOCIATION = [option('spi', SPI), option('key', KEY)];

function option(name: string, value: string | number): string {
  return `option ${name} '${value}'`;
}

const list = (name: string, values: readonly string[]): string[] =>
  values.map(value => `list ${name} '${value}'`);

function section(type: string, name: string, lines: readonly string[]): string {
  return `config ${type} '${name}'\n${lines.map(line => `\t${line}\n`).join('')}\n`;
}

export function routerText(plan: RouterPlan): string {
  const { name, homeAddress, homeAgents, prefixes = [], uplinks, probe = 'fast', lines = [] } = plan;
  const [only] = homeAgents;
  return [
    GLOBALS,
    section('mobile_router', name, [
      option('home_address', homeAddress),
      ...(homeAgents.length === 1 ? [option('home_agent', only!)] : list('home_agent', homeAgents)),
      ...list('prefix', prefixes),
      option('probe', probe),
      ...ASSOCIATION,
      ...lines,
    ]),
    ...uplinks.map(uplink => section('uplink', uplink, [option('device', uplink)])),
  ].join('');
}

export function anchorText({ address, peers, probe = 'fast', lines = [] }: AnchorPlan): string {
  return [
    GLOBALS,
    section('home_agent', 'anchor', [option('address', address), option('probe', probe), ...lines]),
    ...peers.map(({ name, homeAddress, prefixes = [], lines: more = [] }) =>
      section('peer', name, [
        option('home_address', homeAddress),
        ...list('prefix', prefixes),
        ...ASSOCIATION,
        ...more,
      ]),
    ),
  ].join('');
}
