import { agreeing } from '../../layout/agreement.ts';
import { bits, flag, unused } from '../../layout/bits.ts';
import { u16 } from '../../layout/numbers.ts';
import { layout } from '../../layout/part.ts';
import { option } from '../../option-format.ts';

export const homeAgentInformation = option({
  type: 8,
  kind: 'home-agent-information',
  name: 'Home Agent Information',
  section: 'RFC 6275 §7.4',
  layout: layout(
    bits(2, flag('mobileRouter', 'R', 'RFC 3963 §7.3'), unused(15)),
    u16('preference'), // higher is preferred; 0 where the option is absent
    agreeing(u16('lifetime'), ({ lifetime }) => (lifetime === 0 ? 'the lifetime is 0' : undefined)), // seconds
  ),
});
