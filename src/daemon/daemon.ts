/** The daemon: joins the roles to the kernel, the clock, the control socket and the log. */
import type { MobileRouter } from '../engine/mobile-router/mobile-router.ts';
import type { EventReport, FlowReport, MobileRouterReport, Status, WhyReport } from '../engine/status.ts';
import type { EngineEvent, Input, Octets, Output, Role } from '../engine/types.ts';
import { Reconciler } from '../forwarding/reconciler.ts';
import { type ForwardingParts, withRulesFrom } from '../forwarding/state.ts';
import { now } from '../host/clock.ts';
import { serveControl } from '../host/control-socket.ts';
import type { Helper, Socket } from '../host/helper.ts';
import { helperHmac } from '../host/hmac.ts';
import type { LogSink } from '../host/log.ts';
import { randomOctets } from '../host/random.ts';
import { Timer } from '../host/timer.ts';
import { GROUPS, NEIGHBOR } from '../netlink/groups.ts';
import type { Loaded } from '../uci/config.ts';
import { formatFault } from '../uci/fault.ts';
import type { Config, MobileRouterConfig } from '../uci/types.ts';
import { type Address, equalAddress } from '../wire/address.ts';
import type { Budgets } from './budgets.ts';
import { Bus } from './bus.ts';
import { answerRequest } from './control.ts';
import type { DelegationSockets } from './delegation-sockets.ts';
import type { DirectPath } from './direct-path.ts';
import type { explain } from './flows.ts';
import { uplinksOf } from './interfaces.ts';
import { Journal } from './journal.ts';
import { KernelWatch } from './kernel-watch.ts';
import { Messages } from './messages.ts';
import { MOBILE_DEVICE } from './mobile-interfaces.ts';
import { loadParts, type Parts } from './parts.ts';
import { scopeOf } from './record-scope.ts';
import { Roles } from './roles.ts';
import { RouterSysctls } from './router-sysctls.ts';
import type { Trace } from './trace.ts';
import { countTraffic } from './traffic-count.ts';
import type { UplinkHistory } from './uplink-history.ts';
import { vital } from './vital-socket.ts';

/** After the last words to the home agent, milliseconds. */
const FAREWELL = 100;

export interface DaemonOptions {
  readonly version: string;
  /** Where the control socket and the journal are. */
  readonly runDirectory: string;
  /** Of what a reboot must not lose; made when it is needed. */
  readonly stateDirectory: string;
  readonly config: Config;
  /** Those that the configuration needs. */
  readonly parts: Parts;
  readonly warnings: readonly string[];
  /** Reads and checks the configuration file as it is now, or `text` in its place. */
  readonly load: (text?: string) => Loaded;
}

export class Daemon {
  readonly reconciler: Reconciler;
  /** Undefined: not installed. */
  history: UplinkHistory | undefined;
  /** Hear every event, e.g. for `kedge monitor`. */
  readonly listeners = new Set<(event: EventReport) => void>();

  readonly #options: DaemonOptions;
  readonly #helper: Helper;
  readonly #log: LogSink;
  readonly #journal: Journal;
  readonly #startedAt = now().monotonic;
  readonly #hmac = helperHmac();
  readonly #timer = new Timer(() => this.#input({ kind: 'timer' }));
  readonly #messages: Messages;
  readonly #bus: Bus;
  readonly #watch: KernelWatch;
  readonly #sysctls: RouterSysctls;
  /** Undefined: not installed. */
  #directPath: DirectPath | undefined;
  #config: Config;
  #parts: Parts;
  #warnings: readonly string[];
  #budgets: Budgets | undefined;
  /** Undefined: not needed so far. */
  #delegation: DelegationSockets | undefined;
  #roles: Roles;
  /** The reconciler knows the whole forwarding state of these roles. */
  #forwarded = false;
  #stopping = false;
  #neighbors: Socket | undefined;

  /** @param fail is called with the reason when the daemon cannot do its work at all */
  constructor(options: DaemonOptions, helper: Helper, log: LogSink, fail: (reason: string) => void) {
    this.#options = options;
    this.#helper = helper;
    this.#log = log;
    this.#journal = new Journal(`${options.runDirectory}/journal`, text => log('warning', text));
    this.#config = this.#leased(options.config, options.parts);
    this.#warnings = options.warnings;
    this.#parts = options.parts;
    this.#budgets = this.#newBudgets(options.parts);
    this.#roles = this.#newRoles(this.#config, options.parts);

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
      sendXfrm: datagram => this.#directPath?.send(datagram),
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
      cannotCopy: () => this.#cannotCopy(),
      neighborFailed: found => this.#watch.noteFailed(found),
      unknownHomeAddress: report => this.#input({ kind: 'unknown-home-address', ...report }),
    });
    this.#messages = new Messages(helper, log, {
      view: this.reconciler.view,
      received: packet => this.#input({ kind: 'packet', packet }),
      fail,
    });
    this.#messages.trace = this.#newTrace(options.parts);
    this.#messages.listen(this.#roles.icmpv6Types);
    this.#sysctls = new RouterSysctls(helper, log);
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
      () => this.#budgets?.names.map(name => this.#deviceOf(name)) ?? [],
      device => this.reconciler.view.linkNamed(device)?.index,
      (paths, octetsOf) => {
        this.#input({ kind: 'traffic', paths });
        this.#count(octetsOf);
      },
    );
    this.#bus = new Bus(this, helper, log);
    const { interfaces } = this.#bus;
    this.#watch = new KernelWatch(
      this.reconciler.view,
      uplink => interfaces.place(uplink),
      input => this.#input(input),
    );
    this.#sayBudgets();
    this.#equip();
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
        ...this.#bus.interfaces.problems(uplinksOf(this.#config.mobileRouters)),
        ...this.reconciler.refusals,
      ],
    };
  }

  get logLevel(): Config['logLevel'] {
    return this.#config.logLevel;
  }

  /** @param node name of a mobile router or peer; undefined: of all */
  async flows(node: string | undefined): Promise<readonly FlowReport[]> {
    return (await this.#parts.flows?.reportFlows(this.#roles, node, text => this.#helper.nft(text))) ?? [];
  }

  /** Undefined: nothing that can explain is installed. */
  get why():
    | ((
        ...packet: Parameters<typeof explain> extends [unknown, ...infer Rest] ? Rest : never
      ) => WhyReport | undefined)
    | undefined {
    const { flows } = this.#parts;
    return flows && ((...packet) => flows.explain(this.#roles, ...packet));
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
    else this.#take(config, warnings.map(formatFault), 'the configuration has been read again');
    return loaded;
  }

  /** @param done what the log says then */
  #take(config: Config, warnings: readonly string[], done?: string): void {
    loadParts(config, text => this.#log('warning', text)).then(
      parts => {
        this.#use(this.#leased(config, parts), parts, warnings);
        if (done !== undefined) this.#log('notice', done);
      },
      error => this.#log('error', `the running configuration stays: ${reasonOf(error)}`),
    );
  }

  #use(config: Config, parts: Parts, warnings: readonly string[]): void {
    // What is agreed with correspondents is in no record: who is not to agree with them anew takes it back.
    const kept = config === this.#config ? [] : directWays(config);
    const renewed = directWays(this.#config).every(way => kept.includes(way));
    this.#input({ kind: 'direct-path', obstacle: 'the configuration is being read again', renewed });
    if (config !== this.#config) this.#log('notice', 'the configuration has been read again');
    this.#config = config;
    this.#warnings = warnings;
    this.#messages.trace = this.#newTrace(parts);
    this.#budgets?.remember();
    this.#parts = parts;
    this.#budgets = this.#newBudgets(parts);
    this.#roles = this.#newRoles(config, parts);
    // Before the new roles have seen the uplinks, what they want of the kernel is nothing.
    this.#watch.forget();
    this.#forwarded = false;
    this.#sayBudgets();
    this.#equip();
    this.#messages.listen(this.#roles.icmpv6Types);
    this.#kernelChanged();
    this.#bus.reconsider();
    this.reconciler.reloadFilter();
  }

  /** The orderly end: the home agent is told, the kernel is left as if kedge had never been there. */
  async stop(): Promise<void> {
    this.#input({ kind: 'shutdown' });
    this.#budgets?.remember();
    this.#budgets?.write();
    this.#stopping = true;
    this.history?.stop();
    this.#timer.set(undefined);
    this.#directPath?.stop();
    this.#bus.mobile.stop();
    this.#sysctls.place(new Map(), this.reconciler.view);
    await this.reconciler.clear();
    await new Promise<void>(resolve => new Timer(resolve).set(now().monotonic + FAREWELL));
    this.#bus.stop();
  }

  #newRoles(config: Config, parts: Parts): Roles {
    return new Roles(config, parts, now(), this.#journal.records, this.#hmac, randomOctets);
  }

  /** With what is delegated now in the place of configured prefixes. */
  #leased(config: Config, { requestingRouter }: Parts): Config {
    if (requestingRouter === undefined) return config;
    const { records } = this.#journal;
    const mobileRouters = config.mobileRouters.map(router =>
      requestingRouter.leasedConfig(
        router,
        records.get(`${scopeOf(router.name)}delegation`),
        now().monotonic,
      ),
    );
    return { ...config, mobileRouters };
  }

  /** What a mobile router is delegated has changed, or lasts longer: netifd hears of the lifetimes. */
  #noteDelegation(changed: boolean): void {
    if (changed) {
      this.#take(this.#config, this.#warnings);
      return;
    }
    this.#config = this.#leased(this.#config, this.#parts);
    this.#noteMobileNetwork();
  }

  #newBudgets({ budgets }: Parts): Budgets | undefined {
    const { stateDirectory } = this.#options;
    const complain = (text: string) => this.#log('warning', text);
    const uplinks = uplinksOf(this.#config.mobileRouters);
    return budgets && new budgets.Budgets(stateDirectory, this.#journal, uplinks, now().wall, complain);
  }

  #count(octetsOf: (device: string) => Octets | undefined): void {
    if (this.#budgets === undefined || this.#stopping) return;
    const events = this.#budgets.count(name => octetsOf(this.#deviceOf(name)), now().wall);
    for (const event of events) this.#tell(event);
    this.#sayBudgets();
  }

  /** Before the first agreement with the other end. */
  #askForCopies(): void {
    const { mobileRouters, homeAgent } = this.#config;
    const replicates = mobileRouters.some(({ flows }) => flows?.some(({ action }) => action === 'replicate'));
    if (replicates || homeAgent !== undefined) this.reconciler.tryCopies();
  }

  #cannotCopy(): void {
    this.#log(
      'info',
      'the kernel cannot replicate flows (kmod-gre6 and kmod-nft-dup-inet): none is agreed upon',
    );
    this.#input({ kind: 'no-copies' });
  }

  #sayBudgets(): void {
    if (this.#budgets !== undefined) this.#input({ kind: 'budgets', budgets: this.#budgets.states() });
  }

  /** Empty: not known. */
  #deviceOf(uplink: string): string {
    const found = uplinksOf(this.#config.mobileRouters).find(({ name }) => name === uplink);
    return found === undefined ? '' : this.#bus.interfaces.place(found).device;
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

  #mobileRouterReports(): MobileRouterReport[] {
    const { mobileRouter, otherMobileRouters } = this.#roles.reports(now().monotonic);
    return mobileRouter === null ? [] : [mobileRouter, ...otherMobileRouters];
  }

  #equip(): void {
    const { flows, directPaths, history, requestingRouter, delegatingRouter } = this.#parts;
    this.#hearNeighbors();
    this.history ??= history && new history.UplinkHistory(() => this.#mobileRouterReports());
    if (flows !== undefined) this.reconciler.classify(flows.ClassifierLoader);
    const Sockets = (requestingRouter ?? delegatingRouter)?.DelegationSockets;
    this.#delegation ??=
      Sockets &&
      new Sockets(this.#helper, this.#log, this.reconciler.view, packet =>
        this.#input({ kind: 'packet', packet }),
      );
    this.#delegation?.listen(this.#config);
    this.#directPath ??=
      directPaths &&
      new directPaths.DirectPath(this.#helper, this.#log, this.#journal, {
        reconciler: this.reconciler,
        found: obstacle => this.#noteDirectPath(obstacle),
        used: (peers, heard) => this.#input({ kind: 'used', peers, heard }),
        tunneled: traffic => this.#input({ kind: 'tunneled', traffic }),
      });
    this.#directPath?.ask(this.#config);
    this.#askForCopies();
  }

  /** As long as there are mobile routers. */
  #hearNeighbors(): void {
    if (this.#config.mobileRouters.length > 0) {
      this.#neighbors ??= this.#helper.open(
        { kind: 'netlink-route', groups: NEIGHBOR },
        {
          received: ({ bytes }) => this.reconciler.receive(bytes),
          failed: reason => this.#log('warning', `neighbours are not watched: ${reason}`),
          lost: () => {},
        },
      );
    } else {
      this.#neighbors?.close();
      this.#neighbors = undefined;
    }
  }

  #noteDirectPath(obstacle: string | undefined): void {
    this.#input({ kind: 'direct-path', obstacle });
    this.#forwarded = false;
    if (this.#watch.hasTold && !this.#stopping) this.#forward([]);
    this.#kernelChanged();
  }

  #kernelChanged(): void {
    if (!this.reconciler.ready || this.#stopping || this.#directPath?.isAsking) return;
    this.#sysctls.enable(this.#config, this.reconciler.view);
    this.#noteMobileNetwork();
    if (this.#watch.look(this.#config) && !this.#forwarded) this.#forward([]);
    this.#sysctls.place(this.#roles.uplinkPlaces(), this.reconciler.view);
  }

  #noteMobileNetwork(): void {
    if (this.reconciler.view.linkNamed(MOBILE_DEVICE) === undefined) return;
    const devicesOf = ({ uplinks }: MobileRouterConfig) => {
      const devices = uplinks.map(uplink => this.#bus.interfaces.place(uplink).device);
      return [...new Set(devices)].filter(device => device !== '');
    };
    this.#bus.mobile.update(this.#roles.mobileRouters, devicesOf, now().monotonic);
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

  /** @param to undefined: the roles that it concerns */
  #input(input: Input, to?: readonly Role[]): void {
    if (this.#stopping) return;
    const outputs = this.#roles.handle(input, now(), to);
    // All nodes at once, where the first one stands.
    let moved = outputs.flatMap(output => (output.kind === 'forwarding' ? [output.homeAddress] : []));
    for (const output of outputs) {
      if (output.kind !== 'forwarding') {
        this.#output(output);
      } else if (moved.length > 0 && this.#watch.hasTold) {
        this.#forward(moved);
        moved = [];
      }
    }
    if (outputs.some(isRenumbering)) this.#take(this.#config, this.#warnings);
    const wake = this.#roles.nextWake();
    this.#timer.set(wake === Number.POSITIVE_INFINITY ? undefined : wake);
  }

  #output(output: Exclude<Output, { kind: 'forwarding' }>): void {
    switch (output.kind) {
      case 'send':
        this.#messages.send(output);
        break;
      case 'record':
        this.#journal.set(output.key, output.value);
        break;
      case 'event':
        this.#tell(output.event);
        break;
      case 'delegation':
        this.#noteDelegation(output.changed);
        break;
    }
  }

  #tell({ level, name, text, data }: EngineEvent): void {
    this.#log(level, text);
    if (name === 'active-uplink') this.history?.noteCarrier();
    if (name === 'registration-refused') this.#noteMobileNetwork();
    if (this.listeners.size === 0) return;
    const event: EventReport = { time: now().wall, level, name, text, data };
    for (const listener of this.listeners) listener(event);
  }
}

const isRenumbering = (output: Output): boolean =>
  output.kind === 'event' && output.event.name === 'home-address';

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)];

/** Whose packets go directly, and to whom at any rate. */
const directWays = ({ mobileRouters }: Config): string[] =>
  mobileRouters.flatMap(({ homeAddress, routeOptimization: direct }) =>
    direct === undefined ? [] : [homeAddress, ...direct.correspondents].map(end => `${homeAddress} ${end}`),
  );

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
