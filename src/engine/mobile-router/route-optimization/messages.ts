/** What a mobile node says to correspondents, as whole packets (RFC 6275 §11.6.1, §11.7.2, RFC 5648 §5.2). */
import type { Address } from '../../../wire/address.ts';
import { authorizedPart, withAuthenticator } from '../../../wire/authentication.ts';
import { encapsulate } from '../../../wire/encapsulation.ts';
import type { MobilityOption } from '../../../wire/mobility-option.ts';
import { emitMobilityPacket } from '../../../wire/mobility-packet.ts';
import type { Hmac } from '../../hmac.ts';
import type { Dialect } from '../../identifiers/dialect.ts';
import { bindingAuthenticator } from '../../return-routability.ts';

const AUTHENTICATOR_LENGTH = 12;

/** The ends of the tunnel to the home agent. */
export interface Tunnel {
  readonly careOfAddress: Address;
  readonly homeAgent: Address;
}

/** @param tunnel undefined at home */
export function emitHomeTestInit(
  homeAddress: Address,
  correspondent: Address,
  cookie: Uint8Array,
  tunnel: Tunnel | undefined,
): Uint8Array {
  const message = { kind: 'home-test-init', cookie, options: [] } as const;
  const inner = emitMobilityPacket({ source: homeAddress, destination: correspondent, message });
  return tunnel === undefined ? inner : encapsulate(tunnel.careOfAddress, tunnel.homeAgent, inner);
}

/** @param bid undefined: the correspondent knows no identifiers */
export function emitCareOfTestInit(
  careOfAddress: Address,
  correspondent: Address,
  cookie: Uint8Array,
  bid: number | undefined,
  { codec, identifiers }: Dialect,
): Uint8Array {
  const options = bid === undefined ? [] : [identifiers.naming(bid)];
  const message = { kind: 'care-of-test-init', cookie, options } as const;
  return emitMobilityPacket({ source: careOfAddress, destination: correspondent, message }, codec);
}

export interface DirectUpdate {
  readonly correspondent: Address;
  readonly homeAddress: Address;
  /** The home address at home, else a care-of address. */
  readonly source: Address;
  readonly sequence: number;
  /** Seconds; 0 de-registers. */
  readonly lifetime: number;
  readonly overwrite: boolean;
  /** Undefined: about all bindings, or about the only one. */
  readonly identifier:
    | { readonly bid: number; readonly priority: number; readonly careOfAddress: Address }
    | undefined;
  /** About flows. */
  readonly flows: readonly MobilityOption[];
  readonly nonces: { readonly home: number; readonly careOf: number };
  /** HMAC-SHA1 under Kbm, and the address it is computed with. */
  readonly hmac: Hmac;
  readonly bound: Address;
}

/** A Binding Update that return routability protects. */
export function emitDirectUpdate(update: DirectUpdate, { codec, identifiers }: Dialect): Uint8Array {
  const { correspondent, homeAddress, source, sequence, lifetime, identifier, nonces, hmac, bound } = update;
  const authenticator = new Uint8Array(AUTHENTICATOR_LENGTH);
  const options: MobilityOption[] = [
    ...(identifier ? [identifiers.request({ ...identifier, remove: false }, false)] : []),
    ...update.flows,
    { kind: 'nonce-indices', ...nonces },
    { kind: 'binding-authorization-data', authenticator },
  ];
  return withAuthenticator(
    {
      source,
      destination: correspondent,
      homeAddress: source === homeAddress ? undefined : homeAddress,
      message: {
        kind: 'binding-update',
        sequence,
        acknowledge: true,
        homeRegistration: false,
        linkLocalCompatibility: false,
        keyManagement: false,
        bulkOrOverwrite: update.overwrite && !identifiers.draft,
        lifetime,
        options,
      },
    },
    covered => bindingAuthenticator(hmac, bound, correspondent, covered),
    authorizedPart,
    codec,
  );
}
