import { expect, it } from 'vitest';
import { TrafficMeter } from '../../../src/engine/traffic-meter.ts';

it('counts what comes after the first reading, and how fast', () => {
  const meter = new TrafficMeter();
  expect(meter.report()).toBeNull();
  expect(meter.note({ received: 5000, sent: 100 }, 1000)).toEqual({ received: 0, sent: 0 });
  expect(meter.note({ received: 7500, sent: 100 }, 6000)).toEqual({ received: 2500, sent: 0 });
  expect(meter.report()).toEqual({ rxOctets: 2500, txOctets: 0, rxBitRate: 4000, txBitRate: 0 });
});

it('goes on when the device is made anew', () => {
  const meter = new TrafficMeter();
  meter.note({ received: 5000, sent: 5000 }, 0);
  meter.note({ received: 6000, sent: 5000 }, 5000);
  expect(meter.note({ received: 300, sent: 200 }, 10_000)).toEqual({ received: 300, sent: 200 });
  expect(meter.report()).toMatchObject({ rxOctets: 1300, txOctets: 200 });
});
