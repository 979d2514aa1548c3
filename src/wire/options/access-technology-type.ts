import { reserved, u8 } from '../layout/numbers.ts';
import { layout } from '../layout/part.ts';
import { option } from '../option-format.ts';

/** IANA "Access Technology Type Option type values". */
export const ACCESS_TECHNOLOGY_NAMES = {
  1: 'virtual',
  2: 'PPP',
  3: 'IEEE 802.3',
  4: 'IEEE 802.11a/b/g',
  5: 'IEEE 802.16e',
  6: '3GPP GERAN',
  7: '3GPP UTRAN',
  8: '3GPP E-UTRAN',
  9: '3GPP2 eHRPD',
  10: '3GPP2 HRPD',
  11: '3GPP2 1xRTT',
  12: '3GPP2 UMB',
  13: '3GPP NB-IoT',
};

export const accessTechnologyType = option({
  type: 24,
  kind: 'access-technology-type',
  name: 'Access Technology Type',
  section: 'RFC 5213 §8.5',
  layout: layout(reserved(1), u8('technology', ACCESS_TECHNOLOGY_NAMES)),
});
