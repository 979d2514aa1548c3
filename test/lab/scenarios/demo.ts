/**
 * The demo, for real time: an echo stream and a TCP transfer run from the LAN host to the correspondent while the
 * uplinks fail, come back and go silently dead, and both daemons are killed and started again.
 */
import type {
  Act,
  ActKind,
  DaemonHost,
  DemoRecord,
  Outcome,
  Tick,
  UplinkName,
  UplinkSample,
} from '../demo/records.ts';
import { now, sleep, waitFor } from '../inside/clock.ts';
import { anchorConfig, Kedge, routerConfig } from '../inside/kedge.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import type { Network } from '../inside/network.ts';
import type { Process } from '../inside/process.ts';
import { deviceOctets, globalAddresses } from '../inside/procfs.ts';
import { record as put, scenario } from '../inside/scenario.ts';
import { Echo, startServers, Transfer } from '../inside/traffic.ts';

/** Of each kind of failure. */
const ROUNDS = 5;
const TRANSFER_RATE = 1_000_000;
/** Milliseconds. */
const TICK = 250;

interface MonitorLine {
  readonly name: string;
  readonly data: { readonly uplink?: UplinkName | null; readonly careOfAddress?: string | null };
}

interface RouterStatus {
  readonly mobileRouter: {
    readonly active: { readonly uplink: UplinkName | null };
    readonly uplinks: readonly {
      readonly name: UplinkName;
      readonly state: string;
      readonly carrier: boolean;
      readonly path: { readonly rtt: number | null; readonly loss: number } | null;
    }[];
  };
}

interface AnchorStatus {
  readonly homeAgent: {
    readonly nodes: readonly {
      readonly active: { readonly bid: number | null };
      readonly bindings: readonly { readonly bid: number; readonly careOfAddress: string }[];
    }[];
  };
}

function tell({ record, ...fields }: DemoRecord): void {
  put(record, fields);
}

function uplinkOf(careOfAddress: string | null | undefined): UplinkName | null {
  if (careOfAddress === MAIN.lteCareOf) return 'lte';
  return careOfAddress === MAIN.wifiCareOf ? 'wifi' : null;
}

class Demo {
  readonly #acts: Act[] = [];
  readonly #daemons: Readonly<Record<DaemonHost, Kedge>>;
  readonly #path: Record<DaemonHost, UplinkName | null> = { router: null, anchor: null };
  readonly #lanAddresses = new Set<string>();
  readonly #network: Network;
  #resident = 0;
  #ticking = true;

  constructor(network: Network) {
    this.#network = network;
    this.#daemons = {
      anchor: new Kedge(network, 'anchor', anchorConfig()),
      router: new Kedge(network, 'router', routerConfig()),
    };
  }

  async play(): Promise<void> {
    const network = this.#network;
    await startServers(network, 'peer');
    // It lends its view of the router's devices, whatever happens to the daemon.
    const watch = network.start('router', 'watch-router', ['sleep', '600']);
    const capture = network.start('wires', 'first-binding-update', [
      ...['tcpdump', '-i', 'lte', '-n', '-tt', '-l', '-s', '64', '-c', '1', '-Z', 'root', '--immediate-mode'],
      'ip6 proto 60',
    ]);
    const echo = new Echo(network, 'lan', MAIN.peer, { settle: 300 });
    this.#start('anchor');
    if (!(await waitFor(() => capture.log().includes('listening on'), 5000))) throw new Error(capture.log());
    await sleep(700);

    this.#act('steady', 'the router starts');
    const started = now();
    this.#start('router');
    const { at: firstEcho } = await echo.first();
    await capture.exited;
    const sent = Number(/^(\d+\.\d+) IP6/m.exec(capture.log())?.[1]) * 1000 - (Date.now() - now());
    tell({ record: 'demo-started', firstEcho });

    const transfer = new Transfer(network, 'lan', MAIN.peer, { rate: TRANSFER_RATE });
    const ticks = this.#tick(echo, watch);
    await sleep(300);
    await this.#observe('router');
    await this.#observe('anchor');
    await sleep(500);

    for (let round = 0; round < ROUNDS; round++) {
      await this.#failures();
      await this.#extras[round % this.#extras.length]!();
    }

    this.#act('steady', 'all quiet');
    await sleep(500);
    const transferred = await transfer.stop();
    this.#ticking = false;
    await ticks;
    const outcome: Outcome = {
      acts: this.#acts,
      echo: await echo.stop(),
      transfer: transferred,
      firstEcho,
      firstBindingUpdateAfter: sent - started,
      firstEchoAfter: firstEcho - started,
      resident: this.#resident,
      lanAddresses: [...this.#lanAddresses],
    };
    tell({ record: 'demo-outcome', outcome });
  }

  /** One carrier loss and one silent loss of the uplink in use, and the way back from each. */
  async #failures(): Promise<void> {
    const lte = this.#network.link('lte');
    this.#act('carrier-loss', 'lte, in use, loses its carrier');
    await lte.carrier('near', false);
    await this.#settle('wifi', 500);
    this.#act('planned-move', 'lte has its carrier back');
    await lte.carrier('near', true);
    await this.#settle('lte', 500);
    // Probing has seen the noise of what was done just now: let its estimate of the round-trip time calm down.
    await sleep(300);
    this.#act('silent-loss', 'lte, in use, goes silent');
    await lte.silence();
    await this.#settle('wifi', 500);
    this.#act('planned-move', 'lte answers again');
    await lte.impair('both', {});
    await this.#settle('lte', 500);
  }

  readonly #extras = [
    () => this.#kill('router', 'helper'),
    () => this.#prefer(),
    () => this.#kill('anchor', 'helper'),
    () => this.#kill('router', 'script'),
    () => this.#prefer(),
  ];

  async #prefer(): Promise<void> {
    this.#act('planned-move', 'kedge prefer wifi');
    await this.#daemons.router.command('prefer', 'wifi');
    await this.#settle('wifi', 500);
    this.#act('planned-move', 'kedge prefer --none');
    await this.#daemons.router.command('prefer', '--none');
    await this.#settle('lte', 500);
  }

  async #kill(host: DaemonHost, victim: 'helper' | 'script'): Promise<void> {
    const daemon = this.#daemons[host];
    this.#act(`${host}-kill`, `kill -9: the ${victim} of the ${host}'s daemon`);
    await daemon.kill(victim);
    tell({ record: 'demo-daemon', host, up: false });
    await sleep(500);
    this.#act(`${host}-kill`, `the ${host}'s daemon starts again`);
    this.#start(host);
    await sleep(800);
    await this.#observe(host);
    await sleep(500);
  }

  #act(kind: ActKind, text: string): void {
    const act: Act = { at: now(), kind, text };
    this.#acts.push(act);
    tell({ record: 'demo-act', act });
  }

  /** Waits until both ends use the uplink, gives people time to see it, and looks at the router's figures. */
  async #settle(uplink: UplinkName, pause: number): Promise<void> {
    await waitFor(() => this.#path.router === uplink && this.#path.anchor === uplink, 2000);
    await this.#observe('router');
    await sleep(pause);
  }

  #start(host: DaemonHost): void {
    this.#daemons[host].start();
    tell({ record: 'demo-daemon', host, up: true });
    this.#listen(host);
  }

  /** Follows `kedge monitor`; it ends with the daemon. */
  async #listen(host: DaemonHost): Promise<void> {
    await sleep(400);
    const command = this.#daemons[host].commandLine('monitor', '--json');
    const monitor = this.#network.start(host, `monitor-${host}`, command);
    try {
      for (;;) this.#hear(host, await monitor.next<MonitorLine>());
    } catch {
      // It has ended.
    }
  }

  #hear(host: DaemonHost, { name, data }: MonitorLine): void {
    if (name === 'active-uplink') {
      this.#follow(host, data.uplink);
    } else if (name === 'active-binding') {
      this.#follow(host, uplinkOf(data.careOfAddress));
    }
  }

  #follow(host: DaemonHost, uplink: UplinkName | null = null): void {
    if (this.#path[host] === uplink) return;
    this.#path[host] = uplink;
    tell({ record: 'demo-path', host, uplink });
  }

  /** Asks a daemon for its status: a process, so not too often. */
  async #observe(host: DaemonHost): Promise<void> {
    if (host === 'router') {
      const { mobileRouter } = await this.#daemons.router.status<RouterStatus>();
      const uplinks: UplinkSample[] = mobileRouter.uplinks.map(({ name, state, carrier, path }) => ({
        name,
        state,
        carrier,
        rtt: path?.rtt ?? null,
        loss: path?.loss ?? null,
      }));
      const resident = this.#daemons.router.memory();
      this.#resident = Math.max(this.#resident, resident);
      tell({ record: 'demo-router', uplinks, resident });
      this.#follow(host, mobileRouter.active.uplink);
      return;
    }
    const { homeAgent } = await this.#daemons.anchor.status<AnchorStatus>();
    const node = homeAgent.nodes[0];
    const active = node?.bindings.find(binding => binding.bid === node.active.bid);
    this.#follow(host, uplinkOf(active?.careOfAddress));
  }

  async #tick(echo: Echo, watch: Process): Promise<void> {
    while (this.#ticking) {
      const octets = deviceOctets(watch.pid);
      const tick: Tick = {
        echo: await echo.report(),
        octets: {
          lan: octets.get('lan') ?? 0,
          lte: octets.get('lte') ?? 0,
          wifi: octets.get('wifi') ?? 0,
        },
        lanAddresses: globalAddresses(echo.process.pid),
      };
      this.#lanAddresses.add(tick.lanAddresses.join(' '));
      tell({ record: 'demo-tick', tick });
      await sleep(TICK);
    }
  }
}

scenario(mainTopology({ capture: false }), network => new Demo(network).play());
