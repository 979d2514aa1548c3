/**
 * The LuCI pages in Chromium with LuCI's own JavaScript: `LUCI_ROOT=<checkout of LuCI> npx vite-node test/browser/main.ts`
 * leaves a picture of each page in results/luci, at 1280 and 390 pixels, light and dark, and fails when a page has an error.
 */
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { answer } from './answers.ts';
import { Router, serve } from './server.ts';

const CONFIG = `config mobile_router 'van'
	option home_address '2001:db8:f00::1'
	list home_agent '2001:db8:a::1'
	list prefix '2001:db8:f00::/56'
	option spi '256'
	option key_file '/etc/kedge/van.key'

config uplink 'lte'
	option interface 'wwan'

config uplink 'wifi'
	option interface 'wan6'

config flow 'calls'
	list dscp 'ef'
	list uplink 'wifi'
	list uplink 'lte'
`;
const PAGES = [
  'status/kedge',
  ...['pairing', 'uplinks', 'flows', 'anchor', 'advanced'].map(name => `network/kedge/${name}`),
];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
];

const { url, server } = await serve(new Router(CONFIG, answer));
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--headless', ...FLAGS, '--disable-component-update', '--disable-sync'],
});
mkdirSync('results/luci', { recursive: true });
const errors: string[] = [];
for (const width of [1280, 390]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    const size = { width, height: 900 };
    const page = await browser.newPage({ viewport: size, screen: size, colorScheme });
    page.on('pageerror', error => errors.push(error.message));
    for (const path of PAGES) {
      await page.goto(`${url}/admin/${path}`);
      await page.waitForSelector('#view h2');
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      if (Number(overflow) > 0) errors.push(`${path} is ${overflow} pixels wider than ${width}`);
      const name = `${path.split('/').at(-1)}-${width}-${colorScheme}.png`;
      await page.screenshot({ path: `results/luci/${name}`, fullPage: true });
    }
    await page.close();
  }
}
await browser.close();
server.close();
for (const error of errors) console.error(error);
console.log(`results/luci: ${4 * PAGES.length} pictures, ${errors.length} errors`);
process.exit(errors.length === 0 ? 0 : 1);
