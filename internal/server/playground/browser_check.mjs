#!/usr/bin/env node
// Checks a running playground in Chromium: runs the first tab as whom the page has chosen, opens the panels and
// dialogs. Prints what went wrong and exits with 1 when anything did.
//
// Usage: MODULES=folder-with-node_modules node browser_check.mjs http://127.0.0.1:8080/playground [screenshot.png]
// Needs playwright-core in MODULES, and a browser: CHROMIUM, or /usr/bin/chromium.
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const { chromium } = createRequire(join(resolve(process.env.MODULES ?? '.'), 'x.js'))('playwright-core');
const [url, screenshot] = process.argv.slice(2);
const faults = [];

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 850 } });
  page.setDefaultTimeout(120_000); // the machine may be busy
  watch(page);
  await page.goto(url);
  await page.waitForSelector('.graphiql-execute-button');
  await page.waitForSelector('#person:enabled');
  await runFirstTab(page);
  if (screenshot) await page.screenshot({ path: screenshot });
  await openEverything(page);
} catch (error) {
  faults.push(error.message);
} finally {
  await browser.close();
}
console.log(faults.length ? faults.join('\n') : 'playground: no violation, no error, no other host; the first tab answered with data');
process.exit(faults.length ? 1 : 0);

function watch(page) {
  const host = new URL(url).host;
  page.on('pageerror', (error) => faults.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const to = new URL(request.url());
    if (/^(https?|wss?):$/.test(to.protocol) && to.host !== host) faults.push(`other host: ${to.href}`);
    if (/(?<!\w)\d{11}(?!\w)/.test(to.href)) faults.push('a national identity number in an address');
  });
}

async function runFirstTab(page) {
  const answered = page.waitForResponse((response) => /^\s*{"query":"(?!\s*query IntrospectionQuery)/.test(response.request().postData() ?? ''));
  await page.click('.graphiql-execute-button');
  const { data, errors } = await (await answered).json();
  if (!data) faults.push('the first tab answered without data');
  for (const { message, path } of errors ?? []) faults.push(`the first tab: ${message} (${path?.join('.')})`);
  await page.waitForFunction(() => document.querySelector('.result-window')?.innerText.includes('"data"'));
}

// Dialogs write their own style, panels are other plugins: each can break the policy by itself.
async function openEverything(page) {
  const sidebar = page.locator('.graphiql-sidebar button');
  for (const panel of [0, 1, 2]) {
    await sidebar.nth(panel).click();
    await page.waitForSelector('.graphiql-plugin > *');
  }
  for (const dialog of ['short keys', 'settings']) {
    await page.getByLabel(`Open ${dialog} dialog`).click();
    await page.waitForSelector('.graphiql-dialog');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.graphiql-dialog', { state: 'detached' });
  }
}
