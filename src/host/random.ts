/** Octets that nobody can predict, from the kernel. */
import * as os from 'os';

const SOURCE = '/dev/urandom';

/** Throws an Error when the kernel gives none: without secrets nothing can be proven. */
export function randomOctets(length: number): Uint8Array {
  const octets = new Uint8Array(length);
  const fd = os.open(SOURCE, os.O_RDONLY);
  const read = fd < 0 ? fd : os.read(fd, octets.buffer, 0, length);
  if (fd >= 0) os.close(fd);
  if (read !== length) throw new Error(`${SOURCE} cannot be read`);
  return octets;
}
