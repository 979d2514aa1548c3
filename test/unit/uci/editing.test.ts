import { describe, expect, it } from 'vitest';
import { freeName, withSections } from '../../../src/uci/editing.ts';

describe('sections put into a file', () => {
  const FILE = `# mine
config globals
	option log_level 'info'  # loud

config 'mobile_router' "van"
	option home_address '::1'
	option spi '7'
	list prefix 'a'
	list prefix 'b'
	option probe 'it'\\''s'

config uplink 'lte'
	option device 'wwan0'
`;

  it('stand at its end, and change nothing else', () => {
    const section = {
      type: 'peer',
      name: 'x',
      options: [
        ['a', "it's"],
        ['b', ['1', '2']],
        ['c', []],
      ],
    } as const;
    const text = "config peer 'x'\n\toption a 'it'\\''s'\n\tlist b '1'\n\tlist b '2'\n";
    expect(withSections(FILE, [section])).toBe(`${FILE}\n${text}`);
    expect(withSections('', [section])).toBe(text);
    expect(withSections('\n', [section, { ...section, name: 'y' }])).toBe(
      `${text}\n${text.replace("'x'", "'y'")}`,
    );
  });

  it('take the place of those of the same type and name, and keep the options that are not replaced', () => {
    const section = { type: 'mobile_router', name: 'van', options: [['home_address', '::2']] } as const;
    expect(withSections(FILE, [section], ['spi', 'prefix'])).toBe(
      FILE.replace(
        /config 'mobile.*?\n\n/s,
        "config mobile_router 'van'\n\toption home_address '::2'\n\toption probe 'it'\\''s'\n\n",
      ),
    );
    const again = withSections(withSections(FILE, [section]), [section]);
    expect(again).toBe(withSections(FILE, [section]));
    expect(again).toContain("\tlist prefix 'a'\n\tlist prefix 'b'\n");
  });

  it('have names that are free', () => {
    const sections = [{ name: 'eth0_2' }, { name: 'eth0_22' }, { name: undefined }];
    expect(freeName('Eth0.2', 11, [])).toBe('eth0_2');
    expect(freeName('eth0.2', 11, sections)).toBe('eth0_23');
    expect(freeName('a-long-device', 11, [{ name: 'a_long_devi' }])).toBe('a_long_dev2');
  });
});
