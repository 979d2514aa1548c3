/** The part of QuickJS's built-in modules that kedge uses. */

declare module 'std' {
  interface File {
    puts(text: string): void;
    flush(): void;
    close(): number;
    getline(): string | null;
    readAsString(maximum?: number): string;
  }
  export const err: File;
  export const out: File;
  const input: File;

  export { input as in };
  export function exit(status: number): never;
  export function getenv(name: string): string | undefined;
  export function strerror(errno: number): string;
  /** The memory that cycles hold is freed now instead of some time later. */
  export function gc(): void;
}

declare module 'os' {
  /** Descriptor, or the negative error number. */
  export function open(path: string, flags: number, mode?: number): number;
  export function close(fd: number): number;
  /** Octets moved, or the negative error number. */
  export function read(fd: number, buffer: ArrayBufferLike, offset: number, length: number): number;
  export function write(fd: number, buffer: ArrayBufferLike, offset: number, length: number): number;
  export function isatty(fd: number): boolean;
  export function ttyGetWinSize(fd: number): [columns: number, rows: number] | null;
  /** Zero, or the negative error number. */
  export function remove(path: string): number;
  export function rename(from: string, to: string): number;
  export function mkdir(path: string, mode?: number): number;
  export function readdir(path: string): [names: string[], errno: number];
  export function stat(
    path: string,
  ): [status: { mode: number; size: number; mtime: number } | null, errno: number];
  export function setReadHandler(fd: number, handler: (() => void) | null): void;
  export function setWriteHandler(fd: number, handler: (() => void) | null): void;
  export function signal(number: number, handler: (() => void) | null | undefined): void;
  export interface Timer {
    readonly timer: unique symbol;
  }
  export function setTimeout(handler: () => void, milliseconds: number): Timer;
  export function clearTimeout(timer: Timer): void;
  /** CLOCK_MONOTONIC in milliseconds, with a fraction. */
  export function now(): number;
  export function getpid(): number;
  export const O_RDONLY: number;
  export const O_WRONLY: number;
  export const O_RDWR: number;
  export const O_APPEND: number;
  export const O_CREAT: number;
  export const O_EXCL: number;
  export const O_TRUNC: number;
  export const SIGINT: number;
  export const SIGTERM: number;
}

/** The command line after the script's own name, which is first. */
declare const scriptArgs: string[];
