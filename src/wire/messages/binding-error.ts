import { reserved, u8 } from '../layout/numbers.ts';
import { address } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { message } from '../message-format.ts';

const STATUS_NAMES = { 1: 'unknown binding for Home Address destination option', 2: 'unrecognized MH Type' };

export const bindingError = message({
  type: 7,
  kind: 'binding-error',
  name: 'Binding Error',
  section: 'RFC 6275 §6.1.9',
  layout: layout(
    u8('status', STATUS_NAMES),
    reserved(1),
    address('homeAddress'), // of the packet in error; unspecified when it had none
  ),
});
