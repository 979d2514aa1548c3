import { flowSubOptions } from '../flow/sub-options.ts';
import { reserved, u8, u16 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** IANA "Flow Identification Mobility Option Status Codes". 251 to 255 are for experiments. */
const STATUS_NAMES: Readonly<Record<number, string>> = {
  0: 'flow binding successful',
  128: 'administratively prohibited',
  129: 'flow binding rejected, reason unspecified',
  130: 'flow identification mobility option malformed',
  131: 'BID not found',
  132: 'FID not found',
  133: 'traffic selector format not supported',
};

/** A malformed one, its sub-options included, is answered with status 130 (RFC 6089 §5.3.2). */
export const flowIdentification = option({
  type: 45,
  kind: 'flow-identification',
  name: 'Flow Identification',
  section: 'RFC 6089 §4.2',
  layout: layout(
    u16('fid'), // 1..65535; 0 is reserved
    u16('priority'), // lower comes first, unique for the mobile node; 0 is reserved
    reserved(1),
    u8('status', STATUS_NAMES), // in an acknowledgement
    flowSubOptions,
  ),
  alignment: [2, 0],
});

export function flowStatusName(status: number): string {
  return STATUS_NAMES[status] ?? `status ${status}`;
}
