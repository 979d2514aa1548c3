/** Policies for simulations. */
import type { FlowConfig } from '../../src/uci/types.ts';

/** A flow section as short as can be. */
export function flowConfig(
  name: string,
  uplinks: readonly string[],
  criteria: Partial<FlowConfig['criteria']> = {},
  more: Partial<FlowConfig> = {},
): FlowConfig {
  return {
    name,
    criteria: {
      sources: [],
      linkLayerAddresses: [],
      destinations: [],
      protocols: [],
      sourcePorts: [],
      destinationPorts: [],
      dscps: [],
      mark: undefined,
      ...criteria,
    },
    action: 'prefer',
    uplinks: uplinks.map(uplink => ({ name: uplink, weight: 1 })),
    only: false,
    avoid: [],
    per: 'flow',
    sensitive: false,
    ...more,
  };
}

/** Some rules over these uplinks, in any order. */
export function randomPolicy(uplinks: readonly string[], random: () => number): FlowConfig[] {
  const names = ['web', 'calls', 'backup', 'camera', 'rest'].filter(() => random() < 0.6);
  const shuffled = [...names].sort(() => random() - 0.5);
  return shuffled.map(name => {
    const order = [...uplinks].sort(() => random() - 0.5).slice(0, 1 + Math.floor(random() * uplinks.length));
    const port = 1 + Math.floor(random() * 5);
    const destinationPorts = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, index) => ({
      start: port,
      end: port + index,
    }));
    const criteria = name === 'rest' ? {} : { protocols: [6, 17].slice(0, order.length), destinationPorts };
    const divides = random() < 0.2 && order.length > 1;
    return flowConfig(name, order, criteria, {
      only: random() < 0.2,
      action: divides ? 'balance' : 'prefer',
    });
  });
}
