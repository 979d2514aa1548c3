/** A host whose programs come from a root file system that is laid out as OpenWrt's, and kedge's packages in it. */
import * as std from 'std';
import { sleep } from './clock.ts';
import { CHECKOUT, LABTOOL, must, run } from './process.ts';
import { isSettled, type RouterStatus } from './stage.ts';

const ROOT = '/run/openwrt';
const PACKAGES = `${CHECKOUT}/build/packages`;

export class OpenWrtRoot {
  private constructor(readonly host: string) {}

  /** @param host a host of the network, of which there is one such in the lab */
  static async make(host: string): Promise<OpenWrtRoot> {
    await must([`${CHECKOUT}/test/lab/openwrt/make-root`, ROOT]);
    await must(['sh', '-c', `cp ${PACKAGES}/*.ipk ${ROOT}/tmp`]);
    return new OpenWrtRoot(host);
  }

  /** Runs a line of its shell, which must succeed; returns the standard output without the last line's end. */
  async shell(line: string): Promise<string> {
    return (await must(this.#command(line))).trimEnd();
  }

  /** The exit status of a line of its shell. */
  async status(line: string): Promise<number> {
    return (await run(this.#command(line))).status;
  }

  write(path: string, text: string): void {
    const file = std.open(`${ROOT}${path}`, 'w');
    if (!file) throw new Error(`cannot write ${path}`);
    file.puts(text);
    file.close();
  }

  read(path: string): string {
    return std.loadFile(`${ROOT}${path}`) ?? '';
  }

  /** Waits until every uplink is alive and the given one carries the traffic, 20 s of the lab's clock at most. */
  async settled(active: string): Promise<void> {
    for (let waited = 0; waited < 20_000; waited += 100) {
      const { status, stdout } = await run(this.#command('kedge status --json'));
      if (status === 0 && isSettled(JSON.parse(stdout) as RouterStatus, active)) return;
      await sleep(100);
    }
    const { stdout, stderr } = await run(
      this.#command('ps w; kedge status; cat /tmp/log/messages /tmp/stderr'),
    );
    throw new Error(`kedge on ${this.host} did not come to use ${active}:\n${stdout}${stderr}`);
  }

  #command(line: string): string[] {
    const environment = ['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root'];
    return [LABTOOL, 'in', this.host, ...environment, 'chroot', ROOT, '/bin/sh', '-c', line];
  }
}
