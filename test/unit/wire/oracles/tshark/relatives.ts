/** What tshark shows of RFC 4866, RFC 5026, RFC 5094, RFC 5096, RFC 5142, RFC 5149, RFC 5568 and RFC 5949, in its order. */
import { hex } from '../../octets.ts';
import type { MessageTable, OptionTable } from '../comparison.ts';
import { type Field, flag, number } from './tshark.ts';

export const relativeOptions = {
  'mh-link-layer-address': ({ code, address }) => [
    ['mip6.lla.optcode', number(code, 1)],
    ['mip6.lla', hex(address)],
  ],
  'cga-parameters-request': () => [['mip6.options.cgapr', '0b00']],
  'cga-parameters': ({ parameters }) => [['mip6.cgar.cga_par', hex(parameters)]],
  signature: ({ signature }) => [['mip6.sign.sign', hex(signature)]],
  'permanent-home-keygen-token': ({ token }) => [['mip6.phkt.phkt', hex(token)]],
  'care-of-test-init': () => [['mip6.options.coti', '0f00']],
  'care-of-test': ({ keygenToken }) => [['mip6.mocot.co_keygen_tok', hex(keygenToken)]],
  'dns-update': ({ status, remove, identity }) => [
    ['mip6.dnsu.status', number(status, 1)],
    ['mip6.dnsu.flag.r', flag(remove)],
    ['mip6.dnsu.mn_id', hex(identity)],
  ],
  experimental: ({ data }) => [['mip6.em.data', hex(data)]],
  'vendor-specific': ({ vendor, subtype, data }) => [
    ['mip6.vsm.vendorId', number(vendor, 4)],
    ['mip6.vsm.subtype', number(subtype, 1)],
    ['mip6.vsm.data', hex(data)],
  ],
  'service-selection': ({ identifier }) => [['mip6.ss.identifier', hex(identifier)]],
  'binding-authorization-data-fmipv6': ({ spi, authenticator }) => [
    ['mip6.badff.spi', number(spi, 4)],
    ['mip6.badff.auth', hex(authenticator)],
  ],
  'mh-ipv6-address-prefix': ({ code, prefixLength, address }) => [
    ['mip6.mhipv6ap.opt_code', number(code, 1)],
    ['mip6.mhipv6ap.len', number(prefixLength, 1)],
    ['mip6.mhipv6ap.ipv6_address', hex(address)],
  ],
  'context-request': ({ requests }) =>
    requests.flatMap(({ type, data }): Field[] => [
      ['mip6.cr.req_type', number(type, 1)],
      ['mip6.cr.req_length', number(data.length, 1)],
      ['mip6.vsm.req_data', hex(data)],
    ]),
  'lma-address': ({ code, address }) => [
    ['mip6.lmaa.opt_code', number(code, 1)],
    [`mip6.lmaa.ipv${address.length === 4 ? 4 : 6}`, hex(address)],
  ],
} satisfies OptionTable<Field>;

export const relativeMessages = {
  'home-agent-switch': ({ homeAgents }) => [
    ['mip6.has.num_addrs', number(homeAgents.length, 1)],
    ...homeAgents.map((agent): Field => ['mip6.has.address', hex(agent)]),
  ],
  'handover-initiate': ({ sequence, assign, buffer, code }) => [
    ['mip6.hi.seqnr', number(sequence, 2)],
    ['mip6.hi.s_flag', flag(assign)],
    ['mip6.hi.u_flag', flag(buffer)],
    ['mip6.hi.code', number(code, 1)],
  ],
  'handover-acknowledge': ({ sequence, code }) => [
    ['mip6.hack.seqnr', number(sequence, 2)],
    ['mip6.hack.code', number(code, 1)],
  ],
} satisfies MessageTable<Field>;
