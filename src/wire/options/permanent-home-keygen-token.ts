import { rest } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

export const permanentHomeKeygenToken = option({
  type: 14,
  kind: 'permanent-home-keygen-token',
  name: 'Permanent Home Keygen Token',
  section: 'RFC 4866 §5.3',
  layout: layout(rest('token')), // encrypted with the public key of the mobile node
});
