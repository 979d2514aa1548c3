/** Files: small, read whole, written whole. Reasons are the system's own words. */
import * as os from 'os';
import * as std from 'std';
import { decodeUtf8, encodeUtf8 } from '../wire/utf8.ts';

export type FileResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

function failure(result: number): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason: std.strerror(-result) };
}

/** The text of a UTF-8 file of at most `limit` octets. */
export function readText(path: string, limit = 1024 * 1024): FileResult<string> {
  const octets = readOctets(path, limit);
  return octets.ok ? { ok: true, value: decodeUtf8(octets.value) } : octets;
}

/** The content of a file of at most `limit` octets. */
export function readOctets(path: string, limit: number): FileResult<Uint8Array> {
  const fd = os.open(path, os.O_RDONLY);
  if (fd < 0) return failure(fd);
  const parts: Uint8Array[] = [];
  let total = 0;
  let result: number;
  do {
    const part = new Uint8Array(16384);
    result = os.read(fd, part.buffer, 0, part.length);
    if (result > 0) parts.push(part.subarray(0, result));
    total += Math.max(result, 0);
  } while (result > 0 && total <= limit);
  os.close(fd);
  if (result < 0) return failure(result);
  if (total > limit) return { ok: false, reason: `longer than ${limit} octets` };
  const whole = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return { ok: true, value: whole };
}

function write(path: string, flags: number, text: string, mode: number): FileResult<void> {
  const fd = os.open(path, os.O_WRONLY | os.O_CREAT | flags, mode);
  if (fd < 0) return failure(fd);
  const bytes = encodeUtf8(text);
  let at = 0;
  let result = 0;
  while (at < bytes.length) {
    result = os.write(fd, bytes.buffer, at, bytes.length - at);
    if (result <= 0) break;
    at += result;
  }
  os.close(fd);
  return result < 0 ? failure(result) : { ok: true, value: undefined };
}

/**
 * Replaces the file: a reader, and a restart after a crash of the process, sees the old or the new text, never a part.
 * (It is not synchronised to the disk: kedge's files live in memory file systems.) `mode` is that of the new file.
 */
export function writeText(path: string, text: string, mode = 0o600): FileResult<void> {
  const temporary = `${path}.new`;
  os.remove(temporary);
  const written = write(temporary, os.O_EXCL, text, mode);
  const renamed = written.ok ? os.rename(temporary, path) : 0;
  if (!written.ok || renamed < 0) os.remove(temporary);
  return renamed < 0 ? failure(renamed) : written;
}

/** Appends to a file, which is made when missing. */
export function appendText(path: string, text: string, mode = 0o600): FileResult<void> {
  return write(path, os.O_APPEND, text, mode);
}

/** The file takes the place of one that may be there, at once. */
export function renameFile(from: string, to: string): FileResult<void> {
  const result = os.rename(from, to);
  return result < 0 ? failure(result) : { ok: true, value: undefined };
}

/** Makes a directory and those above it. One that exists already is fine. */
export function makeDirectory(path: string, mode = 0o750): FileResult<void> {
  const parts = path.split('/');
  for (let i = 2; i < parts.length; i++) os.mkdir(parts.slice(0, i).join('/'), mode);
  const result = os.mkdir(path, mode);
  return result < 0 && !fileExists(path) ? failure(result) : { ok: true, value: undefined };
}

export function fileExists(path: string): boolean {
  return os.stat(path)[1] === 0;
}

/** Removes a file. One that does not exist is fine. */
export function removeFile(path: string): FileResult<void> {
  const result = os.remove(path);
  return result < 0 && fileExists(path) ? failure(result) : { ok: true, value: undefined };
}
