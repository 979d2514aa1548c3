/** Whether packets can go without the detour over a home agent: that takes the Mobile IPv6 of the kernel. */
import { readText } from '../host/file.ts';

const NO_MIP6 = 'this kernel has no Mobile IPv6 (CONFIG_IPV6_MIP6)';
/** What nobody sets up must not be promised to mobile nodes. */
const NOT_SET_UP = "the kernel's Mobile IPv6 is there, but this version of kedge does not set it up";
const LIMIT = 16 * 1024 * 1024;

/** Why they cannot, in words. */
export function directPathObstacle(): string {
  return hasMip6() ? NOT_SET_UP : NO_MIP6;
}

function hasMip6(): boolean {
  const release = textOf('/proc/sys/kernel/osrelease').trim();
  return (
    /^mip6 /m.test(textOf('/proc/modules')) ||
    textOf(`/lib/modules/${release}/modules.builtin`).includes('/mip6.ko') ||
    textOf(`/lib/modules/${release}/modules.dep`).includes('/mip6.ko')
  );
}

function textOf(path: string): string {
  const text = readText(path, LIMIT);
  return text.ok ? text.value : '';
}
