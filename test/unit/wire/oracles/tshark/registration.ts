/** What tshark shows of RFC 6275, RFC 3963, RFC 4283, RFC 4285, RFC 5648 and RFC 5847, in its order. */

import { hex } from '../../octets.ts';
import type { MessageTable, OptionTable } from '../comparison.ts';
import { type Field, flag, number } from './tshark.ts';

const UNIT = 4; // seconds

export const registrationOptions = {
  'binding-refresh-advice': ({ interval }) => [['mip6.bra.interval', number(interval / UNIT, 2)]],
  'alternate-care-of-address': ({ address }) => [['mip6.acoa.acoa', hex(address)]],
  'nonce-indices': ({ home, careOf }) => [
    ['mip6.ni.hni', number(home, 2)],
    ['mip6.ni.cni', number(careOf, 2)],
  ],
  'binding-authorization-data': ({ authenticator }) => [['mip6.bad.auth', hex(authenticator)]],
  'mobile-network-prefix': ({ prefix }) => [
    ['mip6.nemo.mnp.pfl', number(prefix.length, 1)],
    ['mip6.nemo.mnp.mnp', hex(prefix.address)],
  ],
  'mn-identifier': ({ subtype, identifier }) => [
    ['mip6.mnid.subtype', number(subtype, 1)],
    ['mip6.mnid.identifier', hex(identifier)],
  ],
  authentication: ({ subtype, spi, data }) => [
    ['mip6.auth.subtype', number(subtype, 1)],
    ['mip6.auth.mobility_spi', number(spi, 4)],
    ['mip6.auth.auth_data', hex(data)],
  ],
  'message-id': ({ seconds, fraction }) => [
    ['mip6.mseg_id.timestamp', number(seconds, 4) + number(fraction, 4)],
  ],
  'binding-identifier': ({ bid, status, home, careOfAddress }) => [
    ['mip6.bi.bid', number(bid, 2)],
    ['mip6.bi.status', number(status, 1)],
    ['mip6.bi.h_flag', flag(home)],
    ...(careOfAddress
      ? [[`mip6.bi.coa_ipv${careOfAddress.length === 4 ? 4 : 6}`, hex(careOfAddress)] as const]
      : []),
  ],
  'restart-counter': ({ counter }) => [['mip6.rc', number(counter, 4)]],
} satisfies OptionTable<Field>;

export const registrationMessages = {
  'binding-refresh-request': () => [],
  'home-test-init': ({ cookie }) => [['mip6.hoti.cookie', hex(cookie)]],
  'care-of-test-init': ({ cookie }) => [['mip6.coti.cookie', hex(cookie)]],
  'home-test': ({ nonceIndex, cookie, keygenToken }) => [
    ['mip6.hot.nindex', number(nonceIndex, 2)],
    ['mip6.hot.cookie', hex(cookie)],
    ['mip6.hot.token', hex(keygenToken)],
  ],
  'care-of-test': ({ nonceIndex, cookie, keygenToken }) => [
    ['mip6.cot.nindex', number(nonceIndex, 2)],
    ['mip6.cot.cookie', hex(cookie)],
    ['mip6.hot.token', hex(keygenToken)],
  ],
  'binding-update': message => [
    ['mip6.bu.seqnr', number(message.sequence, 2)],
    ['mip6.bu.a_flag', flag(message.acknowledge)],
    ['mip6.bu.h_flag', flag(message.homeRegistration)],
    ['mip6.bu.l_flag', flag(message.linkLocalCompatibility)],
    ['mip6.bu.k_flag', flag(message.keyManagement)],
    ['mip6.bu.m_flag', flag(message.mapRegistration)],
    ['mip6.nemo.bu.r_flag', flag(message.mobileRouter)],
    ['mip6.bu.p_flag', flag(message.proxy)],
    ['mip6.bu.f_flag', flag(message.forceUdp)],
    ['mip6.bu.t_flag', flag(message.tlvHeader)],
    ['mip6.bu.b_flag', flag(message.bulkOrOverwrite)],
    ['mip6.bu.lifetime', number(message.lifetime / UNIT, 2)],
  ],
  'binding-acknowledgement': message => [
    ['mip6.ba.status', number(message.status, 1)],
    ['mip6.ba.k_flag', flag(message.keyManagement)],
    ['mip6.nemo.ba.r_flag', flag(message.mobileRouter)],
    ['mip6.ba.p_flag', flag(message.proxy)],
    ['mip6.ba.t_flag', flag(message.tlvHeader)],
    ['mip6.ba.b_flag', flag(message.bulk)],
    ['mip6.ba.seqnr', number(message.sequence, 2)],
    ['mip6.ba.lifetime', number(message.lifetime / UNIT, 2)],
  ],
  'binding-error': ({ status, homeAddress }) => [
    ['mip6.be.status', number(status, 1)],
    ['mip6.be.haddr', hex(homeAddress)],
  ],
  heartbeat: ({ unsolicited, response, sequence }) => [
    ['mip6.hb.u_flag', flag(unsolicited)],
    ['mip6.hb.r_flag', flag(response)],
    ['mip6.hb.seqnr', number(sequence, 4)],
  ],
} satisfies MessageTable<Field>;
