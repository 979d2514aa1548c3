import { bits, flag, unused } from '../layout/bits.ts';
import { choice } from '../layout/choice.ts';
import { u8, u16 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { message } from '../message-format.ts';

/** Above 127 for global revocation; 250 to 255 are for tests. */
const TRIGGER_NAMES = {
  0: 'unspecified',
  1: 'administrative reason',
  2: 'inter-MAG handover, same access type',
  3: 'inter-MAG handover, different access type',
  4: 'inter-MAG handover, unknown',
  5: 'user-initiated session termination',
  6: 'access network session termination',
  7: 'possible out-of-sync binding cache entry',
  128: 'per-peer policy',
  129: 'revoking mobility node local policy',
};

/** Below 128: processed. */
const STATUS_NAMES = {
  0: 'success',
  1: 'partial success',
  128: 'binding does not exist',
  129: 'IPv4 home address option required',
  130: 'global revocation not authorized',
  131: 'revoked mobile nodes identity required',
  132: 'revocation failed, mobile node is attached',
  133: 'revocation trigger not supported',
  134: 'revocation function not supported',
  135: 'proxy binding revocation not supported',
};

/** Binding Revocation Indication and Binding Revocation Acknowledgement, by their B.R. Type. */
export const bindingRevocation = message({
  type: 16,
  kind: 'binding-revocation',
  name: 'Binding Revocation',
  section: 'RFC 5846 §5',
  layout: layout(
    choice('revocation', 1, {
      indication: [1, u8('trigger', TRIGGER_NAMES)],
      acknowledgement: [2, u8('status', STATUS_NAMES)],
    }),
    u16('sequence'), // an acknowledgement carries that of its indication, and its flags
    bits(
      2,
      flag('proxy', 'P'),
      flag('ipv4Only', 'V'), // the binding of the IPv4 home address
      flag('global', 'G'), // all bindings of the peer, or all that share an identifier
      unused(13),
    ),
  ),
});
