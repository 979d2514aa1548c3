/** Small configurations in order, to be spoiled by the tests. */
import { loadConfig } from '../../../src/uci/config.ts';

export const noFile = () => undefined;
export const load = (text: string, readFile: (path: string) => string | undefined = noFile) =>
  loadConfig({ file: '/etc/config/kedge', text }, readFile);

export const KEY = '0x000102030405060708090a0b0c0d0e0f';
export const ROUTER = `config mobile_router 'van'
	option home_address '2001:db8:1::1'
	option home_agent '2001:db8::1'
	list prefix '2001:db8:1::/48'
	option spi '300'
	option key '${KEY}'
`;
/** Another router with the same home agent. */
export const BUS = `config mobile_router 'bus'
	option home_address '2001:db8:2::1'
	option home_agent '2001:db8::1'
	list prefix '2001:db8:2::/48'
	option spi '301'
	option key '${KEY}'
`;
export const UPLINKS = `config uplink 'lte'
	option device 'wwan0'
config uplink 'wifi'
	option device 'wlan0'
`;
export const AGENT = `config home_agent 'anchor'
	option address '2001:db8::1'
`;
export const PEER = `config peer 'van'
	option home_address '2001:db8:1::1'
	list prefix '2001:db8:1::/48'
	option spi '300'
	option key '${KEY}'
`;

/** The lines of `text` with `line` (from 1) replaced; several lines may replace it. */
export const edit = (text: string, line: number, replacement: string) =>
  text
    .split('\n')
    .map((old, index) => (index + 1 === line ? replacement : old))
    .join('\n');

export const BASE = ROUTER + UPLINKS;
export const ANCHOR = AGENT + PEER;
export const withOption = (option: string) => edit(BASE, 6, `\toption key '${KEY}'\n\t${option}`);
export const SECOND_PEER = `config peer 'bus'
	option home_address '2001:db8:2::1'
	list prefix '2001:db8:2::/48'
	option spi '301'
	option key '${KEY}'
`;
