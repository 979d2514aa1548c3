/** Composes the Binding Updates of a mobile router (RFC 6275 §11.7.1, RFC 3963 §5.2, RFC 5648 §5.2-5.4, RFC 4285). */
import type { MobileRouterConfig } from '../../uci/types.ts';
import type { Address, Prefix } from '../../wire/address.ts';
import { equalAddress } from '../../wire/address.ts';
import type { MobilityOption } from '../../wire/mobility-option.ts';
import type { MobilityPacket } from '../../wire/mobility-packet.ts';
import { emitMobilityPacket } from '../../wire/mobility-packet.ts';
import type { SecurityAssociation } from '../authentication.ts';
import { copyOption } from '../copies.ts';
import type { Dialect } from '../identifiers/dialect.ts';
import type { BoundAddress } from '../identifiers/form.ts';
import type { Timestamp } from '../timestamp.ts';
import { isMobileRouter } from './terms.ts';

/** Option code of the Mobility Header Link-Layer Address option (RFC 5568 §6.4.4). */
const OF_MOBILE_NODE = 2;

export interface BindingUpdateFields {
  readonly homeAgent: Address;
  /** Source address of the packet: the care-of address of the uplink it leaves by. */
  readonly source: Address;
  readonly sequence: number;
  /** Seconds; 0 de-registers. */
  readonly lifetime: number;
  readonly overwrite: boolean;
  /** None: a de-registration of everything. */
  readonly bindings: readonly BoundAddress[];
  /** Of the mobile network, in explicit mode (RFC 3963 §5.2); none in a de-registration (§5.8). */
  readonly prefixes: readonly Prefix[];
  readonly timestamp: Timestamp | undefined;
  /** Of the device on the home link, for a binding there (RFC 5648 §5.6.3). */
  readonly linkLayerAddress?: Uint8Array | undefined;
  /** About flows (RFC 6089). */
  readonly flows?: readonly MobilityOption[] | undefined;
  /** False: copies are not to be agreed upon. */
  readonly copies?: boolean | undefined;
}

/** What every path carries in one piece (RFC 8200 §5), octets. */
const LEAST_MTU = 1280;
/** Of the options that are added last: timestamp and authenticator, with padding. */
const SIGNATURE = 48;

/** Octets for more options in a message that is not to be fragmented (RFC 6089 §6). */
export function roomIn(
  config: MobileRouterConfig,
  fields: Omit<BindingUpdateFields, 'sequence' | 'timestamp'>,
  dialect: Dialect,
): number {
  const packet = bindingUpdate(config, { ...fields, sequence: 0, timestamp: undefined }, dialect);
  return Math.max(LEAST_MTU - SIGNATURE - emitMobilityPacket(packet, dialect.codec).length, 1);
}

/** The whole IPv6 packet. */
export function emitBindingUpdate(
  config: MobileRouterConfig,
  fields: BindingUpdateFields,
  association: SecurityAssociation | undefined,
  dialect: Dialect,
): Uint8Array {
  const packet = bindingUpdate(config, fields, dialect);
  const { codec } = dialect;
  if (association === undefined) return emitMobilityPacket(packet, codec);
  return association.sign(packet, fields.source, config.homeAddress, codec);
}

function bindingUpdate(
  config: MobileRouterConfig,
  fields: BindingUpdateFields,
  dialect: Dialect,
): MobilityPacket {
  const isAtHome = equalAddress(fields.source, config.homeAddress);
  return {
    source: fields.source,
    destination: fields.homeAgent,
    ...(isAtHome ? {} : { homeAddress: config.homeAddress }),
    message: {
      kind: 'binding-update',
      sequence: fields.sequence,
      acknowledge: true,
      homeRegistration: true,
      linkLocalCompatibility: false,
      keyManagement: false,
      mobileRouter: isMobileRouter(config),
      bulkOrOverwrite: fields.overwrite,
      lifetime: fields.lifetime,
      options: options(config, fields, dialect),
    },
  };
}

function options(
  config: MobileRouterConfig,
  fields: BindingUpdateFields,
  { identifiers }: Dialect,
): MobilityOption[] {
  const list: MobilityOption[] = [];
  const several = fields.bindings.length > 1;
  for (const binding of fields.bindings) {
    const { bid, careOfAddress } = binding;
    if (bid !== 0) {
      const option = identifiers.request(binding, several);
      const isHome = option.kind === 'binding-identifier' && equalAddress(careOfAddress, config.homeAddress);
      list.push(isHome ? { ...option, home: true } : option);
    }
    // RFC 5648 §5.2 forbids this option beside its own; the draft's single sub-option needs it (draft §5.6).
    const isNamed = bid !== 0 && (several || !identifiers.draft);
    if (!isNamed && !equalAddress(careOfAddress, fields.source)) {
      list.push({ kind: 'alternate-care-of-address', address: careOfAddress });
    }
  }
  if (fields.linkLayerAddress !== undefined) {
    list.push({ kind: 'mh-link-layer-address', code: OF_MOBILE_NODE, address: fields.linkLayerAddress });
  }
  for (const prefix of fields.prefixes) list.push({ kind: 'mobile-network-prefix', prefix });
  list.push(...(fields.flows ?? []));
  const replicates = config.flows?.some(({ action }) => action === 'replicate') ?? false;
  if (replicates && fields.copies !== false && fields.lifetime > 0) list.push(copyOption(config.homeAddress));
  if (config.identifier !== undefined) {
    list.push({ kind: 'mn-identifier', subtype: 1, identifier: asciiOctets(config.identifier) });
  }
  if (fields.timestamp !== undefined) list.push({ kind: 'message-id', ...fields.timestamp });
  return list;
}

/** A network access identifier is ASCII or UTF-8 that the configuration has checked to be ASCII. */
export function asciiOctets(text: string): Uint8Array {
  return Uint8Array.from(text, character => character.charCodeAt(0));
}
