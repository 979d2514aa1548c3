/** What kedge has put into a kernel. */
import type { Network } from './network.ts';

/** Rules that every kernel has; it makes ip6tnl0 as well. */
const KERNELS = ['0:\tfrom all lookup local', '32766:\tfrom all lookup main'];

/** All that is kedge's in a kernel. */
export async function owned(network: Network, host: string): Promise<string[]> {
  const outputs = await Promise.all(
    [
      ['ip', '-6', '-o', 'link', 'show', 'type', 'ip6tnl'],
      ['ip', '-6', 'rule', 'show', 'protocol', '135'],
      ['ip', '-6', 'route', 'show', 'table', 'all', 'protocol', '135'],
      ['ip', '-6', '-o', 'address', 'show', 'dev', 'lo', 'scope', 'global'],
      ['nft', 'list', 'tables'],
    ].map(command => network.run(host, command)),
  );
  return outputs
    .flatMap(text => text.split('\n'))
    .filter(line => line.trim() !== '' && !KERNELS.includes(line) && !line.includes('ip6tnl0'));
}
