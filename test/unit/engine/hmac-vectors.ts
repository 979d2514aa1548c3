/** RFC 2202 §3 and RFC 4231 §4: keys, data, and the digests that belong to them. */
import { encodeUtf8 } from '../../../src/wire/utf8.ts';
import { octets } from '../wire/octets.ts';

const repeated = (value: number, count: number) => new Uint8Array(count).fill(value);
const counted = Uint8Array.from({ length: 25 }, (_, i) => i + 1);

export const VECTORS = [
  {
    title: '[RFC 2202 §3] case 1',
    algorithm: 'sha1',
    key: repeated(0x0b, 20),
    data: encodeUtf8('Hi There'),
    digest: octets('b617318655057264e28bc0b6fb378c8ef146be00'),
  },
  {
    title: '[RFC 2202 §3] case 2',
    algorithm: 'sha1',
    key: encodeUtf8('Jefe'),
    data: encodeUtf8('what do ya want for nothing?'),
    digest: octets('effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'),
  },
  {
    title: '[RFC 2202 §3] case 3',
    algorithm: 'sha1',
    key: repeated(0xaa, 20),
    data: repeated(0xdd, 50),
    digest: octets('125d7342b9ac11cd91a39af48aa17b4f63f175d3'),
  },
  {
    title: '[RFC 2202 §3] case 4',
    algorithm: 'sha1',
    key: counted,
    data: repeated(0xcd, 50),
    digest: octets('4c9007f4026250c6bc8414f9bf50c86c2d7235da'),
  },
  {
    title: '[RFC 2202 §3] case 6, a key longer than a block',
    algorithm: 'sha1',
    key: repeated(0xaa, 80),
    data: encodeUtf8('Test Using Larger Than Block-Size Key - Hash Key First'),
    digest: octets('aa4ae5e15272d00e95705637ce8a3b55ed402112'),
  },
  {
    title: '[RFC 2202 §3] case 7, key and data longer than a block',
    algorithm: 'sha1',
    key: repeated(0xaa, 80),
    data: encodeUtf8('Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data'),
    digest: octets('e8e99d0f45237d786d6bbaa7965c7808bbff1a91'),
  },
  {
    title: '[RFC 4231 §4.2] case 1',
    algorithm: 'sha256',
    key: repeated(0x0b, 20),
    data: encodeUtf8('Hi There'),
    digest: octets('b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'),
  },
  {
    title: '[RFC 4231 §4.3] case 2',
    algorithm: 'sha256',
    key: encodeUtf8('Jefe'),
    data: encodeUtf8('what do ya want for nothing?'),
    digest: octets('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'),
  },
  {
    title: '[RFC 4231 §4.4] case 3',
    algorithm: 'sha256',
    key: repeated(0xaa, 20),
    data: repeated(0xdd, 50),
    digest: octets('773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe'),
  },
  {
    title: '[RFC 4231 §4.5] case 4',
    algorithm: 'sha256',
    key: counted,
    data: repeated(0xcd, 50),
    digest: octets('82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b'),
  },
  {
    title: '[RFC 4231 §4.7] case 6, a key longer than a block',
    algorithm: 'sha256',
    key: repeated(0xaa, 131),
    data: encodeUtf8('Test Using Larger Than Block-Size Key - Hash Key First'),
    digest: octets('60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54'),
  },
  {
    title: '[RFC 4231 §4.8] case 7, key and data longer than a block',
    algorithm: 'sha256',
    key: repeated(0xaa, 131),
    data: encodeUtf8(
      'This is a test using a larger than block-size key and a larger than block-size data. ' +
        'The key needs to be hashed before being used by the HMAC algorithm.',
    ),
    digest: octets('9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2'),
  },
] as const;
