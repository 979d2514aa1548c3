/**
 * The Binding Unique Identifier sub-option of draft-ietf-monami6-multiplecoa-00 §4.3.1, and the statuses of §4.3.3.
 *
 * Those statuses, 144 to 146, are RFC 4285's as well. What RFC 4285 refuses is refused before anybody looks at the
 * sub-options, so that the refusal has none: beside a sub-option these numbers are the draft's, without one RFC 4285's.
 */
import { STATUS } from '../../wire/binding-status.ts';
import type { MobilityOption } from '../../wire/mobility-option.ts';
import { type IdentifierForm, statedBid } from './form.ts';

type SubOption = Extract<MobilityOption, { kind: 'monami6-binding-identifier' }>;

/** Statuses of the acknowledgement: a regular binding had to go; see the sub-options; one binding a message. */
const CONFLICT = 144;
const BULK_FAILED = 145;
const BULK_NOT_SUPPORTED = 146;
/** Status of a sub-option. */
const INCOMPLIANT = 128;

const RFC_4285_REFUSALS: readonly number[] = [
  STATUS.idMismatch,
  STATUS.messageIdRequired,
  STATUS.authenticationFailed,
];

/** @param type the number of the sub-option */
export function monami6(type: number): IdentifierForm {
  return {
    draft: true,

    read: options =>
      subOptionsOf(options, type).map(({ option, malformed }) => ({
        bid: option.bid,
        careOfAddress: option.careOfAddress,
        priority: turned(option.priorityOrStatus),
        remove: option.removable === true,
        home: false,
        malformed: malformed || (option.removable === true && !option.hasCareOfAddress),
      })),

    request: ({ bid, careOfAddress, priority, remove }, several) => ({
      ...subOption(bid),
      priorityOrStatus: turned(priority),
      hasCareOfAddress: several,
      removable: remove,
      careOfAddress: several ? careOfAddress : undefined,
    }),

    naming: subOption,

    answer(options, { status, statusOf, replacedRegular }) {
      if (RFC_4285_REFUSALS.includes(status)) return { status, options: [] };
      const received = subOptionsOf(options, type).map(({ option }) => option);
      const failed = received.some(({ bid }) => statusOf(bid) >= INCOMPLIANT);
      const whole = failed
        ? BULK_FAILED
        : replacedRegular && status < INCOMPLIANT
          ? CONFLICT
          : emitted(status);
      return {
        status: whole,
        options: received.map(option => {
          const own = failed || status < INCOMPLIANT ? statusOf(option.bid) : status;
          return { ...option, priorityOrStatus: own === STATUS.mcoaMalformed ? INCOMPLIANT : emitted(own) };
        }),
      };
    },

    judge({ status, lifetime, options }, { bid }) {
      const all = subOptionsOf(options, type);
      if (all.length === 0) {
        // Who has not looked at the sub-options does not tell whether they are known.
        return { status, identified: RFC_4285_REFUSALS.includes(status), replacedRegular: false };
      }
      const own = all.find(({ option }) => option.bid === bid)?.option.priorityOrStatus;
      const replacedRegular = status === CONFLICT && lifetime > 0;
      return { status: judged(status, own, replacedRegular), identified: true, replacedRegular };
    },

    stated: turned,
  };
}

/** Higher is preferred in the draft, from 1 to 255; 0 is none at both ends. Its own inverse. */
function turned(priority: number): number {
  return priority === 0 ? 0 : 256 - priority;
}

function subOption(bid: number): SubOption {
  return {
    kind: 'monami6-binding-identifier',
    bid,
    priorityOrStatus: 0,
    hasCareOfAddress: false,
    removable: false,
    careOfAddress: undefined,
  };
}

/** Also those whose C flag and length do not agree, as far as they can be answered. */
function subOptionsOf(options: readonly MobilityOption[], type: number) {
  return options.flatMap(option => {
    if (option.kind === 'monami6-binding-identifier') return [{ option, malformed: false }];
    if (option.kind !== 'opaque' || option.type !== type) return [];
    return [{ option: subOption(statedBid(option.data)), malformed: true }];
  });
}

/** The status of a message, for the refusals of RFC 5648 that the draft has in its own way. */
function emitted(status: number): number {
  switch (status) {
    case STATUS.notComplete:
    case STATUS.mcoaMalformed:
      return BULK_FAILED;
    case STATUS.bulkProhibited:
      return BULK_NOT_SUPPORTED;
    case STATUS.mcoaProhibited:
      return STATUS.administrativelyProhibited;
    default:
      return status;
  }
}

function judged(status: number, own: number | undefined, replacedRegular: boolean): number {
  switch (status) {
    case CONFLICT:
      return replacedRegular ? STATUS.accepted : STATUS.nonMcoaBindingExists;
    case BULK_FAILED:
      return own === INCOMPLIANT ? STATUS.mcoaMalformed : (own ?? STATUS.unspecified);
    case BULK_NOT_SUPPORTED:
      return STATUS.bulkProhibited;
    default:
      return status;
  }
}
