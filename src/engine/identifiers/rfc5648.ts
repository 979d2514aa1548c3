/** The Binding Identifier option (RFC 5648 §4.3, RFC 6089 §4.1). */
import type { MobilityOption } from '../../wire/mobility-option.ts';
import { bindingIdentifier } from '../../wire/options/binding-identifier.ts';
import { type Identifier, type IdentifierForm, statedBid } from './form.ts';

export const RFC_5648: IdentifierForm = {
  draft: false,

  read: options => options.flatMap(readOption),

  request: ({ bid, priority, careOfAddress }) => ({ ...option(bid), priority, careOfAddress }),

  naming: bid => option(bid),

  /** The care-of address may be left out, and must be by §4.3. */
  answer: (options, { status, statusOf }) => ({
    status,
    options: options.flatMap(received =>
      received.kind === 'binding-identifier'
        ? [{ ...received, careOfAddress: undefined, status: statusOf(received.bid) }]
        : [],
    ),
  }),

  judge({ status, options }, { bid }) {
    const all = options.filter(({ kind }) => kind === 'binding-identifier');
    const own = options.find(found => found.kind === 'binding-identifier' && found.bid === bid);
    return {
      status: own?.kind === 'binding-identifier' && own.status !== 0 ? own.status : status,
      identified: all.length > 0,
      replacedRegular: false,
    };
  },

  stated: priority => priority,
};

function option(bid: number) {
  return {
    kind: 'binding-identifier',
    bid,
    status: 0,
    home: false,
    priority: 0,
    careOfAddress: undefined,
  } as const;
}

function readOption(received: MobilityOption): Identifier[] {
  if (received.kind === 'binding-identifier') {
    const { bid, priority, home, careOfAddress } = received;
    return [{ bid, careOfAddress, priority, remove: false, home: home === true, malformed: false }];
  }
  if (received.kind !== 'opaque' || received.type !== bindingIdentifier.type) return [];
  const bid = statedBid(received.data);
  return [{ bid, careOfAddress: undefined, priority: 0, remove: false, home: false, malformed: true }];
}
