import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/engine/types.ts';
import { BlobWriter, parseAttributes } from '../../../src/ubus/blob.ts';
import { parseMembers, writeMembers } from '../../../src/ubus/blobmsg.ts';
import { emitMessage, type Message, MessageSplitter, MessageType } from '../../../src/ubus/message.ts';
import { hex, octets } from '../wire/octets.ts';

function emitMembers(table: JsonObject): Uint8Array {
  const writer = new BlobWriter();
  writeMembers(writer, table);
  return writer.end();
}

const leaf = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }).map(text => text.replaceAll('\0', '')),
  fc.boolean(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true }),
  fc.constant(null),
);
const text = fc.string().map(name => name.replaceAll('\0', ''));
const { value } = fc.letrec<{ value: JsonValue }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf.map(found => (typeof found === 'string' ? found.replaceAll('\0', '') : found)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const table = fc.dictionary(text, value, { maxKeys: 5, noNullPrototype: true }) as fc.Arbitrary<JsonObject>;

describe('blobmsg', () => {
  // ubus call kedge prefer '{"s":"é","i":-5,"big":1099511627776,"d":1.5,"b":true,"f":false,"n":null,"a":[1,"x",[]],"t":{"k":{}}}'
  // (libubox and ubus of 2026): the content of its DATA attribute.
  const CAPTURED = octets(
    '8300000b00017300c3a900008500000c00016900fffffffb840000140003626967000000000001000000000088000010000164003ff8000000000000' +
      '8700000900016200010000008700000900016600000000008000000800016e0081000028000161008500000c00000000000000018300000a00000000' +
      '78000000810000080000000082000010000174008200000800016b00',
  );
  const VALUES = {
    s: 'é',
    i: -5,
    big: 1_099_511_627_776,
    d: 1.5,
    b: true,
    f: false,
    n: null,
    a: [1, 'x', []],
    t: { k: {} },
  };

  test('every type, as libubox writes it', () => {
    expect(parseMembers(CAPTURED)).toEqual(VALUES);
    expect(hex(emitMembers(VALUES))).toBe(hex(CAPTURED));
  });

  test('a number takes the smallest of the types that JSON numbers have in libubox', () => {
    const typeOf = (number: number) => emitMembers({ x: number })[0]! & 0x7f;
    expect([0, -1, 2 ** 31 - 1, -(2 ** 31)].map(typeOf)).toEqual([5, 5, 5, 5]);
    expect([2 ** 31, -(2 ** 31) - 1, 2 ** 53 - 1].map(typeOf)).toEqual([4, 4, 4]);
    expect([0.5, 2 ** 53, -0, Number.POSITIVE_INFINITY].map(typeOf)).toEqual([8, 8, 8, 8]);
  });

  test('16 bits are read, and never written', () => {
    expect(parseMembers(octets('8600000a 00017800 8000 0000'.replaceAll(' ', '')))).toEqual({ x: -32_768 });
  });

  test('what is written is read', () => {
    fc.assert(
      fc.property(table, values => {
        expect(parseMembers(emitMembers(values))).toEqual(values);
      }),
    );
  });

  test.each([
    ['a length beyond the end', '8300000c 00017300 c3a90000'],
    ['a length without its own header', '83000003 00017300'],
    ['less than a header', '8300'],
    ['no name', '0300000b 00017300 c3a90000'],
    ['a name beyond the end', '83000008 00097300'],
    ['a name without its end', '8300000b 00017373 c3a90000'],
    ['a string without its end', '8300000a 00017300 c3a90000'],
    ['a string that ends too early', '8300000b 00017300 c300a900'],
    ['32 bits that are 16', '8500000a 00017800 00010000'],
    ['an unknown type', '8900000c 00017800 00000001'],
    ['an item of an array that is none', '8100000e 00016100 85000006 00000000'],
  ])('makes no sense: %s', (_, text) => {
    expect(parseMembers(octets(text.replaceAll(' ', '')))).toBeUndefined();
  });

  test('nesting is bounded', () => {
    const nested = (depth: number): JsonObject => (depth === 0 ? {} : { x: nested(depth - 1) });
    expect(parseMembers(emitMembers(nested(32)))).toEqual(nested(32));
    expect(parseMembers(emitMembers(nested(33)))).toBeUndefined();
  });

  test('a name that objects have anyway is a name like others', () => {
    const members = parseMembers(emitMembers(JSON.parse('{"__proto__":1,"toString":2}')))!;
    expect(Object.keys(members)).toEqual(['__proto__', 'toString']);
  });
});

describe('messages', () => {
  // The same call, from HELLO on: what ubusd and the ubus command said.
  const HELLO = '00000000ef3c9fc900000004';
  const LOOKUP = '0004000100000000000000100200000a6b65646765000000';
  const FOUND =
    '0002000100000000000000880200000a6b65646765000000030000083bb610dd05000008b7af794d0600006882000010000673746174757300000000' +
    '8200005400067072656665720000000085000014000675706c696e6b00000000000000038500000c00016e00000000058500000c0001620000000007' +
    '8500000c00016100000000018500000c000174000000000200010001000000000000000c0100000800000000';
  const EVENT =
    '00050001000000010000004803000008000000010400000973656e6400000000070000308300001400026964000000006b656467652e710082000018' +
    '00046461746100008500000c0001610000000001';

  const read = (text: string) => new MessageSplitter().push(octets(text));

  test('of ubusd and its command', () => {
    expect(read(HELLO)).toEqual([{ type: MessageType.hello, sequence: 0, peer: 0xef3c9fc9 }]);
    expect(read(LOOKUP)).toEqual([{ type: MessageType.lookup, sequence: 1, peer: 0, path: 'kedge' }]);
    expect(read(FOUND)).toEqual([
      {
        ...{ type: MessageType.data, sequence: 1, peer: 0, path: 'kedge', object: 0x3bb610dd },
        signature: { status: {}, prefer: { uplink: 3, n: 5, b: 7, a: 1, t: 2 } },
      },
      { type: MessageType.status, sequence: 1, peer: 0, status: 0 },
    ]);
    expect(read(EVENT)).toEqual([
      {
        ...{ type: MessageType.invoke, sequence: 1, peer: 1, object: 1, method: 'send' },
        data: { id: 'kedge.q', data: { a: 1 } },
      },
    ]);
  });

  test.each([HELLO, LOOKUP, EVENT])('are written as they were', text => {
    expect(hex(emitMessage(read(text)![0]!))).toBe(text);
  });

  const message = fc.record(
    {
      type: fc.nat(255),
      sequence: fc.nat(0xffff),
      peer: fc.nat(0xffff_ffff),
      status: fc.nat(13),
      path: text,
      object: fc.nat(0xffff_ffff),
      method: text,
      signature: table,
      data: table,
      target: fc.nat(0xffff_ffff),
      noReply: fc.boolean(),
    },
    { requiredKeys: ['type', 'sequence', 'peer'], noNullPrototype: true },
  ) as fc.Arbitrary<Message>;

  test('come out of a stream as they went in, however it is cut', () => {
    const cuts = fc.array(fc.nat(1000), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 4 }), cuts, (messages, lengths) => {
        const splitter = new MessageSplitter();
        let rest = Uint8Array.from(messages.flatMap(found => [...emitMessage(found)]));
        const found: Message[] = [];
        for (const length of [...lengths, rest.length]) {
          found.push(...splitter.push(rest.subarray(0, length))!);
          rest = rest.subarray(length);
        }
        expect(found).toEqual(messages);
      }),
    );
  });

  test('hostile octets give messages, none, or the end of the stream; never an exception', () => {
    const mutated = fc
      .tuple(message, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }))
      .map(([found, changes]) => {
        const copy = emitMessage(found).slice();
        for (const [at, octet] of changes) copy[at % copy.length] = octet;
        return copy;
      });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 300 })), found => {
        new MessageSplitter().push(found);
        parseAttributes(found);
        parseMembers(found);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['another version', '0100000000000000 00000004'],
    ['a length that is none', '0000000000000000 00000003'],
    ['a length beyond the bound', '0000000000000000 00200000'],
  ])('the stream ends with %s', (_, found) => {
    expect(read(found.replace(' ', ''))).toBeUndefined();
  });

  test('one that makes no sense is left out, the next one counts', () => {
    expect(read(`000100010000000000000010 0100000700000000 00000000${HELLO}`.replaceAll(' ', ''))).toEqual([
      { type: MessageType.hello, sequence: 0, peer: 0xef3c9fc9 },
    ]);
  });

  test('none is longer than ubusd takes', () => {
    const long = {
      ...{ type: MessageType.data, sequence: 1, peer: 1 },
      data: { x: 'x'.repeat(1024 * 1024) },
    };
    expect(() => emitMessage(long)).toThrow(RangeError);
  });
});
