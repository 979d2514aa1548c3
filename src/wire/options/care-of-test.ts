import { octets } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** In a Binding Acknowledgement, in place of the message of this name. */
export const careOfTest = option({
  type: 16,
  kind: 'care-of-test',
  name: 'Care-of Test',
  section: 'RFC 4866 §5.5',
  layout: layout(octets('keygenToken', 8)),
});
