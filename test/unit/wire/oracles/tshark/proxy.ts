/** What tshark shows of Proxy Mobile IPv6, Dual-Stack Mobile IPv6 and binding revocation, in its order. */
import type { MessageOfKind } from '../../../../../src/wire/mobility-message.ts';
import type { OptionOfKind } from '../../../../../src/wire/mobility-option.ts';
import { hex } from '../../octets.ts';
import type { MessageTable, OptionTable } from '../comparison.ts';
import { bits, type Field, flag, number } from './tshark.ts';

type AccessNetworkIdentifier = OptionOfKind<'access-network-identifier'>;

export const proxyOptions = {
  'home-network-prefix': ({ prefix }) => [
    ['mip6.nemo.mnp.pfl', number(prefix.length, 1)],
    ['mip6.nemo.mnp.mnp', hex(prefix.address)],
  ],
  'handoff-indicator': ({ handoff }) => [['mip6.hi', number(handoff, 1)]],
  'access-technology-type': ({ technology }) => [['mip6.att', number(technology, 1)]],
  'mn-link-layer-identifier': ({ identifier }) => [['mip6.mnlli.lli', hex(identifier)]],
  'link-local-address': ({ address }) => [['mip6.lila_lla', hex(address)]],
  timestamp: ({ seconds, fraction }) => [['mip6.timestamp_tmp', number(seconds, 6) + number(fraction, 2)]],
  'ipv4-home-address': ({ prefixLength, prefixRequested, address }) => [
    ['mip6.ipv4ha.preflen', bits(prefixLength)],
    ['mip6.ipv4ha.p_flag', flag(prefixRequested)],
    ['mip6.ipv4ha.ha', hex(address)],
  ],
  'ipv4-address-acknowledgement': ({ status, prefixLength, address }) => [
    ['mip6.ipv4aa.sts', number(status, 1)],
    ['mip6.ipv4ha.preflen', bits(prefixLength)],
    ['mip6.ipv4ha.ha', hex(address)],
  ],
  'nat-detection': ({ forceUdp, refreshTime }) => [
    ['mip6.natd.f_flag', flag(forceUdp)],
    ['mip6.natd.refresh_t', number(refreshTime, 4)],
  ],
  'ipv4-care-of-address': ({ address }) => [['mip6.ipv4coa.addr', hex(address)]],
  'gre-key': ({ key }) => (key === undefined ? [] : [['mip6.gre_key', number(key, 4)]]),
  'ipv4-home-address-request': ({ prefixLength, address }) => [
    ['mip6.ipv4ha.preflen', bits(prefixLength)],
    ['mip6.ipv4ha.ha', hex(address)],
  ],
  'ipv4-home-address-reply': ({ status, prefixLength, address }) => [
    ['mip6.ipv4aa.sts', number(status, 1)],
    ['mip6.ipv4ha.preflen', bits(prefixLength)],
    ['mip6.ipv4ha.ha', hex(address)],
  ],
  'ipv4-default-router-address': ({ address }) => [['mip6.ipv4dra.dra', hex(address)]],
  'ipv4-dhcp-support-mode': ({ server }) => [['mip6.ipv4dsm.s_flag', flag(server)]],
  'mn-group-identifier': ({ subtype, group }) => [
    ['mip6.mng.sub_type', number(subtype, 1)],
    ['mip6.mng.mng_id', number(group, 4)],
  ],
  'mag-ipv6-address': ({ addressLength, address }) => [
    ['mip6.mag_ipv6.address_length', number(addressLength, 1)],
    ['mip6.mag_ipv6.address', hex(address)],
  ],
  'access-network-identifier': ({ identifiers }) => identifiers.flatMap(identifierFields),
  'delegated-mobile-network-prefix': ({ ipv4, prefixLength, address }) => [
    ['mip6.dmnp.v_flag', flag(ipv4)],
    ['mip6.dmnp.prefix_len', number(prefixLength, 1)],
    [ipv4 ? 'mip6.dmnp.dmnp_ipv4' : 'mip6.dmnp.dmnp_ipv6', hex(address)],
  ],
} satisfies OptionTable<Field>;

function identifierFields(identifier: AccessNetworkIdentifier['identifiers'][number]): Field[] {
  switch (identifier.kind) {
    case 'network-identifier':
      return [
        ['mip6.acc_net_id.ani', '01'],
        ['mip6.acc_net_id.e_bit', flag(identifier.utf8)],
        ['mip6.acc_net_id.net_name_len', number(identifier.networkName.length, 1)],
        [
          identifier.utf8 ? 'mip6.acc_net_id.net_name' : 'mip6.acc_net_id.net_name_data',
          hex(identifier.networkName),
        ],
        ['mip6.acc_net_id.ap_name_len', number(identifier.accessPointName.length, 1)],
        ['mip6.acc_net_id.ap_name', hex(identifier.accessPointName)],
      ];
    case 'geo-location':
      return [
        ['mip6.acc_net_id.ani', '02'],
        ['mip6.acc_net_id.geo.latitude_degrees', fixedPoint(identifier.latitude)],
        ['mip6.acc_net_id.geo.longitude_degrees', fixedPoint(identifier.longitude)],
      ];
    case 'operator-identifier':
      return [
        ['mip6.acc_net_id.ani', '03'],
        ['mip6.acc_net_id.op_id.type', number(identifier.identifierType, 1)],
        ['mip6.acc_net_id.op_id', hex(identifier.identifier)],
      ];
    case 'opaque':
      return [['mip6.acc_net_id.ani', number(identifier.type, 1)]];
    default:
      return [['mip6.acc_net_id.ani', LATER_IDENTIFIERS[identifier.kind]]];
  }
}

/** Of RFC 7563. */
const LATER_IDENTIFIERS = {
  'civic-location': '04',
  'mag-group-identifier': '05',
  'update-timer': '06',
} as const;

const fixedPoint = (degrees: number): string => number((degrees * 2 ** 15) & 0xffffff, 3);

/** Of an indication (I) or an acknowledgement (A). */
const revocationFlags = (
  letter: 'i' | 'a',
  { sequence, proxy, ipv4Only, global }: MessageOfKind<'binding-revocation'>,
): Field[] => [
  ['mip6.bri_seqnr', number(sequence, 2)],
  [`mip6.bri_${letter}p`, flag(proxy)],
  [`mip6.bri_${letter}v`, flag(ipv4Only)],
  [`mip6.bri_${letter}g`, flag(global)],
];

export const proxyMessages = {
  'binding-revocation': message =>
    message.revocation === 'indication'
      ? [
          ['mip6.bri_br.type', '01'],
          ['mip6.bri_r.trigger', number(message.trigger, 1)],
          ...revocationFlags('i', message),
        ]
      : [
          ['mip6.bri_br.type', '02'],
          ['mip6.bri_status', number(message.status, 1)],
          ...revocationFlags('a', message),
        ],
} satisfies MessageTable<Field>;
