/** NLMSG_ERROR: acknowledgement or refusal of a request, with the kernel's own words where it gives them. */
import { align, attributes, s32, text } from './codec.ts';
import { Flag, HEADER_LENGTH, type Message, parseMessages } from './message.ts';

export interface NetlinkError {
  /** Number of the machine's `errno.h`. */
  readonly errno: number;
  /** The extended acknowledgement (NLMSGERR_ATTR_MSG), e.g. `Nexthop has invalid gateway`. */
  readonly text: string | undefined;
}

/** The errors that kedge tells apart, each with its number on most machines and on MIPS. */
const ERRNO = {
  EPERM: [1, 1],
  ENOENT: [2, 2],
  ESRCH: [3, 3],
  EBUSY: [16, 16],
  EEXIST: [17, 17],
  ENODEV: [19, 19],
  EINVAL: [22, 22],
  EOPNOTSUPP: [95, 122],
  EAFNOSUPPORT: [97, 124],
  EADDRNOTAVAIL: [99, 126],
  ENETDOWN: [100, 127],
  ENETUNREACH: [101, 128],
  ENOBUFS: [105, 132],
  EHOSTUNREACH: [113, 148],
} as const;

export type ErrorName = keyof typeof ERRNO;

/** What the kernel never says: the answer was lost, because its queue ran over. */
export const LOST: NetlinkError = { errno: ERRNO.ENOBUFS[0], text: 'the answer was lost' };

export function errorName(error: NetlinkError): ErrorName | undefined {
  const entries = Object.entries(ERRNO) as [ErrorName, readonly number[]][];
  return entries.find(([, numbers]) => numbers.includes(error.errno))?.[0];
}

const extended = attributes<{ text?: string }>({ text: [1, text] });

/** The outcome that an NLMSG_ERROR states: undefined for success. */
export function parseError(message: Message): NetlinkError | undefined {
  const code = s32.decode(message.body);
  if (code === 0) return undefined;
  const words = message.flags & Flag.extended ? extended.decode(afterRequest(message)) : undefined;
  return { errno: code === undefined ? 0 : -code, text: words?.text };
}

/** The attributes stand behind the repeated request, or behind its header alone. */
function afterRequest(message: Message): Uint8Array {
  const request = message.body.subarray(s32.size);
  if (message.flags & Flag.capped) return request.subarray(HEADER_LENGTH);
  const whole = parseMessages(request)[0];
  return whole === undefined
    ? request.subarray(request.length)
    : request.subarray(align(HEADER_LENGTH + whole.body.length));
}
