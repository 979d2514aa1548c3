/** What a person does with LuCI's forms, by what they see: names of sections, labels of fields, texts of buttons. */
import type { Locator, Page } from 'playwright-core';

/** Adds a section by its name, which opens a dialog. */
export async function addSection(page: Page, name: string, button: string): Promise<void> {
  const create = page.locator('.cbi-section-create', { has: page.getByText(button, { exact: true }) });
  await create.locator('.cbi-section-create-name').pressSequentially(name);
  await create.getByText(button, { exact: true }).click();
  await page.locator('.modal .cbi-value').first().waitFor();
}

const field = (page: Page, option: string): Locator =>
  page.locator(`.modal .cbi-value[data-name="${option}"]`);

/** A field of a dialog may be on a tab that is not in front. */
async function reveal(page: Page, option: string): Promise<Locator> {
  const found = field(page, option);
  const tab = await found.evaluate(node =>
    node.closest('[data-tab-active="false"]')?.getAttribute('data-tab'),
  );
  if (tab !== undefined) await page.locator(`.modal .cbi-tabmenu [data-tab="${tab}"] a`).click();
  return found;
}

export async function enter(page: Page, option: string, text: string): Promise<void> {
  const input = (await reveal(page, option)).locator('input:not([type=hidden])').first();
  await input.fill(text);
  await input.press('End');
}

/** Another entry of a list. */
export async function append(page: Page, option: string, text: string): Promise<void> {
  const list = await reveal(page, option);
  if ((await list.locator('.cbi-dropdown').count()) > 0) return choose(page, option, text);
  const input = list.locator('.add-item input[type=text]');
  await input.fill(text);
  await input.press('End');
  await list.locator('.cbi-button-add').click();
}

/** One of those that a field offers. */
export async function choose(page: Page, option: string, value: string): Promise<void> {
  const found = await reveal(page, option);
  const select = found.locator('select');
  if ((await select.count()) > 0) {
    await select.selectOption(value);
    return;
  }
  const dropdown = found.locator('.cbi-dropdown');
  await dropdown.evaluate(node => node.scrollIntoView({ block: 'center' }));
  await dropdown.locator('> .open').click();
  await dropdown.locator(`li[data-value="${value}"]`).first().click();
}

export async function tick(page: Page, option: string): Promise<void> {
  await (await reveal(page, option)).locator('input[type=checkbox]').check();
}

/** Drags a row of a table by its handle to just above another one. */
export async function dragAbove(page: Page, name: string, other: string): Promise<void> {
  const row = (each: string) => page.locator(`.cbi-section-table-row[data-sid="${each}"]`);
  await row(name)
    .locator('.drag-handle')
    .dragTo(row(other), { targetPosition: { x: 60, y: 4 } });
}

/** The dialog closes. */
export async function save(page: Page): Promise<void> {
  await press(page, 'Save');
  await page.locator('.modal .cbi-value').first().waitFor({ state: 'hidden' });
}

export function press(page: Page, button: string): Promise<void> {
  return page.locator('.modal .button-row').getByText(button, { exact: true }).click();
}

/** The page's own changes are saved and applied; it comes anew. */
export async function apply(page: Page): Promise<void> {
  const loaded = page.waitForEvent('load');
  await page.locator('.cbi-page-actions .cbi-button-apply').first().click();
  await loaded;
  await page.waitForSelector('#view h2');
}
