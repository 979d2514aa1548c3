/** The brokers that the tests of the client run against: the one of this directory, and the real one where there is one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Broker } from './broker.ts';

export interface Bus {
  readonly path: string;
  start(): Promise<void>;
  /** Ends all connections. */
  stop(): Promise<void>;
}

function newPath(): string {
  const directory = mkdtempSync(join(tmpdir(), 'kedge-ubus-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'ubus.sock');
}

export function stoodInBus(): Bus {
  const path = newPath();
  const sockets = new Set<Socket>();
  let server: Server;
  return {
    path,
    start() {
      const broker = new Broker();
      server = createServer(socket => {
        sockets.add(socket);
        const client = broker.connect(octets => void socket.write(octets));
        socket.on('data', data => client.received(new Uint8Array(data)));
        socket.on('error', () => {});
        socket.on('close', () => {
          sockets.delete(socket);
          client.closed();
        });
      });
      return new Promise(resolve => server.listen(path, resolve));
    },
    stop() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      return closed;
    },
  };
}

/** `file` below the root of an OpenWrt, as a command that runs here. */
export function openwrtCommand(root: string, file: string): readonly string[] {
  const libraries = [join(root, 'lib'), join(root, 'usr/lib')].join(':');
  const loader = join(root, 'lib/ld-musl-x86_64.so.1');
  return existsSync(loader)
    ? [loader, '--library-path', libraries, join(root, file)]
    : ['/usr/bin/env', `LD_LIBRARY_PATH=${libraries}`, join(root, file)];
}

export function realBus(root: string): Bus {
  const path = newPath();
  let daemon: ChildProcess;
  return {
    path,
    async start() {
      const [program = '', ...words] = openwrtCommand(root, 'sbin/ubusd');
      daemon = spawn(program, [...words, '-s', path], { stdio: 'inherit' });
      while (!existsSync(path)) await new Promise(resolve => setTimeout(resolve, 10));
    },
    stop() {
      const ended = new Promise<void>(resolve => daemon.on('exit', () => resolve()));
      daemon.kill();
      return ended.then(() => rmSync(path, { force: true }));
    },
  };
}
