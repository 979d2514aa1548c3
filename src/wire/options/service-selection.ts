import { text } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** Which service or network the mobile node wants: in 3GPP an access point name. */
export const serviceSelection = option({
  type: 20,
  kind: 'service-selection',
  name: 'Service Selection',
  section: 'RFC 5149 §3',
  layout: layout(text('identifier', 1)), // UTF-8; 3GPP: DNS labels
});
