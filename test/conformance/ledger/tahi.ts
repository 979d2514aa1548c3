import { correspondentSequences } from './tahi-correspondent.ts';
import { homeAgentSequences } from './tahi-home-agent.ts';
import { mobileNodeSequences } from './tahi-mobile-node.ts';
import type { Document } from './types.ts';

/** By the testers' own ids. Their titles are of RFC 3775 and 3963; where RFC 6275 says otherwise, it counts. */
export const tahi: Document = {
  name: 'tahi',
  title: 'TAHI conformance sequences for Mobile IPv6 and NEMO',
  statements: [...homeAgentSequences, ...mobileNodeSequences, ...correspondentSequences],
};
