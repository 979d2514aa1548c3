import { describe, expect, it } from 'vitest';
import { meaningOf144 } from '../../../src/wire/binding-status.ts';
import { overwrites } from '../../../src/wire/messages/binding-update.ts';
import type { BindingUpdate } from '../../../src/wire/mobility-message.ts';
import type { MobilityOption } from '../../../src/wire/mobility-option.ts';

const identifier: MobilityOption = {
  kind: 'binding-identifier',
  bid: 1,
  status: 0,
  priority: 0,
  careOfAddress: undefined,
};
const authentication: MobilityOption = {
  kind: 'authentication',
  subtype: 1,
  spi: 256,
  data: new Uint8Array(12),
};
const update = (fields: Partial<BindingUpdate>): BindingUpdate => ({
  kind: 'binding-update',
  sequence: 1,
  lifetime: 60,
  options: [],
  ...fields,
});

describe('bit 0x0040 of a Binding Update', () => {
  it.each<[string, Partial<BindingUpdate>, boolean]>([
    ['[RFC 5648 §4.2] beside a Binding Identifier', { bulkOrOverwrite: true, options: [identifier] }, true],
    ['beside nothing', { bulkOrOverwrite: true }, false],
    ['beside another option', { bulkOrOverwrite: true, options: [authentication] }, false],
    ['[RFC 6602 §4.1] where P is set', { bulkOrOverwrite: true, proxy: true, options: [identifier] }, false],
    ['that is clear', { bulkOrOverwrite: false, options: [identifier] }, false],
    ['that is left out', { options: [identifier] }, false],
  ])('%s', (_title, fields, expected) => {
    expect(overwrites(update(fields))).toBe(expected);
  });
});

describe('status 144', () => {
  it.each<[string, Partial<BindingUpdate>, string]>([
    ['[RFC 5555 §4.5] with F', { forceUdp: true, options: [identifier] }, 'udp-encapsulation-refused'],
    ['[RFC 4285 §6] with F and authentication', { forceUdp: true, options: [authentication] }, 'id-mismatch'],
    ['[RFC 4285 §6] with authentication', { options: [authentication] }, 'id-mismatch'],
    ['[RFC 4285 §6] with neither', {}, 'id-mismatch'],
  ])('as the answer to a Binding Update %s', (_title, fields, expected) => {
    expect(meaningOf144(update(fields))).toBe(expected);
  });
});
