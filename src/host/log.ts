/**
 * The log: one line an event, with a level. What is logged are readable sentences that contain no secrets by their
 * origin; here they only lose control characters and excess length.
 */
import * as os from 'os';
import * as std from 'std';
import type { Level } from '../engine/types.ts';
import { encodeUtf8 } from '../wire/utf8.ts';
import type { Helper } from './helper.ts';

/** Severities of RFC 5424 §6.2.1. */
const SEVERITY: Record<Level, number> = { error: 3, warning: 4, notice: 5, info: 6, debug: 7 };
const FACILITY_DAEMON = 3;
const TEXT_MAX = 1000;

export type LogSink = (level: Level, text: string) => void;

/** Passes on what is at least as severe as `least`. */
export function createLog(least: () => Level, sink: LogSink): LogSink {
  return (level, text) => {
    if (SEVERITY[level] > SEVERITY[least()]) return;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal
    sink(level, text.slice(0, TEXT_MAX).replace(/[\x00-\x1f\x7f-\x9f]/g, '?'));
  };
}

/** Standard error: plain on a terminal or in a file, with `<severity>` in front when systemd's journal reads it. */
export function stderrSink(): LogSink {
  const journal = std.getenv('JOURNAL_STREAM') !== undefined && !os.isatty(2);
  return (level, text) => {
    std.err.puts(journal ? `<${SEVERITY[level]}>${text}\n` : `kedge: ${level}: ${text}\n`);
    std.err.flush();
  };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The time stamp of RFC 3164 §4.1.2. */
function syslogTime(date: Date): string {
  const two = (value: number) => `${value}`.padStart(2, '0');
  const day = `${date.getDate()}`.padStart(2, ' ');
  return `${MONTHS[date.getMonth()]} ${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/**
 * The system log by /dev/log, with facility and severity: what procd and syslogd keep apart by level. While it cannot be
 * reached, `fallback` gets the lines; a later line tries again.
 */
export function syslogSink(helper: Helper, fallback: LogSink): LogSink {
  const open = () =>
    helper.open(
      { kind: 'syslog' },
      {
        received() {},
        failed: reason => {
          if (!told) fallback('warning', `system log: ${reason}`);
          told = true;
        },
        closed() {
          usable = false;
        },
      },
    );
  let usable = true;
  let told = false;
  let socket = open();
  return (level, text) => {
    if (!usable) {
      fallback(level, text);
      usable = true;
      socket = open();
      return;
    }
    const priority = FACILITY_DAEMON * 8 + SEVERITY[level];
    socket.send(encodeUtf8(`<${priority}>${syslogTime(new Date())} kedge[${os.getpid()}]: ${text}`));
  };
}
