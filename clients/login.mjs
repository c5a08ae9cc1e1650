// Logs in to the running demo as a person does, in Chromium, with BankID and with a letter: what a
// page can do with the session, that no script sees it or a token, and that logging out ends it.
// Needs a browser: CHROMIUM, or /usr/bin/chromium.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { base, check } from './demo.mjs';

const query = '{ viewer { name overview { openCaseCount } } }';
const elsewhere = base.replace('127.0.0.1', 'localhost'); // another site to a browser, and the same server
const clientHeader = { 'X-Oversikt-Client': 'check' };

await check('login', async () => {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    return await logIn(await browser.newContext());
  } finally {
    await browser.close();
  }
});

async function logIn(context) {
  const page = await context.newPage();
  context.setDefaultTimeout(120_000); // the machine may be busy
  const visited = [];
  page.on('request', (request) => visited.push(request.url()));
  const [person] = await (await fetch(`${base}/dev/bankid/people`)).json();

  await page.goto(`${base}/playground`);
  assert.equal((await ask(page, clientHeader)).body.errors[0].extensions.code, 'UNAUTHENTICATED');
  await page.goto(`${base}/auth/login?returnTo=/playground?tilbake=1`);
  await page.getByText(person.name).click();
  await page.waitForURL(`${base}/playground?tilbake=1`);

  const { status, body } = await ask(page, clientHeader);
  assert.equal(status, 200);
  assert.deepEqual(body.data.viewer, { name: person.name, overview: { openCaseCount: person.openCases } });

  const seen = await page.evaluate(() => ({ cookie: document.cookie, stored: JSON.stringify([localStorage, sessionStorage]) }));
  assert.equal(seen.cookie, '');
  assert.doesNotMatch(seen.stored, /eyJ/);
  const cookie = await sessionCookie(context);
  assert.doesNotMatch(cookie.value, /eyJ/);
  assert.doesNotMatch(visited.join('\n'), /eyJ|(?<!\w)\d{11}(?!\w)/); // addresses stay in the history

  assert.equal((await ask(page, {})).body.errors[0].extensions.code, 'CLIENT_HEADER_REQUIRED');
  assert.equal((await ask(page, { ...clientHeader, Authorization: 'Bearer x' })).body.errors[0].extensions.code, 'AMBIGUOUS_CREDENTIALS');
  await fromAnotherOrigin(context);
  await fromAnotherSite(page, person);

  const session = await page.evaluate(async () => (await fetch('/auth/session')).json());
  assert.equal(session.kind, 'PERSON');
  assert.ok(new Date(session.expiresAt) > new Date());

  const letter = (await ask(page, clientHeader, { query: '{ viewer { cases(first: 1) { nodes { caseNumber agency { code } } } } }' })).body.data.viewer.cases.nodes[0];
  const copied = [await sessionCookie(context)];
  const location = await page.evaluate(
    async (headers) => (await (await fetch('/auth/logout', { method: 'POST', headers })).json()).location,
    clientHeader,
  );
  await context.addCookies(copied);
  const after = await ask(page, clientHeader);
  assert.equal(after.status, 401);
  assert.equal(after.body.errors[0].extensions.code, 'UNAUTHENTICATED');
  assert.equal((await context.cookies()).some((cookie) => cookie.name === '__Host-oversikt'), false);
  await page.goto(location);
  assert.equal(page.url(), `${base}/playground`);
  assert.doesNotMatch(visited.join('\n'), /eyJ|id_token_hint/); // nor does the way out name anybody

  await logInWithLetter(context, page, letter);
  await leaveByThePlayground(page, person);
  return `${person.name} logged in with BankID and with a letter, asked, and logged out; no script saw a cookie or a token`;
}

// The playground shows that a session counts, and ends it.
async function leaveByThePlayground(page, person) {
  await page.goto(`${base}/auth/login?returnTo=/playground`);
  await page.getByText(person.name).click();
  await page.getByRole('link', { name: 'Log out' }).click();
  await page.getByRole('link', { name: 'Log in with BankID' }).waitFor();
  assert.equal((await ask(page, clientHeader)).body.errors[0].extensions.code, 'UNAUTHENTICATED');
}

// The same person, with the number and the password of one letter: that case is all there is.
async function logInWithLetter(context, page, { caseNumber, agency }) {
  const login = `mutation($input: LoginWithLetterInput!) {
    loginWithLetter(input: $input) { caseId login { kind limitedToCase } userErrors { code } }
  }`;
  const tryIt = async (password, headers = clientHeader) =>
    (await ask(page, headers, { query: login, variables: { input: { agency: agency.code, caseNumber, password } } })).body;
  assert.equal((await tryIt('demo-passord', {})).errors[0].extensions.code, 'CLIENT_HEADER_REQUIRED');
  assert.equal((await tryIt('et annet passord')).data.loginWithLetter.userErrors[0].code, 'LOGIN_FAILED');
  const { caseId, ...rest } = (await tryIt('demo-passord')).data.loginWithLetter;
  assert.deepEqual(rest, { login: { kind: 'CASE_LOGIN', limitedToCase: true }, userErrors: [] });
  await sessionCookie(context);
  assert.equal(await page.evaluate(() => document.cookie), '');

  const seen = '{ viewer { login { limitedToCase } overview { agencies { agency { code } } } cases(first: 100) { nodes { id caseNumber } } } }';
  assert.deepEqual((await ask(page, clientHeader, { query: seen })).body.data.viewer, {
    login: { limitedToCase: true }, overview: { agencies: [{ agency }] }, cases: { nodes: [{ id: caseId, caseNumber }] },
  });
  assert.equal((await page.evaluate(async () => (await fetch('/auth/session')).json())).kind, 'CASE_LOGIN');
  const { location } = await page.evaluate(async (headers) => (await fetch('/auth/logout', { method: 'POST', headers })).json(), clientHeader);
  assert.equal(location, `${base}/playground`); // the issuer has nothing to end
  assert.equal((await ask(page, clientHeader)).body.errors[0].extensions.code, 'UNAUTHENTICATED');
}

// sessionCookie returns the cookie of the session, which is the only one of ours; that of the login
// is spent.
async function sessionCookie(context) {
  const cookies = (await context.cookies()).filter(({ name }) => name.includes('oversikt'));
  assert.equal(cookies.length, 1);
  const { name, httpOnly, secure, sameSite, path, expires } = cookies[0];
  assert.deepEqual({ name, httpOnly, secure, sameSite, path, expires }, {
    name: '__Host-oversikt', httpOnly: true, secure: true, sameSite: 'Strict', path: '/', expires: -1,
  });
  return cookies[0];
}

// ask sends a query from the page, as its own scripts would.
async function ask(page, headers, body = { query }) {
  return page.evaluate(
    async ({ body, headers }) => {
      const answer = await fetch('/graphql', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      return { status: answer.status, body: await answer.json() };
    },
    { body, headers },
  );
}

// The issuer is on another site than the service, as it is outside the demo: the cookie of the login
// has to come along from there, and that of the session has to be taken, though strict.
async function fromAnotherSite(page, person) {
  await page.goto(`${base}/auth/login?returnTo=/playground?tilbake=2`);
  const login = new URL(page.url()).searchParams.get('login');
  const chosen = await fetch(`${base}/dev/bankid/login`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ login, person: '0' }),
  });
  const done = await fetch(new URL(chosen.headers.get('location'), base), { redirect: 'manual' });
  await page.goto(`${elsewhere}/healthz`);
  await page.evaluate((callback) => location.assign(callback), done.headers.get('location'));
  await page.waitForURL(`${base}/playground?tilbake=2`);
  assert.equal((await ask(page, clientHeader)).body.data.viewer.name, person.name);
}

// The same browser, on a page of another origin: its requests go nowhere, and bring no cookie.
async function fromAnotherOrigin(context) {
  const page = await context.newPage();
  context.setDefaultTimeout(120_000); // the machine may be busy
  await page.goto(`${elsewhere}/healthz`);
  const outcome = await page.evaluate(
    async ({ url, query, headers }) => {
      try {
        const answer = await fetch(url, {
          method: 'POST',
          credentials: 'include',
          headers: { 'Content-Type': 'application/json', ...headers },
          body: JSON.stringify({ query }),
        });
        return String(answer.status);
      } catch (error) {
        return error.name;
      }
    },
    { url: `${base}/graphql`, query, headers: clientHeader },
  );
  assert.equal(outcome, 'TypeError');
  await page.close();
}
