/**
 * Binding identifiers, whatever form a peer gives them: the option of RFC 5648 §4.3, or the sub-option of
 * draft-ietf-monami6-multiplecoa-00 §4.3.1. Beyond the forms, priorities are those of RFC 6089 §4.1 (lower is preferred,
 * 0 is not stated) and statuses those of IANA's registry.
 */
import type { Address } from '../../wire/address.ts';
import type { MobilityMessage } from '../../wire/mobility-message.ts';
import type { MobilityOption } from '../../wire/mobility-option.ts';

/** A binding as its Binding Update names it. */
export interface BoundAddress {
  /** 0: a binding without identifier. */
  readonly bid: number;
  readonly careOfAddress: Address;
  readonly priority: number;
  /** It goes, while others of the same message are registered (draft §5.3). */
  readonly remove: boolean;
}

/** What a received option says of a binding. */
export interface Identifier {
  readonly bid: number;
  /** Undefined: the option leaves it open. */
  readonly careOfAddress: Address | undefined;
  readonly priority: number;
  readonly remove: boolean;
  /** The node is at home and abroad at once (RFC 5648 §5.6). */
  readonly home: boolean;
  readonly malformed: boolean;
}

/** What the keeper of the bindings has decided about a Binding Update. */
export interface Decision {
  readonly status: number;
  /** Status of a single binding; 0: that of the message counts. */
  readonly statusOf: (bid: number) => number;
  /** A binding without identifier had to go for these. */
  readonly replacedRegular: boolean;
}

/** What an acknowledgement says of one binding. */
export interface Judgement {
  readonly status: number;
  /** Who answers knows identifiers. */
  readonly identified: boolean;
  /** A binding without identifier had to go for this one. */
  readonly replacedRegular: boolean;
}

export interface IdentifierForm {
  /** The procedures of the draft hold: no O flag, and what an option leaves open comes from the packet (draft §6.2). */
  readonly draft: boolean;
  /** The identifiers of a message that is no acknowledgement. */
  read(options: readonly MobilityOption[]): Identifier[];
  /**
   * The option that registers or removes a binding.
   * @param several the message names others as well
   */
  request(binding: BoundAddress, several: boolean): MobilityOption;
  /** The option that only says which binding is meant. */
  naming(bid: number): MobilityOption;
  /**
   * Status and identifiers of an acknowledgement.
   * @param options those of the Binding Update
   */
  answer(
    options: readonly MobilityOption[],
    decision: Decision,
  ): { readonly status: number; readonly options: readonly MobilityOption[] };
  judge(
    message: Extract<MobilityMessage, { kind: 'binding-acknowledgement' }>,
    binding: { readonly bid: number },
  ): Judgement;
  /** A priority as the peer states it, and back. */
  stated(priority: number): number;
}

/** The BID of an option that is not what it should be; 0 when it has none. */
export function statedBid(data: Uint8Array): number {
  return data.length < 2 ? 0 : (data[0]! << 8) | data[1]!;
}
