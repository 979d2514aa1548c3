import { type Names, reserved, u8 } from '../../layout/numbers.ts';
import { rest } from '../../layout/octets.ts';
import { layout } from '../../layout/part.ts';
import { icmpv6 } from '../format.ts';
import { checksumField } from '../parts.ts';

const CODES: Names = {
  0: 'no route to destination',
  1: 'administratively prohibited',
  2: 'beyond scope of source address',
  3: 'address unreachable',
  4: 'port unreachable',
  5: 'source address failed ingress/egress policy',
  6: 'reject route to destination',
};

export const destinationUnreachable = icmpv6({
  type: 1,
  kind: 'destination-unreachable',
  name: 'Destination Unreachable',
  section: 'RFC 4443 §3.1',
  layout: layout(
    u8('code', CODES),
    checksumField,
    reserved(4),
    rest('invoking'), // as much of the packet as fits in 1280 octets
  ),
});
