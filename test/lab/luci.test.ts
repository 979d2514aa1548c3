/**
 * LuCI's pages of kedge in Chromium, with what the real daemons have answered in the lab. Where LUCI_ROOT names a checkout of
 * LuCI its own JavaScript shows them too, else only the stand-in of test/browser/luci. Pictures are in results/luci.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodePairing } from '../../src/uci/pairing.ts';
import { parseAddress, parsePrefix } from '../../src/wire/address.ts';
import { LuciBrowser } from '../browser/browser.ts';
import { type Answers, recorded } from '../browser/recorded.ts';
import { Router } from '../browser/router.ts';
import { addSection, append, apply, choose, dragAbove, enter, press, save, tick } from '../browser/user.ts';
import { CHECKOUT, runScenario, type ScenarioResult, theRecord } from './runner/scenario.ts';

const PICTURES = 'results/luci';
/** `PACE=1 README_PICTURE=docs/overview.png` draws the one of the readme, preferably with LUCI_ROOT. */
const README_PICTURE = {
  path: process.env.README_PICTURE ?? `${PICTURES}/readme.png`,
  clip: { x: 0, y: 0, width: 1000, height: 672 },
};
const COLOURS = ['light', 'dark'] as const;
/** Pixels of a desk's screen. */
const DESK = 1280;
const PAGES = {
  overview: 'status/kedge',
  pairing: 'network/kedge/pairing',
  uplinks: 'network/kedge/uplinks',
  flows: 'network/kedge/flows',
  anchor: 'network/kedge/anchor',
  advanced: 'network/kedge/advanced',
  tile: 'status/overview',
  interfaces: 'network/network',
};

const LINE = encodePairing({
  name: 'van',
  homeAddress: parseAddress('2001:db8:f00::1')!,
  homeAgents: [parseAddress('2001:db8:a::1')!],
  prefixes: [parsePrefix('2001:db8:f00::/56')!],
  auth: { kind: 'rfc4285', spi: 300, key: new Uint8Array(16).fill(0x5a), replay: 'timestamp' },
  identifier: undefined,
  dialect: {},
});
const PAIRED = `config mobile_router 'van'
\toption home_address '2001:db8:f00::1'
\tlist home_agent '2001:db8:a::1'
\tlist prefix '2001:db8:f00::/56'
\toption spi '300'
\toption key_file '/etc/kedge/van.key'

config uplink 'wan'
\toption interface 'wan'
`;

interface Moment {
  readonly answers: Answers;
  readonly preferred: unknown;
}

/** What the flows of two orders of the configuration counted. */
interface Order {
  readonly reordered: string;
  readonly asConfigured: Readonly<Record<string, number>>;
  readonly asReordered: Readonly<Record<string, number>>;
}

let played: ScenarioResult;
const moment = (name: string) => theRecord<Moment & { record: string }>(played, name);
const configuration = () => theRecord<{ text: string }>(played, 'configuration').text;

beforeAll(async () => {
  const params = { pace: Number(process.env.PACE ?? 0.3) };
  played = await runScenario('pages', { time: 'virtual', programs: ['openwrt'], params });
  mkdirSync(PICTURES, { recursive: true });
}, 120_000);

/** A router whose daemon answers as it did at a moment of the lab. */
function routerAt(name: string | undefined, config = configuration()): Router {
  let now = name === undefined ? undefined : moment(name);
  const router: Router = new Router(
    config,
    recorded(
      () => now?.answers,
      path => router.files.get(path)?.text,
      () => {
        now = moment('preferred');
        return now.preferred;
      },
    ),
  );
  return router;
}

/** What `kedge check` says of the router's configuration and files. */
function check({ config, files }: Router): string {
  const directory = mkdtempSync(join(tmpdir(), 'kedge-'));
  chmodSync(directory, 0o755);
  for (const [path, { text }] of files)
    writeFileSync(join(directory, path.slice('/etc/kedge/'.length)), text);
  const file = join(directory, 'kedge');
  writeFileSync(file, config.replaceAll('/etc/kedge/', `${directory}/`));
  try {
    const said = execFileSync(join(CHECKOUT, 'dist/kedge'), ['check', file], { stdio: 'pipe' }).toString();
    return said.trim().replace(file, 'kedge');
  } catch (error) {
    return (error as { stderr: Buffer }).stderr.toString();
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function pages(luci: string | undefined): void {
  let browser: LuciBrowser;
  beforeAll(async () => {
    browser = await LuciBrowser.open(routerAt('driving'), luci);
  });
  afterAll(() => browser?.close());

  const picture = (page: Page, name: string) => {
    const path = join(PICTURES, `${name}${luci === undefined ? '' : '-luci'}.png`);
    return page.screenshot({ path, fullPage: true, animations: 'disabled' });
  };
  /** A page of a router, and what it has complained about in the end: nothing. */
  async function use(router: Router, width: number, act: (page: Page) => Promise<void>): Promise<void> {
    browser.router = router;
    browser.complaints.length = 0;
    const page = await browser.newPage(width);
    await act(page);
    await page.close();
    expect(browser.complaints).toEqual([]);
  }

  test.each([1280, 390])('every page fits %d pixels, light and dark, and none complains', width =>
    use(routerAt('driving'), width, async page => {
      for (const [name, path] of Object.entries(PAGES)) {
        await browser.visit(page, path);
        const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect(overflow, `${name}: pixels beyond the right edge`).toBeLessThanOrEqual(0);
        for (const colour of COLOURS) {
          await browser.paint(page, colour);
          await picture(page, `${name}-${width}-${colour}`);
        }
      }
    }),
  );

  test.each([1280, 390])('the overview of an anchor fits %d pixels', width =>
    use(routerAt('anchor'), width, async page => {
      await browser.visit(page, PAGES.overview);
      await page.getByText('Mobile routers of the anchor').waitFor();
      await page.getByText('udp source port 8554').waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      await picture(page, `overview-anchor-${width}`);
    }),
  );

  test('a user adds an uplink', () =>
    use(routerAt('driving'), DESK, async page => {
      const { router } = browser;
      await browser.visit(page, PAGES.uplinks);
      await addSection(page, 'dsl', 'Add uplink');
      await enter(page, 'max_rtt', '300');
      // It lacks its interface: the dialog says so and stays.
      await press(page, 'Save');
      await page
        .locator('.modal .kedge-faults')
        .getByText("uplink 'dsl': expected either option interface")
        .waitFor();
      expect(router.changes).toEqual([]);
      await choose(page, 'interface', 'dsl');
      await save(page);
      await apply(page);
      expect(router.applied).toEqual([
        ['add', 'dsl', 'uplink'],
        ['set', 'dsl', 'interface', 'dsl'],
        ['set', 'dsl', 'max_rtt', '300'],
      ]);
      expect(check(router)).toBe('kedge: in order');
    }));

  test('a user adds a flow', () =>
    use(routerAt('driving'), DESK, async page => {
      const { router } = browser;
      await browser.visit(page, PAGES.flows);
      await addSection(page, 'backup', 'Add flow');
      await append(page, 'src', '2001:db8:101::20');
      await append(page, 'proto', 'tcp');
      await append(page, 'dest_port', '22');
      await append(page, 'dest_port', '873');
      await choose(page, 'action', 'balance');
      await append(page, 'uplink', 'wifi');
      // A share of the traffic for one uplink alone is a mistake.
      await press(page, 'Save');
      await page.locator('.modal .kedge-faults').getByText("flow 'backup'").waitFor();
      await picture(page, 'flow');
      await choose(page, 'action', 'prefer');
      await tick(page, 'only');
      await save(page);
      await apply(page);
      expect(router.applied).toEqual([
        ['add', 'backup', 'flow'],
        ['set', 'backup', 'src', ['2001:db8:101::20']],
        ['set', 'backup', 'proto', ['tcp']],
        ['set', 'backup', 'dest_port', ['22', '873']],
        ['set', 'backup', 'uplink', ['wifi']],
        ['set', 'backup', 'only', '1'],
      ]);
      expect(check(router)).toBe('kedge: in order');
    }));

  test('a user drags a flow to the top, and it decides first', () =>
    use(routerAt('driving'), DESK, async page => {
      const { router } = browser;
      await browser.visit(page, PAGES.flows);
      await dragAbove(page, 'camera', 'calls');
      await picture(page, 'dragged');
      await apply(page);
      const { reordered, asConfigured, asReordered } = theRecord<Order>(played, 'order');
      expect(router.config).toBe(routerAt('driving', reordered).config);
      expect(router.applied.map(([action]) => action)).toEqual(router.applied.map(() => 'order'));
      expect(check(router)).toBe('kedge: in order');
      // Of the 50 packets that both fit, and a few of their own.
      expect(asConfigured.calls).toBeGreaterThanOrEqual(50);
      expect(asConfigured.camera).toBeLessThan(10);
      expect(asReordered.camera).toBeGreaterThanOrEqual(50);
      expect(asReordered.calls).toBeLessThan(10);
    }));

  test('each mobile router has its own history', () =>
    use(routerAt('driving'), DESK, async page => {
      await browser.visit(page, PAGES.overview);
      const [vessel, cargo] = ['vessel', 'cargo'].map(name => page.locator(`[data-router="${name}"]`));
      await vessel!.locator('.kedge-events').getByText('the only live uplink · lte: no carrier').waitFor();
      await cargo!.locator('.kedge-events').getByText('wifi after lte · preferred by hand').waitFor();
      for (const each of [vessel!, cargo!])
        expect(await each.locator('.kedge-graph .line').count()).toBeGreaterThanOrEqual(2);
      await vessel!.getByText('2 h', { exact: true }).click();
      await cargo!.getByText('−2 h').waitFor();
      const spans = browser.router.calls
        .filter(({ method }) => method === 'history')
        .map(({ given }) => given);
      expect(spans.slice(-2)).toEqual([
        { span: 7200, router: 'vessel' },
        { span: 7200, router: 'cargo' },
      ]);
    }));

  test('there is one section for the daemon, and no second one can be added', () =>
    use(routerAt('driving'), DESK, async page => {
      await browser.visit(page, PAGES.advanced);
      const daemon = page.locator('.cbi-section', { has: page.getByText('Daemon', { exact: true }) });
      await daemon.getByText('Log level').waitFor();
      expect(await daemon.locator('.cbi-section-create').count()).toBe(0);
      await daemon.getByText('Delete', { exact: true }).click();
      await daemon.locator('.cbi-section-create').getByText('Add', { exact: true }).click();
      await daemon.getByText('Log level').waitFor();
      expect(await daemon.locator('.cbi-section-create').count()).toBe(0);
    }));

  test('the overview says why it has nothing to show', () =>
    use(routerAt(undefined), DESK, async page => {
      await browser.visit(page, PAGES.overview);
      await page.getByText('and the service is enabled').waitFor();
      await picture(page, 'absent');
      const faulty = configuration().replace("list uplink 'lte 70'", "list uplink 'satellite 70'");
      browser.router = routerAt(undefined, faulty);
      await browser.visit(page, PAGES.overview);
      await page.locator('.kedge-faults').getByText("'satellite'").waitFor();
      await picture(page, 'faulty');
      browser.router = routerAt('driving', faulty);
      await browser.visit(page, PAGES.overview);
      await page.getByText('Traffic goes over lte').waitFor();
      await page.locator('.kedge-faults').getByText("'satellite'").waitFor();
      browser.router.permission = 'none';
      await page.getByText('This user may not see the status of Kedge').waitFor();
      await picture(page, 'denied');
      browser.router = routerAt('driving');
      browser.router.permission = 'read';
      await browser.visit(page, PAGES.overview);
      await page.getByText('Traffic goes over lte').waitFor();
      expect(await page.getByText('Use this one').count()).toBe(0);
      browser.router.permission = 'write';
      await browser.visit(page, PAGES.overview);
      await page.getByText('Use this one').first().waitFor();
      browser.router = routerAt(undefined);
      await page.getByText('Kedge is not running').waitFor();
    }));

  test('a user pairs a router that has no configuration', () =>
    use(routerAt(undefined, ''), DESK, async page => {
      const { router } = browser;
      await browser.visit(page, PAGES.overview);
      await page.getByText('Kedge is not running').waitFor();
      await page.getByText('Pair this router with its anchor').click();
      await page.locator('#kedge-line').fill(`${LINE}x`);
      await page.getByText('check value').waitFor();
      await page.locator('#kedge-line').fill(LINE);
      await page.getByText('2001:db8:a::1').waitFor();
      await picture(page, 'paired');
      for (const name of ['wwan', 'dsl']) await page.locator(`#kedge-uplink-${name}`).uncheck();
      const loaded = page.waitForEvent('load');
      await page.getByText('Configure this router').click();
      await loaded;
      expect(router.config).toBe(PAIRED);
      const keys = [...router.files];
      expect(keys).toEqual([['/etc/kedge/van.key', { text: `0x${'5a'.repeat(16)}\n`, mode: 0o600 }]]);
      expect(check(router)).toBe('kedge: in order');
    }));

  test('a user gives the mobile network an interface', () =>
    use(routerAt('driving'), DESK, async page => {
      await browser.visit(page, PAGES.interfaces);
      await page.locator('.cbi-section-table-row[data-sid="mobile"] .cbi-button-edit').click();
      await choose(page, 'router', 'vessel');
      await picture(page, 'interface');
      await save(page);
      expect(browser.router.changes).toContainEqual(['set', 'mobile', 'router', 'vessel']);
    }));

  test('what kedge check refuses is not saved', () =>
    use(routerAt('driving'), DESK, async page => {
      const { router } = browser;
      await browser.visit(page, PAGES.anchor);
      const address = page.locator('.cbi-value[data-name="home_address"] input').first();
      await address.fill('2001:db8:1::2');
      await page.locator('.cbi-page-actions .cbi-button-save').click();
      // As the anchor's.
      await page.locator('.kedge-faults').getByText("mobile_router 'vessel': home").waitFor();
      expect(router.changes).toEqual([]);
      await address.fill('2001:db8:100::11');
      await page.locator('.cbi-page-actions .cbi-button-save').click();
      const saved = ['set', 'vessel', 'home_address', '2001:db8:100::11'];
      await expect.poll(() => router.changes).toContainEqual(saved);
      expect(await page.locator('.kedge-faults').count()).toBe(0);
      expect(check(router)).toBe('kedge: in order');
      // LuCI lets the refusal go to the console.
      expect(browser.complaints.splice(0)).toEqual(['There are faults in the configuration']);
    }));

  test('the picture of the readme can be drawn', () =>
    use(routerAt('driving'), README_PICTURE.clip.width, async page => {
      await browser.visit(page, PAGES.overview);
      await page.getByText('udp port 8554').waitFor();
      await page.screenshot({ ...README_PICTURE, animations: 'disabled' });
    }));

  test('the overview follows the daemon, and an uplink is preferred by a click', () =>
    use(routerAt('driving'), DESK, async page => {
      await browser.visit(page, PAGES.overview);
      const vessel = page.locator('[data-router="vessel"]');
      await vessel.getByText('Traffic goes over lte').waitFor();
      await vessel.locator('.kedge-card', { hasText: 'wifi' }).getByText('Use this one').click();
      await vessel.getByText('Traffic goes over wifi').waitFor();
      expect(browser.router.calls.find(({ method }) => method === 'prefer')?.given).toEqual({
        uplink: 'wifi',
        router: 'vessel',
      });
      browser.router = routerAt('silent');
      // At the next poll.
      await vessel.getByText('Traffic goes over lte').waitFor();
      await vessel.locator('.kedge-card', { hasText: 'wifi' }).getByText('no answers').waitFor();
    }));
}

describe("with a stand-in of LuCI's JavaScript", () => pages(undefined));
const LUCI_ROOT = process.env.LUCI_ROOT;
if (LUCI_ROOT === undefined) {
  console.log("not run: the pages with LuCI's own JavaScript (LUCI_ROOT names no checkout of LuCI)");
} else {
  describe("with LuCI's own JavaScript", () => pages(LUCI_ROOT));
}
