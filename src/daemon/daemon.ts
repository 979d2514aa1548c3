/** The daemon: joins the roles to the kernel, the clock, the control socket and the log. */
import type { MobileRouter } from '../engine/mobile-router/mobile-router.ts';
import type { EventReport, FlowReport, Status, WhyReport } from '../engine/status.ts';
import type { EngineEvent, HomeLinkStatus, Input, Output, Role, UplinkStatus } from '../engine/types.ts';
import { Reconciler } from '../forwarding/reconciler.ts';
import { type ForwardingParts, ROUTE_PROTOCOL, withRulesFrom } from '../forwarding/state.ts';
import { now } from '../host/clock.ts';
import { serveControl } from '../host/control-socket.ts';
import type { Helper, ReceivedMessage, Socket, SocketHandler } from '../host/helper.ts';
import { helperHmac } from '../host/hmac.ts';
import type { LogSink } from '../host/log.ts';
import { randomOctets } from '../host/random.ts';
import { Timer } from '../host/timer.ts';
import { GROUPS } from '../netlink/groups.ts';
import { equalHomeLinks, HomeLinkWatch } from '../netlink/home-link-status.ts';
import { equalStatuses, uplinkStatuses } from '../netlink/uplink-status.ts';
import { XFRM_GROUPS } from '../netlink/xfrm.ts';
import type { Loaded } from '../uci/config.ts';
import { formatFault } from '../uci/fault.ts';
import type { Config, UplinkConfig } from '../uci/types.ts';
import { type Address, equalAddress, hostPrefix, UNSPECIFIED } from '../wire/address.ts';
import { NextHeader, sourceOf } from '../wire/ipv6.ts';
import { Bus } from './bus.ts';
import { answerRequest } from './control.ts';
import { DirectUse, directPathObstacle, NO_XFRM } from './direct-path.ts';
import { explain, reportFlows } from './flows.ts';
import { Journal } from './journal.ts';
import { MOBILE_DEVICE } from './mobile-interfaces.ts';
import { loadParts, type Parts } from './parts.ts';
import { Roles } from './roles.ts';
import { enableForwarding, enableProxy } from './router-sysctls.ts';
import type { Trace } from './trace.ts';
import { countTraffic } from './traffic-count.ts';
import { UplinkHistory } from './uplink-history.ts';

/** Destination options (the Home Address option), routing header (type 2), Mobility Header. */
const PROTOCOLS = [60, 43, 135] as const;
/** In the journal: XFRM states of an earlier life may be there. */
const XFRM_RECORD = 'xfrm';
/** After the last words to the home agent, milliseconds. */
const FAREWELL = 100;

export interface DaemonOptions {
  readonly version: string;
  /** Where the control socket and the journal are. */
  readonly runDirectory: string;
  readonly config: Config;
  /** Those that the configuration needs. */
  readonly parts: Parts;
  readonly warnings: readonly string[];
  /** Reads and checks the configuration file as it is now, or `text` in its place. */
  readonly load: (text?: string) => Loaded;
}

export class Daemon {
  readonly reconciler: Reconciler;
  readonly history = new UplinkHistory(() => this.#roles.reports(now().monotonic).mobileRouter);
  /** Hear every event, e.g. for `kedge monitor`. */
  readonly listeners = new Set<(event: EventReport) => void>();

  readonly #options: DaemonOptions;
  readonly #helper: Helper;
  readonly #log: LogSink;
  readonly #journal: Journal;
  readonly #startedAt = now().monotonic;
  readonly #hmac = helperHmac();
  readonly #timer = new Timer(() => this.#input({ kind: 'timer' }));
  readonly #packets: Socket;
  readonly #bus: Bus;
  #config: Config;
  #warnings: readonly string[];
  #roles: Roles;
  #trace: Trace | undefined;
  #uplinks: readonly UplinkStatus[] | undefined;
  readonly #homeLinkWatch = new HomeLinkWatch();
  #homeLink: HomeLinkStatus | undefined;
  #proxyEnabled = false;
  /** The reconciler knows the whole forwarding state of these roles. */
  #forwarded = false;
  /** Of ICMPv6, with the types that it was opened for. */
  #icmpv6: { readonly socket: Socket; readonly types: string } | undefined;
  #forwardingEnabled = false;
  #xfrm: Socket | undefined;
  #directUse: DirectUse | undefined;
  /** Until it has said whether there are direct paths, what was found is left as it is. */
  #asksKernel = false;
  #stopping = false;

  /** @param fail is called with the reason when the daemon cannot do its work at all */
  constructor(options: DaemonOptions, helper: Helper, log: LogSink, fail: (reason: string) => void) {
    this.#options = options;
    this.#helper = helper;
    this.#log = log;
    this.#config = options.config;
    this.#warnings = options.warnings;
    this.#journal = new Journal(`${options.runDirectory}/journal`, text => log('warning', text));
    this.#trace = this.#newTrace(options.parts);
    this.#roles = this.#newRoles(options.config, options.parts);

    this.#packets = helper.open(
      { kind: 'raw6-send' },
      { received() {}, failed: reason => log('debug', reason) },
    );
    for (const protocol of PROTOCOLS) {
      helper.open(
        { kind: 'raw6', protocol },
        { received: message => this.#receive(protocol, message), ...vital(log, fail) },
      );
    }
    this.#openIcmpv6();
    const netlink = helper.open(
      { kind: 'netlink-route', groups: GROUPS },
      {
        received: message => this.reconciler.receive(message.bytes),
        // What was sent may have no answer now: the kernel's state is read again.
        ...vital(log, fail, () => this.reconciler.overrun()),
        lost: () => this.reconciler.overrun(),
      },
    );
    this.reconciler = new Reconciler({
      send: datagram => netlink.send(datagram),
      sendXfrm: datagram => this.#xfrm?.send(datagram),
      runNft: async text => {
        const { status, text: said } = await helper.nft(text);
        return status === 0 ? undefined : said.trim() || `exit status ${status}`;
      },
      schedule: (delay, action) => {
        const timer = new Timer(action);
        timer.set(now().monotonic + delay);
        return () => timer.set(undefined);
      },
      report: log,
      kernelChanged: () => this.#kernelChanged(),
      unknownHomeAddress: report => this.#input({ kind: 'unknown-home-address', ...report }),
    });
    serveControl(
      helper,
      `${options.runDirectory}/control`,
      (request, responder) => {
        answerRequest(this, request, responder);
      },
      reason => log('error', `no control socket: ${reason}`),
    );
    countTraffic(
      helper,
      () => this.#roles.countedPaths(),
      device => this.reconciler.view.linkNamed(device)?.index,
      paths => this.#input({ kind: 'traffic', paths }),
    );
    this.#bus = new Bus(this, helper, log);
    this.#sayWhetherDirect();
    this.reconciler.start();
  }

  status(): Status {
    const { monotonic } = now();
    return {
      version: this.#options.version,
      uptime: Math.floor((monotonic - this.#startedAt) / 1000),
      ...this.#roles.reports(monotonic),
      warnings: [
        ...this.#warnings,
        ...this.#bus.interfaces.problems(uplinksOf(this.#config)),
        ...this.reconciler.refusals,
      ],
    };
  }

  get logLevel(): Config['logLevel'] {
    return this.#config.logLevel;
  }

  /** @param node name of a mobile router or peer; undefined: of all */
  flows(node: string | undefined): Promise<readonly FlowReport[]> {
    return reportFlows(this.#roles, node, text => this.#helper.nft(text));
  }

  why(
    ...packet: Parameters<typeof explain> extends [unknown, ...infer Rest] ? Rest : never
  ): WhyReport | undefined {
    return explain(this.#roles, ...packet);
  }

  routerNames(): string[] {
    return this.#config.mobileRouters.map(({ name }) => name);
  }

  /** Names of the uplinks that `prefer` accepts, of one mobile router or of all. */
  uplinkNames(router?: string): string[] {
    return unique(
      this.#roles.routersNamed(router).flatMap(({ config }) => config.uplinks.map(({ name }) => name)),
    );
  }

  /** Every mobile router that has the uplink, or only the one of that name, prefers it. */
  prefer(uplink: string | undefined, router?: string): void {
    const has = ({ config }: MobileRouter) =>
      uplink === undefined || config.uplinks.some(({ name }) => name === uplink);
    this.#input({ kind: 'prefer', uplink }, this.#roles.routersNamed(router).filter(has));
  }

  /** Home agents that `useHomeAgent` accepts, of one mobile router or of all. */
  homeAgents(router?: string): readonly Address[] {
    return this.#roles.routersNamed(router).flatMap(({ homeAgents }) => homeAgents.candidates);
  }

  /** @param address undefined: the most preferred one */
  useHomeAgent(address: Address | undefined, router?: string): void {
    const knows = ({ homeAgents }: MobileRouter) =>
      address === undefined || homeAgents.candidates.some(candidate => equalAddress(candidate, address));
    this.#input({ kind: 'home-agent', address }, this.#roles.routersNamed(router).filter(knows));
  }

  /** Lets an interface of netifd stand for the mobile network of a router. The result says why that cannot be. */
  attach(name: string, router: string | undefined): string | undefined {
    const routers = this.routerNames();
    if (router === undefined ? routers.length !== 1 : !routers.includes(router)) {
      return `no such mobile_router; there are: ${routers.join(', ') || 'none'}`;
    }
    this.#bus.mobile.attach(name, router);
    this.interfacesChanged();
    return undefined;
  }

  detach(name: string): void {
    this.#bus.mobile.detach(name);
    this.interfacesChanged();
  }

  /** What netifd knows has changed. */
  interfacesChanged(): void {
    if (this.#forwarded) this.reconciler.change(this.#mobileNetwork());
    this.#kernelChanged();
  }

  #mobileNetwork(): ForwardingParts {
    const isThere = this.reconciler.view.linkNamed(MOBILE_DEVICE) !== undefined;
    return new Map([['netifd', this.#bus.mobile.forwarding(this.#config.mobileRouters, isThere)]]);
  }

  /** What is wrong with the configuration file as it is now, or with `text`. */
  check(text?: string): Loaded {
    return this.#options.load(text);
  }

  /** Reads the configuration again. One with faults changes nothing; else bindings that fit it are adopted. */
  reload(): Loaded {
    const loaded = this.#options.load();
    const { config, faults, warnings } = loaded;
    for (const fault of faults) this.#log('error', formatFault(fault));
    if (config === undefined) this.#log('error', 'the running configuration stays');
    else this.#take(config, warnings.map(formatFault));
    return loaded;
  }

  #take(config: Config, warnings: readonly string[]): void {
    loadParts(config).then(
      parts => this.#use(config, parts, warnings),
      error => this.#log('error', `the running configuration stays: ${reasonOf(error)}`),
    );
  }

  #use(config: Config, parts: Parts, warnings: readonly string[]): void {
    // What is agreed with correspondents is in no record: they are told before the new roles agree with them anew.
    this.#input({ kind: 'direct-path', obstacle: 'the configuration is being read again' });
    this.#config = config;
    this.#warnings = warnings;
    this.#trace = this.#newTrace(parts);
    this.#roles = this.#newRoles(config, parts);
    // Before the new roles have seen the uplinks, what they want of the kernel is nothing.
    this.#uplinks = undefined;
    this.#homeLink = undefined;
    this.#forwarded = false;
    this.#sayWhetherDirect();
    this.#openIcmpv6();
    this.#kernelChanged();
    this.#bus.reconsider();
    this.reconciler.reloadFilter();
    this.#log('notice', 'the configuration has been read again');
  }

  /** The orderly end: the home agent is told, the kernel is left as if kedge had never been there. */
  async stop(): Promise<void> {
    this.#input({ kind: 'shutdown' });
    this.#stopping = true;
    this.history.stop();
    this.#timer.set(undefined);
    this.#directUse?.stop();
    this.#bus.mobile.stop();
    await this.reconciler.clear();
    await new Promise<void>(resolve => new Timer(resolve).set(now().monotonic + FAREWELL));
    this.#bus.stop();
  }

  #newRoles(config: Config, parts: Parts): Roles {
    return new Roles(config, parts, now(), this.#journal.records, this.#hmac, randomOctets);
  }

  #newTrace({ trace }: Parts): Trace | undefined {
    if (trace !== undefined) return new trace.Trace(this.#log);
    if (this.logLevel === 'debug') {
      this.#log(
        'warning',
        'messages are not logged: the decoder is not installed (on OpenWrt: kedge-decode)',
      );
    }
    return undefined;
  }

  /** Only where somebody wants to know, or has: the kernel would load modules. */
  #sayWhetherDirect(): void {
    const { mobileRouters, correspondent } = this.#config;
    const optimizes = mobileRouters.some(({ routeOptimization }) => routeOptimization !== undefined);
    const wanted = optimizes || correspondent !== undefined;
    if (!wanted && !this.#journal.records.has(XFRM_RECORD)) return;
    this.#journal.set(XFRM_RECORD, {});
    this.#xfrm ??= this.#openXfrm();
    const roles = this.#roles;
    this.#asksKernel = true;
    directPathObstacle(this.reconciler).then(obstacle => {
      if (roles === this.#roles) this.#setDirectPath(obstacle);
    });
  }

  #setDirectPath(obstacle: string | undefined): void {
    this.#asksKernel = false;
    this.#input({ kind: 'direct-path', obstacle });
    this.#forwarded = false;
    if (this.#uplinks !== undefined && !this.#stopping) this.#forward([]);
    this.#kernelChanged();
    if (obstacle === undefined)
      this.#directUse ??= new DirectUse(this.#helper, peers => this.#input({ kind: 'used', peers }));
  }

  #openXfrm(): Socket {
    return this.#helper.open(
      { kind: 'netlink-xfrm', groups: XFRM_GROUPS },
      {
        received: message => this.reconciler.receiveXfrm(message.bytes),
        lost: () => this.reconciler.overrunXfrm(),
        failed: reason => this.#log('debug', `XFRM: ${reason}`),
        closed: () => {
          this.reconciler.endXfrm();
          this.#setDirectPath(NO_XFRM);
        },
      },
    );
  }

  #kernelChanged(): void {
    if (!this.reconciler.ready || this.#stopping || this.#asksKernel) return;
    this.#enableForwarding();
    this.#noteHomeLink();
    this.#noteMobileNetwork();
    const { mobileRouters } = this.#config;
    const uplinks = uplinkStatuses(
      this.reconciler.view,
      uplinksOf(this.#config).map(uplink => this.#bus.interfaces.place(uplink)),
      ROUTE_PROTOCOL,
      mobileRouters.flatMap(({ homeAddress, prefixes }) => [hostPrefix(homeAddress), ...prefixes]),
    );
    if (this.#uplinks !== undefined && equalStatuses(this.#uplinks, uplinks)) return;
    this.#uplinks = uplinks;
    this.#input({ kind: 'uplinks', uplinks });
    if (!this.#forwarded) this.#forward([]);
  }

  #noteMobileNetwork(): void {
    if (this.reconciler.view.linkNamed(MOBILE_DEVICE) === undefined) return;
    this.#bus.mobile.update(this.#config.mobileRouters, ({ uplinks }) => {
      const devices = uplinks.map(uplink => this.#bus.interfaces.place(uplink).device);
      return [...new Set(devices)].filter(device => device !== '');
    });
  }

  #noteHomeLink(): void {
    const device = this.#config.homeAgent?.homeLink?.device;
    if (device === undefined) return;
    this.#enableProxy();
    const status = this.#homeLinkWatch.status(this.reconciler.view, device, now().monotonic);
    if (this.#homeLink !== undefined && equalHomeLinks(this.#homeLink, status)) return;
    this.#homeLink = status;
    this.#input({ kind: 'home-link', status });
  }

  #enableProxy(): void {
    if (this.#proxyEnabled) return;
    this.#proxyEnabled = true;
    enableProxy(this.#helper).then(
      changes => {
        for (const change of changes) this.#log('notice', `set ${change}: home addresses are defended`);
      },
      error => this.#log('error', `home addresses are not defended: ${reasonOf(error)}`),
    );
  }

  /** The paths of these nodes changed. After a start or a reload all is new. */
  #forward(homeAddresses: readonly Address[]): void {
    const { rulePriority } = this.#config;
    if (this.#forwarded)
      this.reconciler.change(withRulesFrom(rulePriority, this.#roles.forwardingOf(homeAddresses)));
    else
      this.reconciler.apply(
        withRulesFrom<ForwardingParts>(
          rulePriority,
          new Map([...this.#roles.forwarding(), ...this.#mobileNetwork()]),
        ),
      );
    this.#forwarded = true;
  }

  #enableForwarding(): void {
    const { mobileRouters, homeAgent } = this.#config;
    if (this.#forwardingEnabled || (mobileRouters.length === 0 && homeAgent === undefined)) return;
    this.#forwardingEnabled = true;
    const { view } = this.reconciler;
    const uplinks = uplinksOf(this.#config)
      .map(uplink => uplink.device)
      .filter(Boolean);
    const learnt = [...view.routes].flatMap(route =>
      route.nextHops.flatMap(hop => view.link(hop.link)?.name ?? []),
    );
    enableForwarding(this.#helper, uplinks, learnt).then(
      changes => {
        for (const change of changes) this.#log('notice', `set ${change}: this host is a router now`);
      },
      error => this.#log('error', `cannot turn IPv6 forwarding on: ${reasonOf(error)}`),
    );
  }

  /** Anew when the roles want to see other messages. */
  #openIcmpv6(): void {
    const types = this.#roles.icmpv6Types;
    if (this.#icmpv6?.types === types.join()) return;
    this.#icmpv6?.socket.close();
    if (types.length === 0) {
      this.#icmpv6 = undefined;
      return;
    }
    const socket = this.#helper.open(
      { kind: 'icmpv6', types },
      {
        received: message => this.#receive(NextHeader.icmpv6, message),
        failed: reason => this.#log('warning', `ICMPv6: ${reason}`),
      },
    );
    this.#icmpv6 = { socket, types: types.join() };
  }

  #receive(nextHeader: number, message: ReceivedMessage): void {
    const { source = UNSPECIFIED, destination, bytes, ifindex, hopLimit } = message;
    if (destination === undefined) return;
    const device = this.reconciler.view.link(ifindex)?.name ?? `if${ifindex}`;
    const packet = { source, destination, nextHeader, bytes, device, hopLimit };
    this.#trace?.received(packet);
    this.#input({ kind: 'packet', packet });
  }

  /** @param to undefined: the roles that it concerns */
  #input(input: Input, to?: readonly Role[]): void {
    if (this.#stopping) return;
    const outputs = this.#roles.handle(input, now(), to);
    // All nodes at once, where the first one stands.
    let moved = outputs.flatMap(output => (output.kind === 'forwarding' ? [output.homeAddress] : []));
    for (const output of outputs) {
      if (output.kind !== 'forwarding') {
        this.#output(output);
      } else if (moved.length > 0 && this.#uplinks !== undefined) {
        this.#forward(moved);
        moved = [];
      }
    }
    const wake = this.#roles.nextWake();
    this.#timer.set(wake === Number.POSITIVE_INFINITY ? undefined : wake);
  }

  #output(output: Exclude<Output, { kind: 'forwarding' }>): void {
    switch (output.kind) {
      case 'send': {
        const { packet, destination, device, onLink } = output;
        const ifindex = device === undefined ? undefined : this.reconciler.view.linkNamed(device)?.index;
        if (device !== undefined && ifindex === undefined) break;
        this.#trace?.sent(packet, device);
        // The rules of source-address routing look at what the socket says, not into the packet; and without a source
        // the kernel takes the device seriously.
        const source = onLink ? undefined : sourceOf(packet);
        this.#packets.send(packet, { source, destination, ifindex });
        break;
      }
      case 'record':
        this.#journal.set(output.key, output.value);
        break;
      case 'event':
        this.#tell(output.event);
        break;
    }
  }

  #tell({ level, name, text, data }: EngineEvent): void {
    this.#log(level, text);
    if (name === 'active-uplink') this.history.noteCarrier();
    if (this.listeners.size === 0) return;
    const event: EventReport = { time: now().wall, level, name, text, data };
    for (const listener of this.listeners) listener(event);
  }
}

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)];

/** Of all mobile routers, each once. */
const uplinksOf = ({ mobileRouters }: Config): UplinkConfig[] => [
  ...new Map(mobileRouters.flatMap(({ uplinks }) => uplinks.map(uplink => [uplink.name, uplink]))).values(),
];

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A socket without which the daemon is of no use. */
function vital(
  log: LogSink,
  fail: (reason: string) => void,
  afterFailure = () => {},
): Pick<SocketHandler, 'failed' | 'closed'> {
  let latest = 'a socket was closed';
  return {
    failed: reason => {
      latest = reason;
      log('warning', reason);
      afterFailure();
    },
    closed: () => fail(latest),
  };
}
