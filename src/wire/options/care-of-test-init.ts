import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** In a Binding Update, in place of the message of this name. */
export const careOfTestInit = option({
  type: 15,
  kind: 'care-of-test-init',
  name: 'Care-of Test Init',
  section: 'RFC 4866 §5.4',
  layout: layout(),
});
