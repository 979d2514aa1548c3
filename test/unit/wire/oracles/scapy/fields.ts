/** What Scapy shows of the messages and options that it knows, and is told to make them. */
import type { MobilityMessage } from '../../../../../src/wire/mobility-message.ts';
import type { MobilityOption } from '../../../../../src/wire/mobility-option.ts';
import { hex } from '../../octets.ts';
import type { MessageTable, OptionTable } from '../comparison.ts';
import type { Field } from './scapy.ts';

const UNIT = 4; // seconds

/** The bits of those flags that are set. */
const mask = (...flags: readonly (readonly [set: boolean | undefined, bit: number])[]): number =>
  flags.reduce((bits, [set, bit]) => bits | (set ? bit : 0), 0);

export const OPTION_LAYERS: { readonly [K in MobilityOption['kind']]?: string } = {
  'binding-refresh-advice': 'MIP6OptBRAdvice',
  'alternate-care-of-address': 'MIP6OptAltCoA',
  'nonce-indices': 'MIP6OptNonceIndices',
  'binding-authorization-data': 'MIP6OptBindingAuthData',
  'mobile-network-prefix': 'MIP6OptMobNetPrefix',
  'mh-link-layer-address': 'MIP6OptLLAddr',
  'mn-identifier': 'MIP6OptMNID',
  authentication: 'MIP6OptMsgAuth',
  'message-id': 'MIP6OptReplayProtection',
  'cga-parameters-request': 'MIP6OptCGAParamsReq',
  'cga-parameters': 'MIP6OptCGAParams',
  signature: 'MIP6OptSignature',
  'permanent-home-keygen-token': 'MIP6OptHomeKeygenToken',
  'care-of-test-init': 'MIP6OptCareOfTestInit',
  'care-of-test': 'MIP6OptCareOfTest',
};

export const optionFields = {
  'binding-refresh-advice': ({ interval }) => [['rinter', interval / UNIT]],
  'alternate-care-of-address': ({ address }) => [['acoa', hex(address)]],
  'nonce-indices': ({ home, careOf }) => [
    ['hni', home],
    ['coni', careOf],
  ],
  'binding-authorization-data': ({ authenticator }) => [['authenticator', hex(authenticator)]],
  'mobile-network-prefix': ({ prefix }) => [
    ['reserved', 0],
    ['plen', prefix.length],
    ['prefix', hex(prefix.address)],
  ],
  'mn-identifier': ({ subtype, identifier }) => [
    ['subtype', subtype],
    ['id', hex(identifier)],
  ],
  authentication: ({ subtype, spi, data }) => [
    ['subtype', subtype],
    ['mspi', spi],
    ['authdata', hex(data)],
  ],
  'message-id': ({ seconds, fraction }) => [
    ['timestamp', seconds.toString(16).padStart(8, '0') + fraction.toString(16).padStart(8, '0')],
  ],
  'cga-parameters-request': () => [],
  'cga-parameters': ({ parameters }) => [['cgaparams', hex(parameters)]],
  signature: ({ signature }) => [['sig', hex(signature)]],
  'permanent-home-keygen-token': ({ token }) => [['hkt', hex(token)]],
  'care-of-test-init': () => [],
  'care-of-test': ({ keygenToken }) => [['cokt', hex(keygenToken)]],
} satisfies OptionTable<Field>;

export const MESSAGE_LAYERS: { readonly [K in MobilityMessage['kind']]?: string } = {
  'binding-refresh-request': 'MIP6MH_BRR',
  'home-test-init': 'MIP6MH_HoTI',
  'care-of-test-init': 'MIP6MH_CoTI',
  'home-test': 'MIP6MH_HoT',
  'care-of-test': 'MIP6MH_CoT',
  'binding-update': 'MIP6MH_BU',
  'binding-acknowledgement': 'MIP6MH_BA',
  'binding-error': 'MIP6MH_BE',
};

export const messageFields = {
  'binding-refresh-request': () => [
    ['mhtype', 0],
    ['res2', 0],
  ],
  'home-test-init': ({ cookie }) => [
    ['mhtype', 1],
    ['reserved', '0000'],
    ['cookie', hex(cookie)],
  ],
  'care-of-test-init': ({ cookie }) => [
    ['mhtype', 2],
    ['reserved', '0000'],
    ['cookie', hex(cookie)],
  ],
  'home-test': ({ nonceIndex, cookie, keygenToken }) => [
    ['mhtype', 3],
    ['index', nonceIndex],
    ['cookie', hex(cookie)],
    ['token', hex(keygenToken)],
  ],
  'care-of-test': ({ nonceIndex, cookie, keygenToken }) => [
    ['mhtype', 4],
    ['index', nonceIndex],
    ['cookie', hex(cookie)],
    ['token', hex(keygenToken)],
  ],
  'binding-update': message => [
    ['mhtype', 5],
    ['seq', message.sequence],
    [
      'flags',
      mask(
        [message.acknowledge, 0x40],
        [message.homeRegistration, 0x20],
        [message.linkLocalCompatibility, 0x10],
        [message.keyManagement, 0x08],
        [message.mapRegistration, 0x04],
        [message.mobileRouter, 0x02],
        [message.proxy, 0x01],
      ),
    ],
    [
      'reserved',
      mask(
        [message.forceUdp, 0x100],
        [message.tlvHeader, 0x80],
        [message.bulkOrOverwrite, 0x40],
        [message.separateMulticast, 0x20],
        [message.distributed, 0x10],
      ),
    ],
    ['mhtime', message.lifetime / UNIT],
  ],
  'binding-acknowledgement': message => [
    ['mhtype', 6],
    ['status', message.status],
    ['flags', mask([message.keyManagement, 4], [message.mobileRouter, 2], [message.proxy, 1])],
    [
      'res2',
      mask(
        [message.tlvHeader, 0x10],
        [message.bulk, 0x08],
        [message.separateMulticast, 0x04],
        [message.distributed, 0x02],
      ),
    ],
    ['seq', message.sequence],
    ['mhtime', message.lifetime / UNIT],
  ],
  'binding-error': ({ status, homeAddress }) => [
    ['mhtype', 7],
    ['status', status],
    ['reserved', 0],
    ['ha', hex(homeAddress)],
  ],
} satisfies MessageTable<Field>;
