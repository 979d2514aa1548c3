/** From a peer of the home agent to a pairing, and from a pairing to the sections of the mobile router. */
import { formatAddress, formatPrefix } from '../wire/address.ts';
import type { NewOption, NewSection } from './editing.ts';
import type { Pairing } from './pairing.ts';
import type { Config } from './types.ts';

/** Options of a mobile router that a pairing decides upon, whether it has them or not. */
export const DECIDED = ['prefix', 'auth', 'spi', 'key', 'key_file', 'replay', 'identifier', 'dialect'];

/** Undefined: the home agent has no such peer. */
export function pairingOf({ homeAgent }: Config, name: string): Pairing | undefined {
  const peer = homeAgent?.peers.find(candidate => candidate.name === name);
  if (homeAgent === undefined || peer === undefined) return undefined;
  const others = [...(homeAgent.peerHomeAgents ?? [])].sort((a, b) => b.preference - a.preference);
  const { options = {}, messages = {} } = peer.dialect ?? {};
  const numbers = Object.entries<number | undefined>({ ...options, ...messages });
  return {
    name,
    homeAddress: peer.homeAddress,
    homeAgents: [homeAgent.address, ...others.map(({ address }) => address)],
    prefixes: peer.prefixes,
    auth: peer.auth,
    identifier: peer.identifier,
    dialect: Object.fromEntries(
      numbers.flatMap(([kind, number]) =>
        number === undefined ? [] : [[kind.replaceAll('-', '_'), number]],
      ),
    ),
  };
}

/** What stands in the configuration of the mobile router; the key, if there is one, is in `keyFile`. */
export function routerSections(pairing: Pairing, keyFile: string): NewSection[] {
  const { name, auth, identifier } = pairing;
  const dialectName = `${name.slice(0, 24)}_dialect`;
  const dialect = Object.entries(pairing.dialect).map(([option, number]): NewOption => [option, `${number}`]);
  const authentication: NewOption[] =
    auth.kind === 'none'
      ? [['auth', 'none']]
      : [
          ['spi', `${auth.spi}`],
          ['key_file', keyFile],
          ...(auth.replay === 'sequence' ? [['replay', 'sequence'] satisfies NewOption] : []),
        ];
  return [
    {
      type: 'mobile_router',
      name,
      options: [
        ['home_address', formatAddress(pairing.homeAddress)],
        ['home_agent', pairing.homeAgents.map(formatAddress)],
        ['prefix', pairing.prefixes.map(formatPrefix)],
        ...authentication,
        ...(identifier === undefined ? [] : [['identifier', identifier] satisfies NewOption]),
        ...(dialect.length === 0 ? [] : [['dialect', dialectName] satisfies NewOption]),
      ],
    },
    ...(dialect.length === 0 ? [] : [{ type: 'dialect', name: dialectName, options: dialect }]),
  ];
}

/** What stands in a file of `key_file`; empty without a key. */
export function keyText({ auth }: Pick<Pairing, 'auth'>): string {
  if (auth.kind === 'none') return '';
  return `0x${Array.from(auth.key, octet => octet.toString(16).padStart(2, '0')).join('')}\n`;
}
