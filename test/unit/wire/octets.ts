/** Octets from hexadecimal text; blanks and line ends are for the eye. */
export function octets(text: string): Uint8Array {
  const digits = text.replace(/\s+/g, '');
  if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new Error(`no hexadecimal octets: ${text}`);
  return Uint8Array.from(digits.match(/../g) ?? [], pair => Number.parseInt(pair, 16));
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, octet => octet.toString(16).padStart(2, '0')).join('');
}

/** The octets with others written over them at `at`. */
export function patched(bytes: Uint8Array, at: number, replacement: string): Uint8Array {
  const copy = bytes.slice();
  copy.set(octets(replacement), at);
  return copy;
}

export function concatenated(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
