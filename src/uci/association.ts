/** What a mobile router and its home agent share: key and identity. The same options on both sides. */
import { sharedKey } from './option-type.ts';
import type { Reading, Report } from './section-reader.ts';
import type { Auth } from './types.ts';

/** Gives the content of a file; undefined when it cannot be read. */
export type ReadFile = (path: string) => string | undefined;

type Associated = Reading<'mobile_router'> | Reading<'peer'>;

/** Undefined after a fault was reported. */
export function readAuth(
  section: Associated,
  readFile: ReadFile,
  fault: Report,
  warning: Report,
): Auth | undefined {
  const { auth, spi, replay } = section.values;
  if (auth === 'none') {
    warning(
      section.lineOf('auth'),
      `${section.title}: registrations are not authenticated (auth 'none'): without IPsec or a closed network anybody can redirect the traffic`,
    );
    return { kind: 'none' };
  }
  if (auth === undefined) return undefined;
  const key = readKey(section, readFile, fault);
  if (spi === undefined && !section.has('spi')) {
    fault(
      section.line,
      `${section.title}: option 'spi' is missing: expected the number of the shared key, 256 to 4294967295`,
    );
  }
  if (spi === undefined || key === undefined || replay === undefined) return undefined;
  return { kind: 'rfc4285', spi, key, replay };
}

function readKey(section: Associated, readFile: ReadFile, fault: Report): Uint8Array | undefined {
  const { key, key_file: file } = section.values;
  if (key !== undefined && file !== undefined) {
    fault(section.lineOf('key_file'), `${section.title}: both 'key' and 'key_file': expected one of them`);
    return undefined;
  }
  if (!section.has('key') && !section.has('key_file')) {
    fault(
      section.line,
      `${section.title}: no key: expected option 'key' or 'key_file', ${sharedKey.accepts}`,
    );
    return undefined;
  }
  if (file === undefined) return key;
  const line = section.lineOf('key_file');
  const content = readFile(file);
  if (content === undefined) {
    fault(
      line,
      `${section.title}: cannot read the file that 'key_file' names: expected a readable file with the key`,
    );
    return undefined;
  }
  const only = content.replace(/\r?\n$/, '');
  const loaded = /[\r\n]/.test(only) ? undefined : sharedKey.parse(only);
  if (loaded === undefined) {
    fault(
      line,
      `${section.title}: what the file of 'key_file' contains is not a key: expected one line with ${sharedKey.accepts}`,
    );
    return undefined;
  }
  return loaded;
}
