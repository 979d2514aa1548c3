import { layout } from '../layout/part.ts';
import { heartbeatControl } from '../mag-parameters/heartbeat-control.ts';
import { reRegistrationControl } from '../mag-parameters/re-registration-control.ts';
import { type OptionOf, option } from '../option-format.ts';
import { OptionSet } from '../option-set.ts';
import { subOptions } from '../sub-options.ts';

/** IANA "LMA-Controlled MAG Parameters Sub-Option Type Values". */
const FORMATS = [reRegistrationControl, heartbeatControl] as const;

const parameters = new OptionSet<OptionOf<(typeof FORMATS)[number]>>(
  { what: 'MAG parameter sub-option', section: 'RFC 8127 §3.1', pads: false },
  FORMATS,
);

/** How the mobile access gateway is to re-register and to send Heartbeats. */
export const lmaControlledMagParameters = option({
  type: 62,
  kind: 'lma-controlled-mag-parameters',
  name: 'LMA-Controlled MAG Parameters',
  section: 'RFC 8127 §3.1',
  layout: layout(subOptions('parameters', parameters)),
  alignment: [4, 2], // so that the sub-options, of 8 octets each, stand at 4n
});
