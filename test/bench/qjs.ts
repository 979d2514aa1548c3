/** Runs under QuickJS beneath kedged. Prints one object: the figures with JavaScript's HMAC, and with kedged's. */
import * as os from 'os';
import { createHmac } from '../../src/engine/hmac.ts';
import { helperHmac } from '../../src/host/hmac.ts';
import { exit, print } from '../../src/host/process.ts';
import { benchCodec, benchExchange, benchHmac } from './body.ts';

const clock = () => os.now();
const helper = helperHmac();
const own = { ...benchCodec(clock), ...benchHmac(clock, createHmac), ...benchExchange(clock, createHmac) };
const native = { ...benchHmac(clock, helper), ...benchExchange(clock, helper) };
// It closes the descriptor when kedged does not answer.
if (os.stat('/proc/self/fd/4')[0] === null) throw new Error('kedged computes no HMAC');
print(JSON.stringify({ own, native }));
exit(0);
