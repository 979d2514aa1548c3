import { type Names, u8, u32 } from '../../layout/numbers.ts';
import { rest } from '../../layout/octets.ts';
import { layout } from '../../layout/part.ts';
import { icmpv6 } from '../format.ts';
import { checksumField } from '../parts.ts';

const CODES: Names = {
  0: 'erroneous header field',
  1: 'unrecognized Next Header type',
  2: 'unrecognized IPv6 option',
};

export const parameterProblem = icmpv6({
  type: 4,
  kind: 'parameter-problem',
  name: 'Parameter Problem',
  section: 'RFC 4443 §3.4',
  layout: layout(
    u8('code', CODES),
    checksumField,
    u32('pointer'), // octets from the start of the invoking packet
    rest('invoking'), // as much of the packet as fits in 1280 octets
  ),
});
