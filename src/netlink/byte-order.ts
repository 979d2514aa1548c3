/** Netlink speaks the byte order of the machine: a MIPS router may be big-endian. */
export const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
