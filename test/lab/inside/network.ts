/**
 * Networks of the lab. A host is a network namespace; a link is a bridge (in the namespace `wires`) with one port for
 * its near end and one for its far end, so that either end can lose its carrier alone. netem sits on the bridge's ports:
 * what has left the near end is in flight towards the far port and survives a carrier loss of the near end, what is in
 * flight towards the near end is lost with it - as on a radio link.
 */
import { sleep } from './clock.ts';
import { LABTOOL, must, Process, RESULTS } from './process.ts';

/** What a direction of a link does to packets. */
export interface Impairment {
  /** One-way delay, milliseconds. */
  readonly delay?: number;
  /** How much that differs, milliseconds each way: packets overtake each other. */
  readonly jitter?: number;
  /** Random loss, percent; 100 is a silent loss. */
  readonly loss?: number;
  /** As tc writes it: `50mbit`. */
  readonly rate?: string;
  /** Queue of the direction, packets (default 1000). */
  readonly limit?: number;
}

export interface EndPlan {
  readonly host: string;
  /** Device name in the host; default: the link's name. */
  readonly device?: string;
  /** Static addresses with prefix length, set with `nodad`. */
  readonly addresses?: readonly string[];
  /** Next hop of a static default route through this device. */
  readonly gateway?: string;
  /** Metric of that route; the lower is preferred (1024). */
  readonly metric?: number;
  /** Take addresses and default route from router advertisements (see `Network.advertise`). */
  readonly autoconf?: boolean;
  /** Duplicate address detection on this device; default: none anywhere. */
  readonly dad?: boolean;
}

export interface LinkPlan extends Impairment {
  readonly near: EndPlan;
  readonly far: EndPlan;
  /** Differences of one direction from what the link says for both. */
  readonly toFar?: Impairment;
  readonly toNear?: Impairment;
  /** Octets of each packet to capture into `<link>.pcap`; 0: everything (default); false: no capture. */
  readonly capture?: number | false;
}

export interface HostPlan {
  /** IPv6 forwarding. */
  readonly forwarding?: boolean;
  /** Operands of `ip -6 route add`. */
  readonly routes?: readonly string[];
  /** sysctls, names with slashes below /proc/sys. */
  readonly sysctls?: Readonly<Record<string, string | number>>;
  /** A ruleset for `nft -f -`. */
  readonly nftables?: string;
}

export interface NetworkPlan {
  readonly hosts: Readonly<Record<string, HostPlan>>;
  /** Link names have at most 10 letters, digits and dashes. */
  readonly links: Readonly<Record<string, LinkPlan>>;
}

export type End = 'near' | 'far';
export type Direction = 'toNear' | 'toFar' | 'both';

const WIRES = 'wires';
/** ms */
const CAPTURE_DELAY = 2500;

/** Runs `ip` (IPv6) commands in a host, in one process. */
async function ipBatch(host: string, commands: readonly string[]): Promise<void> {
  if (commands.length) await must(['ip', '-6', '-n', host, '-batch', '-'], `${commands.join('\n')}\n`);
}

/** The same in every run, and so are addresses made from it. `link` counts from 0. */
function hardwareAddress(link: number, end: End): string {
  return `02:00:00:00:${link.toString(16).padStart(2, '0')}:${end === 'near' ? '01' : '02'}`;
}

function netem(impairment: Impairment): string {
  const { delay = 0, jitter = 0, loss = 0, rate, limit = 1000 } = impairment;
  return `netem limit ${limit} delay ${delay}ms ${jitter}ms loss ${loss}%${rate ? ` rate ${rate}` : ''}`;
}

/** One link of a running network. */
export class Link {
  readonly #plan: LinkPlan;

  constructor(
    readonly name: string,
    plan: LinkPlan,
  ) {
    this.#plan = plan;
  }

  /** Takes the carrier of one end away or gives it back; the other end notices nothing. */
  async carrier(end: End, up: boolean): Promise<void> {
    await must(['ip', '-n', WIRES, 'link', 'set', `${this.name}-${end}`, up ? 'up' : 'down']);
  }

  /** Changes what a direction does, beginning with the packets that enter it from now on. */
  async impair(direction: Direction, change: Impairment): Promise<void> {
    const directions = direction === 'both' ? (['toFar', 'toNear'] as const) : [direction];
    const lines = directions.map(d => {
      const { delay, loss, rate, limit } = this.#plan;
      const settings: Impairment = {
        ...(delay !== undefined && { delay }),
        ...(loss !== undefined && { loss }),
        ...(rate !== undefined && { rate }),
        ...(limit !== undefined && { limit }),
        ...this.#plan[d],
        ...change,
      };
      return `qdisc replace dev ${this.name}-${d === 'toFar' ? 'far' : 'near'} root handle 1: ${netem(settings)}`;
    });
    await must(['tc', '-n', WIRES, '-batch', '-'], `${lines.join('\n')}\n`);
  }

  /** Silent loss: packets that enter vanish, both carriers stay. */
  silence(direction: Direction = 'both'): Promise<void> {
    return this.impair(direction, { loss: 100 });
  }

  /** Both directions as planned, both carriers up. */
  async restore(): Promise<void> {
    await this.impair('both', {});
    await this.carrier('near', true);
    await this.carrier('far', true);
  }
}

/** A running network: what a scenario acts on. */
export class Network {
  readonly #links = new Map<string, Link>();
  readonly #captures: Process[] = [];
  readonly #processes: Process[] = [];

  private constructor(readonly plan: NetworkPlan) {
    for (const [name, link] of Object.entries(plan.links)) this.#links.set(name, new Link(name, link));
  }

  /** Makes namespaces, links, addresses and routes, and starts the captures. */
  static async build(plan: NetworkPlan): Promise<Network> {
    const network = new Network(plan);
    await network.#makeHosts();
    await network.#makeLinks();
    for (const [name, { nftables }] of Object.entries(plan.hosts)) {
      if (nftables) await network.run(name, ['nft', '-f', '-'], nftables);
    }
    await network.#startCaptures();
    return network;
  }

  async #makeHosts(): Promise<void> {
    const names = [WIRES, ...Object.keys(this.plan.hosts)];
    await must(['ip', '-batch', '-'], names.map(name => `netns add ${name}\n`).join(''));
    const settings: string[] = [`@${WIRES}`, 'net/ipv6/conf/default/disable_ipv6=1'];
    for (const [name, host] of Object.entries(this.plan.hosts)) {
      settings.push(
        `@${name}`,
        'net/ipv6/conf/default/accept_dad=0',
        'net/ipv6/conf/default/accept_ra=0',
        'net/ipv6/conf/default/router_solicitations=0',
        `net/ipv6/conf/all/forwarding=${host.forwarding ? 1 : 0}`,
        ...Object.entries(host.sysctls ?? {}).map(([key, value]) => `${key}=${value}`),
      );
    }
    await must([LABTOOL, 'sysctl', ...settings]);
  }

  async #makeLinks(): Promise<void> {
    const make: string[] = [];
    const shape: string[] = [];
    const settings: string[] = [];
    const perHost = new Map(Object.keys(this.plan.hosts).map(name => [name, ['link set lo up']]));
    for (const [index, [name, link]] of Object.entries(this.plan.links).entries()) {
      make.push(
        `link add netns ${WIRES} name ${name} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`,
        ...(['near', 'far'] as const).map(end => {
          const { device = name, host } = link[end];
          const peer = `peer name ${device} netns ${host} address ${hardwareAddress(index, end)}`;
          return `link add netns ${WIRES} name ${name}-${end} type veth ${peer}`;
        }),
      );
      shape.push(`link set ${name} up`);
      for (const end of ['near', 'far'] as const) {
        const { host, device = name, addresses = [], gateway, metric = 1024, autoconf, dad } = link[end];
        shape.push(`link set ${name}-${end} master ${name} up`);
        if (autoconf || dad) settings.push(`@${host}`);
        if (autoconf) settings.push(`net/ipv6/conf/${device}/accept_ra=2`);
        if (autoconf) settings.push(`net/ipv6/conf/${device}/router_solicitations=3`);
        if (dad) settings.push(`net/ipv6/conf/${device}/accept_dad=1`);
        const commands = perHost.get(host);
        if (!commands) throw new Error(`link ${name}: no host ${host}`);
        commands.push(
          `link set ${device} up`,
          ...addresses.map(address => `address add ${address} dev ${device} nodad`),
          ...(gateway ? [`route add default via ${gateway} dev ${device} metric ${metric}`] : []),
        );
      }
    }
    await must(['ip', '-batch', '-'], `${make.join('\n')}\n`);
    if (settings.length) await must([LABTOOL, 'sysctl', ...settings]);
    await must(['ip', '-n', WIRES, '-batch', '-'], `${shape.join('\n')}\n`);
    for (const link of this.#links.values()) await link.impair('both', {});
    for (const [name, commands] of perHost) {
      const routes = this.plan.hosts[name]?.routes ?? [];
      await ipBatch(name, [...commands, ...routes.map(route => `route add ${route}`)]);
    }
  }

  /** One tcpdump a link, on the bridge: each packet once, as it enters the link, before delay and loss. */
  async #startCaptures(): Promise<void> {
    for (const [name, { capture = 0 }] of Object.entries(this.plan.links)) {
      if (capture === false) continue;
      // To standard output: tcpdump gives a file of its own to another user, which hostfs does not let an ordinary user do.
      const command = `exec tcpdump -i ${name} -U -n -Z root -s ${capture} -w - >${RESULTS}/${name}.pcap`;
      this.#captures.push(this.start(WIRES, `tcpdump-${name}`, ['sh', '-c', command]));
    }
    while (this.#captures.some(c => !c.log().includes('listening on'))) {
      const failed = this.#captures.find(c => c.status !== undefined);
      if (failed) throw new Error(`${failed.name}: ${failed.log()}`);
      await sleep(5);
    }
  }

  link(name: string): Link {
    const link = this.#links.get(name);
    if (!link) throw new Error(`no link ${name}`);
    return link;
  }

  /** The command that runs a program in a host. */
  #in(host: string, command: readonly string[]): string[] {
    return [LABTOOL, 'in', host, ...command];
  }

  /** Runs a program in a host to its end; throws unless it succeeds. Returns its standard output. */
  run(host: string, command: readonly string[], stdin = ''): Promise<string> {
    return must(this.#in(host, command), stdin);
  }

  /** Runs `ip -6` commands in a host, one process for all. */
  ip(host: string, ...commands: string[]): Promise<void> {
    return ipBatch(host, commands);
  }

  /** Starts a program in a host; its log is `<name>.log`. A name used again appends. */
  start(host: string, name: string, command: readonly string[], env?: Record<string, string>): Process {
    const process = new Process(name, this.#in(host, command), env);
    this.#processes.push(process);
    return process;
  }

  /** A router at one end of a link announces itself and a /64 (lifetimes in seconds, interval in milliseconds). */
  advertise(
    link: string,
    end: End,
    prefix: string,
    options: { interval?: number; lifetime?: number; preferred?: number } = {},
  ): Process {
    const { host, device = link } = this.plan.links[link]![end];
    const operands = Object.entries(options).map(([name, value]) => `${name}=${value}`);
    return this.start(host, `ra-${link}`, [LABTOOL, 'advertise', device, prefix, ...operands]);
  }

  /** Ends everything that was started, the captures last: the kernel hands packets on up to two seconds late. */
  async stop(): Promise<void> {
    const captures = new Set(this.#captures);
    await Promise.all(this.#processes.filter(p => !captures.has(p)).map(p => p.stop()));
    if (captures.size > 0) await sleep(CAPTURE_DELAY);
    await Promise.all(this.#captures.map(p => p.stop()));
  }
}
