/** Whether packets can go without the detour over a home agent: that takes the Mobile IPv6 of the kernel. */
import { fileExists, readText } from '../host/file.ts';

const NO_MIP6 = 'this kernel has no Mobile IPv6 (CONFIG_IPV6_MIP6)';
/** What nobody sets up must not be promised to mobile nodes. */
const NOT_SET_UP = "the kernel's Mobile IPv6 is there, but this version of kedge does not set it up";
/** Where a distribution or OpenWrt puts the module; the list of all modules would take long to read at each start. */
const FOLDERS = ['kernel/net/ipv6', '.', 'updates', 'extra'];
const COMPRESSIONS = ['', '.xz', '.zst', '.gz'];

/** Why they cannot, in words. */
export function directPathObstacle(): string {
  return hasMip6() ? NOT_SET_UP : NO_MIP6;
}

function hasMip6(): boolean {
  const release = textOf('/proc/sys/kernel/osrelease').trim();
  return (
    /^mip6 /m.test(textOf('/proc/modules')) ||
    textOf(`/lib/modules/${release}/modules.builtin`).includes('/mip6.ko') ||
    FOLDERS.some(folder =>
      COMPRESSIONS.some(end => fileExists(`/lib/modules/${release}/${folder}/mip6.ko${end}`)),
    )
  );
}

function textOf(path: string): string {
  const text = readText(path);
  return text.ok ? text.value : '';
}
