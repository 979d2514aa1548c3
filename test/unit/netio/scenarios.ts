/** What a script does with kedged, as the tests need it: run by qjs beneath the real helper. Prints JSON lines. */
import * as os from 'os';
import { type CreateHmac, createHmac } from '../../../src/engine/hmac.ts';
import { HelperChannel } from '../../../src/host/channel.ts';
import { now } from '../../../src/host/clock.ts';
import { requestControl, serveControl } from '../../../src/host/control-socket.ts';
import { appendText, makeDirectory, readText, removeFile, writeText } from '../../../src/host/file.ts';
import {
  Helper,
  type ReceivedMessage,
  type Socket,
  type SocketHandler,
  type SocketKind,
} from '../../../src/host/helper.ts';
import { helperHmac } from '../../../src/host/hmac.ts';
import { createLog, syslogSink } from '../../../src/host/log.ts';
import { commandLine, exit, print, printError } from '../../../src/host/process.ts';
import { Timer } from '../../../src/host/timer.ts';
import { connectUbus } from '../../../src/host/ubus-connection.ts';
import { VECTORS } from '../engine/hmac-vectors.ts';
import { hex } from '../wire/octets.ts';

const [scenario = '', directory = ''] = commandLine();
const helper = new Helper(new HelperChannel());
const fact = (name: string, value: object) => print(`${JSON.stringify({ name, ...value })}\n`);
const sleep = (milliseconds: number) => new Promise<void>(resolve => os.setTimeout(resolve, milliseconds));
const LOOPBACK = new Uint8Array(16);
LOOPBACK[15] = 1;

function show(message: ReceivedMessage): object {
  const { bytes, source, destination, ...rest } = message;
  return {
    bytes: [...bytes],
    source: source && [...source].join('.'),
    destination: destination && [...destination].join('.'),
    ...rest,
  };
}

/** A handler that prints everything it hears under a name. */
function teller(name: string, more: Partial<SocketHandler> = {}): SocketHandler {
  return {
    received: message => fact(`${name} received`, show(message)),
    opened: () => fact(`${name} opened`, {}),
    failed: reason => fact(`${name} failed`, { reason }),
    closed: () => fact(`${name} closed`, {}),
    ...more,
  };
}

/** Resolves to the reason of refusal, or 'opened'. */
function tryOpen(kind: SocketKind): Promise<string> {
  return new Promise(resolve => {
    const socket = helper.open(kind, {
      received() {},
      opened: () => {
        socket.close();
        resolve('opened');
      },
      failed: resolve,
    });
  });
}

/** Resolves when the condition holds, or after three seconds: then what is reported tells. */
async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition() && waited < 3000; waited += 10) await sleep(10);
}

/** What /proc says of a process. */
function statusOf(pid: string): Record<string, string> {
  const text = readText(`/proc/${pid}/status`);
  const lines = text.ok ? text.value.split('\n') : [];
  const pairs = lines.map(line => line.split(/:\s+/) as [string, string]);
  return Object.fromEntries(pairs.filter(([key]) => /^(Cap|NoNewPrivs|PPid|State|VmRSS|Uid|Gid)/.test(key)));
}

/** The titles of those whose digest is another one. */
function wrongVectors(create: CreateHmac): string[] {
  return VECTORS.filter(
    ({ algorithm, key, data, digest }) => hex(create(algorithm, key)(data)) !== hex(digest),
  ).map(({ title }) => title);
}

/** Whether kedged is asked for HMACs: their channel is open. */
function isAsked(): boolean {
  const [status] = os.stat('/proc/self/fd/4');
  return status !== null && (status.mode & 0o170000) === 0o140000;
}

function packet(nextHeader: number, payload: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(40 + payload.length);
  bytes.set([0x60, 0, 0, 0, 0, payload.length, nextHeader, 33]);
  bytes.set(LOOPBACK, 8);
  bytes.set(LOOPBACK, 24);
  bytes.set(payload, 40);
  return bytes;
}

/** A message about Home Agent Address Discovery (RFC 6275 §6.5) from loopback to loopback: its checksum is right. */
function homeAgentDiscovery(type: number): number[] {
  const pseudoHeader = 1 + 1 + 8 + 58; // the ones of both addresses, length and protocol
  const sum = 0xffff - (pseudoHeader + (type << 8));
  return [type, 0, sum >> 8, sum & 0xff, 0, 0, 0, 0];
}

/** A netlink message: header and payload. */
function netlinkMessage(
  type: number,
  flags: number,
  sequence: number,
  payload: readonly number[],
): Uint8Array {
  const bytes = new Uint8Array(16 + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, true);
  view.setUint16(4, type, true);
  view.setUint16(6, flags, true);
  view.setUint32(8, sequence, true);
  bytes.set(payload, 16);
  return bytes;
}

const scenarios: Record<string, () => Promise<void> | void> = {
  async icmpv6() {
    const send = helper.open({ kind: 'raw6-send' }, teller('send'));
    helper.open({ kind: 'icmpv6', types: [145, 147] }, teller('icmpv6'));
    fact('echo', { answer: await tryOpen({ kind: 'icmpv6', types: [145, 128] }) });
    await sleep(50);
    for (const type of [146, 145]) send.send(packet(58, homeAgentDiscovery(type)), { destination: LOOPBACK });
    await sleep(50);
    send.close();
  },
  async dhcpv6() {
    const send = helper.open({ kind: 'raw6-send' }, teller('send'));
    helper.open({ kind: 'dhcpv6', address: LOOPBACK }, teller('dhcpv6'));
    // Of others on this host: on a device of theirs, and all that is to be had.
    helper.open({ kind: 'dhcpv6', address: new Uint8Array(16) }, teller('all'));
    await sleep(50);
    for (const port of [546, 547]) {
      // Without a checksum there is no datagram in IPv6: the sums of these are said.
      const sum = 0xffff - (2 + 17 + 10 + 547 + port + 10 + 0x0102);
      const datagram = [2, 0x23, port >> 8, port & 0xff, 0, 10, sum >> 8, sum & 0xff, 1, 2];
      send.send(packet(17, datagram), { destination: LOOPBACK });
    }
    await sleep(50);
    send.close();
  },
  async raw6() {
    const send = helper.open({ kind: 'raw6-send' }, teller('send'));
    for (const protocol of [43, 60, 135] as const)
      helper.open({ kind: 'raw6', protocol }, teller(`${protocol}`));
    await sleep(50);
    // No next header (59) behind an extension header without options.
    for (const protocol of [43, 60])
      send.send(packet(protocol, [59, 0, 1, 4, 0, 0, 0, 0]), { destination: LOOPBACK });
    // A Mobility Header of type 7 with the checksum that the kernel verifies.
    send.send(packet(135, [59, 0, 7, 0, 0xbd, 0x6e, 0, 0]), {
      destination: LOOPBACK,
      source: LOOPBACK,
      ifindex: 1,
    });
    // What cannot be sent is told, and the socket lives on.
    const nowhere = new Uint8Array(16).fill(0x20);
    send.send(packet(59, []), { destination: nowhere });
    await sleep(50);
    send.close();
  },

  async 'signalling only'() {
    const options = (next: number) => [next, 0, 1, 4, 0, 0, 0, 0];
    const routing = (next: number) => [next, 2, 2, 1, 0, 0, 0, 0, ...LOOPBACK];
    const payloads = {
      tcp: [6, 0],
      udp: [17, 0],
      esp: [50, 0],
      echo: [58, 128],
      'neighbour solicitation': [58, 135],
      'prefix solicitation': [58, 146],
      'mobility header': [135, 0],
    };
    const sent = Object.entries(payloads).flatMap(([name, [protocol, type]]) => {
      const payload = [type!, ...new Array<number>(23).fill(0)];
      return [
        { name, protocol: 60, bytes: [...options(protocol!), ...payload] },
        { name, protocol: 43, bytes: [...routing(protocol!), ...payload] },
        { name: `routed ${name}`, protocol: 60, bytes: [...options(43), ...routing(protocol!), ...payload] },
        {
          name: `optional ${name}`,
          protocol: 43,
          bytes: [...routing(60), ...options(protocol!), ...payload],
        },
      ];
    });
    // A kernel that takes the option hands what is behind it to the other socket as well.
    const passed: Record<number, Set<string>> = { 43: new Set(), 60: new Set() };
    for (const protocol of [43, 60] as const) {
      const received = ({ bytes }: ReceivedMessage) => {
        const found = sent.find(
          each => each.protocol === protocol && hex(Uint8Array.from(each.bytes)) === hex(bytes),
        );
        if (found !== undefined) passed[protocol]!.add(found.name);
      };
      helper.open({ kind: 'raw6', protocol }, teller(`${protocol}`, { received }));
    }
    const send = helper.open({ kind: 'raw6-send' }, teller('send'));
    await sleep(50);
    for (const { protocol, bytes } of sent) send.send(packet(protocol, bytes), { destination: LOOPBACK });
    await sleep(50);
    fact('passed', { 43: [...passed[43]!].sort(), 60: [...passed[60]!].sort() });
  },

  async netlink() {
    const RTM_NEWADDR = 20;
    const RTM_GETLINK = 18;
    let dump = 0;
    const socket = helper.open(
      { kind: 'netlink-route', groups: 1 << 8 },
      {
        ...teller('netlink'),
        received({ bytes }) {
          const view = new DataView(bytes.buffer);
          const type = view.getUint16(4, true);
          if (type === 2) fact('ack', { error: view.getInt32(16, true), flags: view.getUint16(6, true) });
          else if (type === 16) dump++;
          else if (type === RTM_NEWADDR) fact('notification', { sequence: view.getUint32(8, true) });
          else if (type === 3)
            fact(`done ${view.getUint32(8, true)}`, { links: dump, error: view.getInt32(16, true) });
        },
      },
    );
    socket.send(netlinkMessage(RTM_GETLINK, 0x301, 1, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    // ip -6 address add fd00::1/64 dev lo nodad: a notification to the group, and an acknowledgement.
    const address = [0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    socket.send(netlinkMessage(RTM_NEWADDR, 0x605, 2, [10, 64, 2, 0, 1, 0, 0, 0, 20, 0, 2, 0, ...address]));
    await sleep(50);
    // Strict checking refuses a dump request of the wrong size, with the reason in the acknowledgement.
    socket.send(netlinkMessage(RTM_GETLINK, 0x301, 3, [0]));
    await sleep(50);
  },

  async 'netlink overrun'() {
    const socket = helper.open(
      { kind: 'netlink-route', groups: 1 << 8 },
      {
        received() {},
        failed: reason => fact('failed', { reason }),
        lost: reason => fact('lost', { reason }),
      },
    );
    // Frames are handled in their order: with the next one's answer this socket is there.
    await tryOpen({ kind: 'unix-connect', path: '/etc/passwd' });
    writeText(`${directory}/ready`, '');
    // The script is deaf while addresses come: the helper stops reading, and the kernel's queue overflows.
    const limit = os.now() + 15_000;
    while (os.stat(`${directory}/done`)[1] !== 0 && os.now() < limit);
    await sleep(200);
    socket.close();
  },

  async unix() {
    const path = `${directory}/socket`;
    const listener = helper.open(
      { kind: 'unix-listen', path },
      {
        ...teller('listener'),
        accepted(connection, user) {
          fact('accepted', { user });
          return {
            received: ({ bytes }) => connection.send(bytes),
            failed: reason => fact('server failed', { reason }),
            closed: () => fact('server closed', {}),
          };
        },
      },
    );
    let echoed = 0;
    const client = helper.open(
      { kind: 'unix-connect', path },
      {
        ...teller('client', { sent: () => fact('sent', {}) }),
        received: ({ bytes }) => {
          echoed += bytes.length;
        },
      },
    );
    for (let i = 0; i < 10; i++) {
      client.send(new Uint8Array(20000));
      await sleep(5);
    }
    client.send(new Uint8Array(5), {}, true);
    await sleep(50);
    fact('echoed', { octets: echoed });
    client.close();
    await sleep(30);
    fact('second listener', { reason: await tryOpen({ kind: 'unix-listen', path }) });
    listener.close();
    await sleep(30);
    fact('after', { exists: os.stat(path)[1] === 0, connect: await tryOpen({ kind: 'unix-connect', path }) });
  },

  async ubus() {
    let octets = 0;
    const listener = {
      ...teller('listener'),
      accepted(connection: Socket) {
        connection.send(Uint8Array.of(1, 2, 3));
        return {
          received: ({ bytes }: ReceivedMessage) => {
            octets += bytes.length;
          },
          failed() {},
        };
      },
    };
    fact('before', { reason: await tryOpen({ kind: 'ubus' }) });
    helper.open({ kind: 'unix-listen', path: `${directory}/socket` }, listener);
    let ends = 0;
    const client = connectUbus(helper, {
      received: bytes => fact('client received', { bytes: [...bytes] }),
      closed: () => void ends++,
    });
    // More than the kernel's queue takes at once.
    for (let i = 0; i < 3; i++) client.send(new Uint8Array(1_000_000));
    await until(() => octets === 3_000_000);
    fact('sent', { octets, ends });
    for (let i = 0; i < 10; i++) client.send(new Uint8Array(1_000_000));
    fact('too much', { ends });
  },

  async 'slow peer'() {
    const path = `${directory}/socket`;
    helper.open(
      { kind: 'unix-listen', path },
      { received() {}, failed() {}, accepted: () => ({ received() {}, failed() {} }) },
    );
    let sent = 0;
    const client = helper.open(
      { kind: 'unix-connect', path: `${directory}/deaf` },
      teller('client', { sent: () => void sent++ }),
    );
    client.send(new Uint8Array(100), {}, true);
    await until(() => sent === 1);
    fact('little', { sent });
    // What says that the second is not taken is silence.
    // More than a quarter of the kernel's queue.
    client.send(new Uint8Array(64000), {}, true);
    await sleep(50);
    fact('much', { sent });
    for (let i = 0; i < 16; i++) client.send(new Uint8Array(64000), {}, true);
    await sleep(200);
  },

  async 'many sockets'() {
    const path = `${directory}/socket`;
    let accepted = 0;
    let closed = 0;
    const failures: string[] = [];
    helper.open(
      { kind: 'unix-listen', path },
      {
        received() {},
        failed: reason => void failures.push(reason),
        accepted: connection => {
          accepted++;
          return { received() {}, failed() {}, closed: () => connection.close() };
        },
      },
    );
    const handler = {
      received() {},
      failed: (reason: string) => void failures.push(reason),
      closed: () => void closed++,
    };
    const sockets = [];
    for (let i = 0; i < 63; i++) sockets.push(helper.open({ kind: 'unix-connect', path }, handler));
    await sleep(100);
    fact('first', { accepted, closed, failures });
    for (const socket of sockets) socket.close();
    await sleep(100);
    for (let i = 0; i < 62; i++) helper.open({ kind: 'unix-connect', path }, handler);
    await sleep(100);
    fact('again', { accepted, closed, failures: failures.length });
  },

  async paths() {
    const refused: Record<string, string> = {};
    const ways = [
      '/etc/passwd',
      `${directory}/../x`,
      `${directory}/a/b`,
      `${directory}/..`,
      `${directory}/`,
      directory,
      'x',
      '',
      '/tmp/x',
    ];
    for (const path of [
      ...ways,
      `${directory}/nul\0l`,
      `${directory}/${'x'.repeat(200)}`,
      '/run/kedgeevil/x',
    ]) {
      refused[path.replace(directory, 'D')] = await tryOpen({ kind: 'unix-listen', path });
    }
    refused.connect = await tryOpen({ kind: 'unix-connect', path: '/run/other/socket' });
    writeText(`${directory}/file`, 'text');
    fact('refused', refused);
    fact('others', {
      file: await tryOpen({ kind: 'unix-listen', path: `${directory}/file` }),
      stale: await tryOpen({ kind: 'unix-listen', path: `${directory}/stale` }),
    });
  },

  async refusals() {
    fact('refused', {
      protocol: await tryOpen({ kind: 'raw6', protocol: 6 as 60 }),
      everything: await tryOpen({ kind: 'raw6', protocol: 255 as 60 }),
    });
    const raw = helper.open({ kind: 'raw6', protocol: 60 }, teller('raw'));
    raw.send(new Uint8Array(3));
    await sleep(30);
  },

  async run() {
    const nft = (text: string) => helper.nft(text);
    const [made, listed, wrong] = await Promise.all([
      nft('table inet kedge { set s { type ipv6_addr; elements = { fd00::1 }; }; }\n'),
      nft('list tables\n'),
      nft('no such thing\n'),
    ]);
    fact('made', made);
    fact('listed', listed);
    fact('wrong', wrong);
    const elements = [];
    for (let i = 1; i <= 2500; i++) elements.push(`fd00:1111:2222:3333:4444:5555:6666:${i}`);
    const large = `table inet large {\n set s {\n type ipv6_addr\n elements = { ${elements.join(', ')} }\n }\n}\n`;
    fact('large', { octets: large.length, ...(await nft(large)) });
    const { status, text } = await nft('list set inet large s\n');
    fact('set', { status, first: text.includes('6666:1,'), octets: text.length });
    fact('too long', await nft('#'.repeat(1100000)));
    fact('after', await nft('list tables\n'));
  },

  async 'run once'() {
    const started = now().monotonic;
    const result = await helper.nft('list tables\n');
    fact('result', { ...result, took: now().monotonic - started });
  },

  async sysctl() {
    const results: Record<string, string> = {};
    const names = [
      'net/ipv6/conf/lo/accept_ra',
      'net/ipv6/conf/lo/proxy_ndp',
      'net/ipv6/conf/all/forwarding',
    ];
    const bad = ['kernel/core_pattern', 'net/ipv6/conf/../../../kernel/panic', 'net/ipv6/conf/../forwarding'];
    const odd = ['net/ipv6/conf/./forwarding', 'net/ipv6/conf//forwarding', 'net/ipv6/conf/lo/stable_secret'];
    const long = `net/ipv6/conf/${'x'.repeat(300)}/forwarding`;
    for (const name of [
      ...names,
      ...bad,
      ...odd,
      'net/ipv6/conf/nosuch/forwarding',
      'net/ipv6/conf/a b/forwarding',
      long,
    ]) {
      results[name.replace(/x{300}/, 'long')] = await helper.sysctl(name, 2).then(
        () => 'written',
        (error: Error) => error.message.replace(/^sysctl .*: /, ''),
      );
    }
    fact('results', results);
    const written = readText('/proc/sys/net/ipv6/conf/lo/accept_ra');
    fact('value', { value: written.ok && written.value.trim() });
  },

  async signals() {
    const socket = helper.open({ kind: 'unix-listen', path: `${directory}/socket` }, teller('socket'));
    helper.onSignal = number => {
      fact(`signal ${number}`, {});
      if (number === 15) {
        socket.close();
        os.setTimeout(() => exit(17), 50);
      }
    };
    await sleep(50);
    fact('ready', {});
    await sleep(5000);
  },

  async stubborn() {
    fact('ready', {});
    await sleep(20000);
  },

  async busy() {
    fact('pid', { pid: os.getpid() });
    fact('ready', {});
    for (;;);
  },

  'exit code'() {
    exit(42);
  },

  async identity() {
    const own = statusOf('self');
    fact('script', { ...own, fds: os.readdir('/proc/self/fd')[0].sort() });
    fact('helper', statusOf(own.PPid!));
    fact('raw', { reason: await tryOpen({ kind: 'raw6', protocol: 60 }) });
    fact('run', await helper.nft('list tables\n'));
    fact('sysctl', {
      reason: await helper.sysctl('net/ipv6/conf/all/forwarding', 1).then(
        () => 'written',
        (error: Error) => error.message,
      ),
    });
    fact('outside', { reason: await tryOpen({ kind: 'unix-connect', path: '/run/other/socket' }) });
    fact('listen', { reason: await tryOpen({ kind: 'unix-listen', path: `${directory}/socket` }) });
    fact('ubus', { reason: await tryOpen({ kind: 'ubus' }) });
    fact('connect', { reason: await tryOpen({ kind: 'unix-connect', path: `${directory}/socket` }) });
  },

  async flood() {
    // While the script is deaf, packets come: first many on one socket, then one on another.
    const numbers: number[] = [];
    let before = -1;
    const failed = (reason: string) => fact('failed', { reason });
    const received = ({ bytes }: ReceivedMessage) => {
      numbers.push(new DataView(bytes.buffer).getUint32(8, true));
    };
    helper.open({ kind: 'raw6', protocol: 60 }, { received, failed });
    const socket = helper.open(
      { kind: 'raw6', protocol: 43 },
      {
        received() {
          before = numbers.length;
        },
        failed,
      },
    );
    await sleep(20);
    const until = os.now() + 1200;
    while (os.now() < until);
    await sleep(300);
    const ordered = numbers.every((value, index) => index === 0 || value > numbers[index - 1]!);
    fact('received', { count: numbers.length, ordered, before });
    socket.close();
  },

  async hmac() {
    const create = helperHmac();
    fact('vectors', { wrong: wrongVectors(create), asked: isAsked() });
    const key = new Uint8Array(16);
    for (const length of [4096 - 2 - 16, 4096 - 2 - 16 + 1]) {
      const message = new Uint8Array(length);
      const right = hex(create('sha1', key)(message)) === hex(createHmac('sha1', key)(message));
      fact(`${length}`, { right, asked: isAsked() });
    }
  },

  async 'hmac of a stopped helper'() {
    const create = helperHmac();
    fact('ready', {});
    const { PPid } = statusOf('self');
    while (!statusOf(PPid!).State?.startsWith('T')) await sleep(10);
    const before = os.now();
    const wrong = wrongVectors(create);
    fact('vectors', { wrong, asked: isAsked(), milliseconds: os.now() - before });
  },

  async 'hmac in a flood'() {
    helper.open({ kind: 'raw6', protocol: 60 }, { received() {}, failed() {} });
    await sleep(20);
    const create = helperHmac();
    const until = os.now() + 1000;
    let most = 0;
    let wrong = 0;
    while (os.now() < until) {
      const before = os.now();
      wrong += wrongVectors(create).length;
      most = Math.max(most, os.now() - before);
    }
    fact('vectors', { wrong, asked: isAsked(), most });
  },

  async 'passed descriptors'() {
    let octets = 0;
    const handler: SocketHandler = {
      received({ bytes }) {
        octets += bytes.length;
      },
      failed() {},
      accepted: () => handler,
    };
    helper.open({ kind: 'unix-listen', path: `${directory}/socket` }, handler);
    await sleep(400);
    fact('octets', { octets });
    fact('another', { reason: await tryOpen({ kind: 'raw6', protocol: 60 }) });
  },

  async latency() {
    const samples: number[] = [];
    let sent = 0;
    const socket = helper.open({ kind: 'raw6-send' }, teller('send'));
    helper.open(
      { kind: 'raw6', protocol: 60 },
      {
        received() {
          samples.push(os.now() - sent);
        },
        failed() {},
      },
    );
    for (let i = 0; i < 100; i++) {
      await sleep(2);
      sent = os.now();
      socket.send(packet(60, [59, 0, 1, 4, 0, 0, 0, 0]), { destination: LOOPBACK });
    }
    await sleep(5);
    samples.sort((a, b) => a - b);
    fact('latency', { samples: samples.length, median: samples[samples.length >> 1] });
  },

  async control() {
    const path = `${directory}/control`;
    let dropped = 0;
    serveControl(
      helper,
      path,
      (request, responder) => {
        if (request.command === 'monitor') {
          for (let i = 0; i < 5000; i++) if (!responder.event({ event: i, text: 'x'.repeat(50) })) dropped++;
          fact('events dropped', { dropped });
          responder.onGone = () => fact('monitor gone', {});
          return;
        }
        if (request.command === 'one line') {
          responder.line({ text: 'x😀'.repeat(300000) });
          responder.end();
          return;
        }
        for (let i = 0; i < 20000; i++) responder.line({ i, user: responder.user, ...request });
        responder.end();
      },
      reason => fact('serve failed', { reason }),
    );
    let lines = 0;
    let ordered = true;
    await requestControl(helper, path, { command: 'bindings', text: 'Grüße' }, value => {
      ordered &&= value.i === lines++ && value.text === 'Grüße';
    });
    fact('bindings', { lines, ordered });
    let longest = '';
    await requestControl(helper, path, { command: 'one line' }, value => {
      longest = value.text as string;
    });
    fact('one line', { whole: longest === 'x😀'.repeat(300000) });
    let events = 0;
    const monitor = helper.open(
      { kind: 'unix-connect', path },
      {
        received: ({ bytes }) => {
          for (const byte of bytes) if (byte === 10) events++;
        },
        failed() {},
      },
    );
    const text = (value: string) => Uint8Array.from(value, character => character.charCodeAt(0));
    monitor.send(text('{"command":'));
    await sleep(20);
    monitor.send(text('"monitor"}\n'));
    await until(() => dropped > 0 && dropped + events === 5000);
    fact('events', { events });
    monitor.close();
    await sleep(50);
    const answers: string[] = [];
    for (const line of ['[1]\n', 'x\n', `${' '.repeat(20000)}\n`]) {
      const before = answers.length;
      const odd = helper.open(
        { kind: 'unix-connect', path },
        {
          received: ({ bytes }) => void answers.push(String.fromCharCode(...bytes)),
          failed() {},
        },
      );
      odd.send(text(line));
      await until(() => answers.length > before);
    }
    fact('odd requests', { answers });
    fact('nobody', {
      reason: await requestControl(helper, `${directory}/nobody`, {}, () => {}).catch(
        (error: Error) => error.message,
      ),
    });
  },

  async files() {
    const at = `${directory}/deep/er`;
    fact('files', {
      made: makeDirectory(at),
      again: makeDirectory(at),
      written: writeText(`${at}/f`, 'Grüße €😀\n', 0o640),
      appended: appendText(`${at}/f`, 'more\n'),
      read: readText(`${at}/f`),
      mode: (os.stat(`${at}/f`)[0]!.mode & 0o777).toString(8),
      limit: readText(`${at}/f`, 5),
      rewritten: writeText(`${at}/f`, 'new'),
      reread: readText(`${at}/f`),
      names: os.readdir(at)[0].filter(name => !name.startsWith('.')),
      missing: readText(`${at}/none`),
      nowhere: writeText('/nowhere/f', ''),
      removed: removeFile(`${at}/f`),
      gone: removeFile(`${at}/f`),
    });
  },

  async timers() {
    const early: number[] = [];
    for (let i = 0; i < 20; i++) {
      const at = now().monotonic + 3 + i * 0.37;
      await new Promise<void>(resolve => {
        const timer = new Timer(() => {
          early.push(now().monotonic - at);
          resolve();
        });
        timer.set(at + 1000);
        timer.set(at);
      });
    }
    let fired = 0;
    const off = new Timer(() => fired++);
    off.set(now().monotonic + 5);
    off.set(undefined);
    await sleep(20);
    fact('timers', { least: Math.min(...early), most: Math.max(...early), fired });
  },

  async syslog() {
    const log = createLog(
      () => 'info',
      syslogSink(helper, (level, text) => fact('fallback', { level, text })),
    );
    await sleep(50);
    log('debug', 'not this');
    log('warning', 'uplink\nlte is down');
    await sleep(100);
  },
};

const start = scenarios[scenario];
if (!start) exit(2);
// Not a top-level await: QuickJS polls after each single job while it waits for the module's end.
Promise.resolve(start()).then(
  () => exit(0),
  (error: Error) => {
    printError(`${error.message}\n${error.stack}`);
    exit(1);
  },
);
