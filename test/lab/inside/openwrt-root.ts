/** A host whose programs come from a root file system that is laid out as OpenWrt's, and kedge's packages in it. */
import * as std from 'std';
import { sleep } from './clock.ts';
import { CHECKOUT, LABTOOL, must, run } from './process.ts';
import { isSettled, type RouterStatus } from './stage.ts';

const ROOT = '/run/openwrt';
const PACKAGES = `${CHECKOUT}/build/packages`;

export class OpenWrtRoot {
  private constructor(
    readonly host: string,
    readonly isReal: boolean,
  ) {}

  /**
   * @param host a host of the network, of which there is one such in the lab
   * @param openwrt the root file system of an OpenWrt, whose ubusd and procd then run; else a stand-in is in their place
   */
  static async make(host: string, openwrt?: string): Promise<OpenWrtRoot> {
    await must([`${CHECKOUT}/test/lab/openwrt/make-root`, ROOT, openwrt ?? '']);
    await must(['sh', '-c', `cp ${PACKAGES}/*.ipk ${ROOT}/tmp`]);
    const root = new OpenWrtRoot(host, openwrt !== undefined);
    if (root.isReal) {
      const inBackground = (command: string) => `${command} </dev/null >/tmp/stderr 2>&1 & sleep 1`;
      await root.shell(`${inBackground('ubusd')}; ${inBackground('procd -S')}; reload_config`);
    }
    return root;
  }

  /** Replaces a service's configuration as LuCI does, which writes by root for root and tells procd, or what stands in for it. */
  async configure(service: string, text: string): Promise<void> {
    const file = `/etc/config/${service}`;
    this.write(file, text);
    const tell = this.isReal ? 'reload_config; sleep 1.5' : `/etc/init.d/${service} reload`;
    await this.shell(`chown root:root ${file}; chmod 600 ${file}; ${tell}`);
  }

  /** The configurations on whose change procd calls the service's reload. */
  async reloadTriggers(service: string): Promise<string[]> {
    if (!this.isReal) return (await this.shell(`cat /var/run/procd/${service}/reload-trigger`)).split('\n');
    const list = await this.shell(`ubus call service list '{"name":"${service}","verbose":true}'`);
    const { triggers } = JSON.parse(list)[service];
    return triggers.map(([, [, [, , name]]]: [string, [string, string[]]]) => name);
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
