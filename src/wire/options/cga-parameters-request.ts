import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

export const cgaParametersRequest = option({
  type: 11,
  kind: 'cga-parameters-request',
  name: 'CGA Parameters Request',
  section: 'RFC 4866 §5.6',
  layout: layout(),
});
