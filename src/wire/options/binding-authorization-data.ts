import { endingAlignment } from '../ending-alignment.ts';
import { rest } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

const HEADER = 2;

/** The last option of a Binding Update to a correspondent node, and of its acknowledgement. */
export const bindingAuthorizationData = option({
  type: 5,
  kind: 'binding-authorization-data',
  name: 'Binding Authorization Data',
  section: 'RFC 6275 §6.2.7',
  layout: layout(rest('authenticator', 1)), // 12 octets with return routability
  alignment: ({ authenticator }) => endingAlignment(HEADER + authenticator.length),
});
