/** Composes the Binding Updates of a mobile router (RFC 6275 §11.7.1, RFC 3963 §5.2, RFC 5648 §5.2-5.4, RFC 4285). */
import type { MobileRouterConfig } from '../../uci/types.ts';
import type { Address } from '../../wire/address.ts';
import { equalAddress } from '../../wire/address.ts';
import type { MobilityOption } from '../../wire/mobility-option.ts';
import type { MobilityPacket } from '../../wire/mobility-packet.ts';
import { emitMobilityPacket } from '../../wire/mobility-packet.ts';
import type { SecurityAssociation } from '../authentication.ts';
import type { Timestamp } from '../timestamp.ts';

export interface BoundAddress {
  /** 0: a binding without identifier. */
  readonly bid: number;
  readonly careOfAddress: Address;
  readonly priority: number;
}

export interface BindingUpdateFields {
  /** Source address of the packet: the care-of address of the uplink it leaves by. */
  readonly source: Address;
  readonly sequence: number;
  /** Seconds; 0 de-registers. */
  readonly lifetime: number;
  readonly overwrite: boolean;
  /** None: a de-registration of everything. */
  readonly bindings: readonly BoundAddress[];
  readonly timestamp: Timestamp | undefined;
}

/** The whole IPv6 packet. */
export function emitBindingUpdate(
  config: MobileRouterConfig,
  fields: BindingUpdateFields,
  association: SecurityAssociation | undefined,
): Uint8Array {
  const packet: MobilityPacket = {
    source: fields.source,
    destination: config.homeAgent,
    homeAddress: config.homeAddress,
    message: {
      kind: 'binding-update',
      sequence: fields.sequence,
      acknowledge: true,
      homeRegistration: true,
      linkLocalCompatibility: false,
      keyManagement: false,
      mobileRouter: config.prefixes.length > 0,
      bulkOrOverwrite: fields.overwrite,
      lifetime: fields.lifetime,
      options: options(config, fields),
    },
  };
  if (association === undefined) return emitMobilityPacket(packet);
  return association.sign(packet, fields.source, config.homeAddress);
}

function options(config: MobileRouterConfig, fields: BindingUpdateFields): MobilityOption[] {
  const list: MobilityOption[] = [];
  for (const { bid, careOfAddress, priority } of fields.bindings) {
    if (bid !== 0) {
      list.push({ kind: 'binding-identifier', bid, status: 0, home: false, priority, careOfAddress });
    } else if (!equalAddress(careOfAddress, fields.source)) {
      list.push({ kind: 'alternate-care-of-address', address: careOfAddress });
    }
  }
  // RFC 3963 §5.8: no prefixes in a de-registration.
  if (config.mode === 'explicit' && fields.lifetime > 0) {
    for (const prefix of config.prefixes) list.push({ kind: 'mobile-network-prefix', prefix });
  }
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
