/** The parts of QuickJS's `std` and `os` modules that the lab uses. Times are in milliseconds. */
declare module 'std' {
  interface File {
    puts(text: string): void;
    flush(): void;
    readAsString(): string;
    /** Returns the number of octets. */
    read(buffer: ArrayBuffer, offset: number, length: number): number;
    close(): number;
  }
  export const out: File;
  export const err: File;
  export function open(path: string, mode: string): File | null;
  export function loadFile(path: string): string | null;
  export function exit(status: number): never;
  export function getenviron(): Record<string, string>;
}

declare module 'os' {
  export const O_WRONLY: number;
  export const O_CREAT: number;
  export const O_APPEND: number;
  export const O_RDONLY: number;
  export const SIGCHLD: number;
  export const SIGPIPE: number;
  export const SIGTERM: number;
  export const WNOHANG: number;
  /** CLOCK_MONOTONIC. */
  export function now(): number;
  export function setTimeout(callback: () => void, delay: number): object;
  export function clearTimeout(timer: object): void;
  export function open(path: string, flags: number, mode?: number): number;
  export function close(fd: number): number;
  export function read(fd: number, buffer: ArrayBuffer, offset: number, length: number): number;
  export function write(fd: number, buffer: ArrayBuffer, offset: number, length: number): number;
  export function pipe(): [number, number] | null;
  export function setReadHandler(fd: number, handler: (() => void) | null): void;
  export function signal(signal: number, handler: (() => void) | null | undefined): void;
  export function kill(pid: number, signal: number): number;
  export function waitpid(pid: number, options: number): [number, number];
  export function mkdir(path: string, mode?: number): number;
  /** The names in a directory, and an error number. */
  export function readdir(path: string): [string[], number];
  export function exec(
    command: string[],
    options: {
      block?: boolean;
      usePath?: boolean;
      cwd?: string;
      stdin?: number;
      stdout?: number;
      stderr?: number;
      env?: Record<string, string>;
    },
  ): number;
}
