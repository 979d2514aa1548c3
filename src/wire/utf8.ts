/**
 * UTF-8 (RFC 3629) without TextEncoder and TextDecoder, which QuickJS lacks.
 * Both functions accept everything: what is ill-formed becomes U+FFFD.
 */

const REPLACEMENT = 0xfffd;

/** The octets of `text`; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    let c = text.codePointAt(i)!;
    if (c > 0xffff) i++;
    else if (c >= 0xd800 && c < 0xe000) c = REPLACEMENT;
    if (c < 0x80) {
      bytes[length++] = c;
      continue;
    }
    if (c < 0x800) {
      bytes[length++] = 0xc0 | (c >> 6);
    } else {
      if (c < 0x10000) {
        bytes[length++] = 0xe0 | (c >> 12);
      } else {
        bytes[length++] = 0xf0 | (c >> 18);
        bytes[length++] = 0x80 | ((c >> 12) & 0x3f);
      }
      bytes[length++] = 0x80 | ((c >> 6) & 0x3f);
    }
    bytes[length++] = 0x80 | (c & 0x3f);
  }
  return bytes.slice(0, length);
}

/** The text of `bytes`; overlong forms, surrogates, stray and missing octets become U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  const parts: string[] = [];
  let units: number[] = [];
  let i = 0;
  while (i < bytes.length) {
    const lead = bytes[i++]!;
    let c = lead;
    if (lead >= 0x80) {
      const more =
        lead >= 0xc2 && lead < 0xe0
          ? 1
          : lead >= 0xe0 && lead < 0xf0
            ? 2
            : lead >= 0xf0 && lead < 0xf5
              ? 3
              : 0;
      c = more === 0 ? REPLACEMENT : lead & (0x3f >> more);
      // The second octet's range excludes overlong forms, surrogates and what is beyond U+10FFFF.
      let low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
      let high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
      for (let n = 0; n < more; n++) {
        const next = bytes[i] ?? 0;
        if (next < low || next > high) {
          c = REPLACEMENT;
          break;
        }
        c = (c << 6) | (next & 0x3f);
        i++;
        low = 0x80;
        high = 0xbf;
      }
    }
    if (c > 0xffff) units.push(0xd7c0 + (c >> 10), 0xdc00 | (c & 0x3ff));
    else units.push(c);
    if (units.length >= 4096) {
      parts.push(String.fromCharCode(...units));
      units = [];
    }
  }
  parts.push(String.fromCharCode(...units));
  return parts.join('');
}
