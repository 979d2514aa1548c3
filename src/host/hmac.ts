/**
 * HMAC by kedged, many times as fast as in this process. A request and its answer at a time on descriptor 4, which blocks;
 * `src/netio/README.md` is the protocol.
 */
import * as os from 'os';
import { type CreateHmac, createHmac, type Hmac, type HmacAlgorithm, shortKey } from '../engine/hmac.ts';

const HELPER = 4;
const REQUEST_MAX = 4096;
const DIGEST_MAX = 32;
const NUMBERS: Record<HmacAlgorithm, number> = { sha1: 1, sha256: 2 };

/**
 * Asks kedged, and computes here what it does not answer. It is not asked again after it has failed once.
 * To be called before this process opens files: the descriptor may be missing, and then another file would get it.
 */
export function helperHmac(): CreateHmac {
  const request = new Uint8Array(REQUEST_MAX);
  let answers = true;

  function ask(parts: readonly Uint8Array[]): Uint8Array | undefined {
    let length = 0;
    for (const part of parts) {
      if (length + part.length > REQUEST_MAX) return undefined;
      request.set(part, length);
      length += part.length;
    }
    const digest = new Uint8Array(DIGEST_MAX);
    if (os.write(HELPER, request.buffer, 0, length) === length) {
      const received = os.read(HELPER, digest.buffer, 0, DIGEST_MAX);
      if (received > 0) return digest.subarray(0, received);
    }
    answers = false;
    os.close(HELPER);
    return undefined;
  }

  ask([Uint8Array.of(NUMBERS.sha1, 0)]);
  return (algorithm, key) => {
    if (!answers) return createHmac(algorithm, key);
    const secret = shortKey(algorithm, key);
    const head = Uint8Array.of(NUMBERS[algorithm], secret.length, ...secret);
    let own: Hmac | undefined;
    return (...parts) => {
      const answer = answers ? ask([head, ...parts]) : undefined;
      if (answer !== undefined) return answer;
      own ??= createHmac(algorithm, key);
      return own(...parts);
    };
  };
}
