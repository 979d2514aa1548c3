/** What depends on the order of octets; the machine is emulated, about twenty times as slow. */
import { built, testUnder } from './engine.ts';

await testUnder({
  name: 'QuickJS on big-endian MIPS',
  command: ['qemu-mips-static', built('qjs-mips')],
  maxRuns: 25,
  simulationSeconds: 3,
  leftOut: [
    'test/simulation/',
    'test/unit/engine/home-agent/',
    'test/unit/engine/mobile-router/',
    'test/unit/forwarding/',
  ],
});
