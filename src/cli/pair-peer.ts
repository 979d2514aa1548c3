/** `kedge pair NAME` on the anchor: it prints the pairing line of a peer, which it may make first. */
import { loadConfig } from '../uci/config.ts';
import { parseDocument } from '../uci/document.ts';
import { type NewSection, withSections } from '../uci/editing.ts';
import { formatFault } from '../uci/fault.ts';
import { encodePairing } from '../uci/pairing.ts';
import { keyText, pairingOf } from '../uci/pairing-sections.ts';
import { EXIT } from './exit.ts';
import type { CommandHost } from './host.ts';
import { fail, keyFile, type PairCommand, write } from './pair.ts';
import { encodeQr, qrLines } from './qr.ts';

const KEY_LENGTH = 32;
const FIRST_SPI = 256;

export function pairPeer(
  command: Exclude<PairCommand, { act: 'accept' }>,
  file: string,
  host: CommandHost,
): number {
  return command.act === 'show' ? show(command.peer, file, host) : create(command, file, host);
}

function show(peer: string, file: string, host: CommandHost): number {
  const text = host.readFile(file);
  if (text === undefined) return fail([`cannot read ${file}`], host);
  const { config, faults } = loadConfig({ file, text }, path => host.readFile(path));
  if (config === undefined) return fail(faults.map(formatFault), host);
  const pairing = pairingOf(config, peer);
  if (pairing === undefined) {
    const names = config.homeAgent?.peers.map(({ name }) => name).join(', ');
    return fail([`there is no enabled peer '${peer}'${names ? `; there are ${names}` : ''}`], host);
  }
  const line = encodePairing(pairing);
  host.print(line);
  if (!host.isTerminal) return EXIT.success;
  const rows = encodeQr(line);
  const wide = rows === undefined || qrLines(rows)[0]!.length > host.width;
  host.print('');
  if (wide) host.print('(the terminal is too narrow for the QR code)');
  else for (const row of qrLines(rows)) host.print(row);
  host.printError(
    "On the router: kedge pair, then paste the line; or LuCI's page. It contains the key: show it to nobody else.",
  );
  return EXIT.success;
}

function create(command: Extract<PairCommand, { act: 'create' }>, file: string, host: CommandHost): number {
  const { peer, homeAddress, prefixes } = command;
  const text = host.readFile(file) ?? '';
  const { sections } = parseDocument(file, text);
  if (sections.some(({ name }) => name === peer)) {
    return fail([`${file} has a section '${peer}' already: 'kedge pair ${peer}' prints its line`], host);
  }
  const spis = sections.flatMap(({ options }) => Number(options.get('spi')?.values[0]?.text ?? 0));
  const section: NewSection = {
    type: 'peer',
    name: peer,
    options: [
      ['home_address', homeAddress],
      ['prefix', prefixes],
      ['spi', `${Math.max(FIRST_SPI - 1, ...spis.filter(Number.isInteger)) + 1}`],
      ['key_file', keyFile(file, peer)],
    ],
  };
  const auth = { kind: 'rfc4285', spi: 0, key: host.random(KEY_LENGTH), replay: 'timestamp' } as const;
  const problem = write(file, withSections(text, [section]), peer, keyText({ auth }), host);
  return problem === undefined ? show(peer, file, host) : fail(problem, host);
}
