import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/uci/config.ts';
import { parseAddress, parsePrefix } from '../../../src/wire/address.ts';

const load = (text: string) => loadConfig({ file: 'kedge', text }, () => undefined);

const ROUTER = `
config mobile_router 'van'
	option home_address '2001:db8:f00::1'
	option home_agent '2001:db8:a::1'
	option auth 'none'
`;
const UPLINK = `
config uplink 'lte'
	option device 'wwan0'
`;

describe('route optimisation of a mobile router', () => {
  const read = (more = '') => load(ROUTER + more + UPLINK).config!.mobileRouters[0]!.routeOptimization;

  it('[RFC 6275 §8.5] is on by default', () => {
    expect(read()).toEqual({ correspondents: [], after: 0, except: [] });
  });

  it('[RFC 6275 §8.5] can be switched off', () => {
    expect(read("\toption route_optimization '0'\n")).toBeUndefined();
  });

  it('names correspondents', () => {
    expect(read("\tlist correspondent '2001:db8:cc::5'\n")).toMatchObject({
      correspondents: [parseAddress('2001:db8:cc::5')],
    });
  });

  it('[RFC 6275 §11.7.2] says whose traffic makes correspondents, and whose does not', () => {
    const options = "\toption direct_after '100'\n\tlist direct_except '2001:db8:ee::/48'\n";
    expect(read(options)).toMatchObject({ after: 100, except: [parsePrefix('2001:db8:ee::/48')] });
    expect(load(`${ROUTER}\toption direct_after '-1'\n${UPLINK}`).faults).toHaveLength(1);
  });

  it.each(['ff02::1', 'fe80::1', '::'])('%s is no correspondent', text => {
    expect(load(`${ROUTER}\tlist correspondent '${text}'\n${UPLINK}`).faults).toHaveLength(1);
  });
});

describe('a correspondent', () => {
  const read = (more = '') => load(`config correspondent 'server'\n${more}`);

  it('[RFC 6275 §8.2] is there when the configuration has the section, and not otherwise', () => {
    expect(read().config!.correspondent).toEqual({
      name: 'server',
      mobileNodes: [],
      maxBindings: 1000,
      maxFlows: 16,
      multiple: true,
    });
    expect(read("\toption enabled '0'\n").config!.correspondent).toBeUndefined();
    expect(load('').config!.correspondent).toBeUndefined();
  });

  it('may be for some mobile nodes, some bindings, and one care-of address each', () => {
    const options = ["list mobile_node '2001:db8:f00::/40'", "option max_bindings '5'", "option several '0'"];
    expect(read(options.map(line => `\t${line}\n`).join('')).config!.correspondent).toEqual({
      name: 'server',
      mobileNodes: [parsePrefix('2001:db8:f00::/40')],
      maxBindings: 5,
      maxFlows: 16,
      multiple: false,
    });
  });

  it('is one at a time', () => {
    expect(read("config correspondent 'other'\n").faults).toHaveLength(1);
  });
});
