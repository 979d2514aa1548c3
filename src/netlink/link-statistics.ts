/** What a network device has carried: RTM_GETSTATS, RTM_NEWSTATS (`struct if_stats_msg`, `struct rtnl_link_stats64`). */
import { attributes, body, type Codec, struct, u8, u32, u64 } from './codec.ts';
import type { Message, Request } from './message.ts';

const StatisticsType = { new: 92, get: 94 } as const;

/** Octets since the device was made. */
export interface LinkStatistics {
  readonly index: number;
  readonly received: number;
  readonly sent: number;
}

interface Counters {
  received: number;
  sent: number;
}

/** The beginning of a longer structure: two counts of packets, then these. */
const counters: Codec<Counters> = struct(32, { received: [16, u64], sent: [24, u64] });
const format = body<{ family: number; index: number; filter: number }, { counters?: Counters }>(
  struct(12, { family: [0, u8], index: [4, u32], filter: [8, u32] }),
  attributes<{ counters?: Counters }>({ counters: [1, counters] }),
);
/** IFLA_STATS_LINK_64 only. */
const FILTER = 1;

/** Asks for those of one device. */
export function statisticsRequest(index: number): Request {
  return { type: StatisticsType.get, flags: 0, body: format.encode({ family: 0, index, filter: FILTER }) };
}

/** Undefined for any other message. */
export function parseStatistics(message: Message): LinkStatistics | undefined {
  if (message.type !== StatisticsType.new) return undefined;
  const found = format.decode(message.body);
  return found?.counters && { index: found.index, ...found.counters };
}
