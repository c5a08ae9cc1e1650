// What the checks share: the running demo (OVERSIKT_URL), a token, and the schema files.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const base = process.env.OVERSIKT_URL ?? 'http://127.0.0.1:8080';
export const endpoint = `${base}/graphql`;
export const here = fileURLToPath(new URL('.', import.meta.url));
export const work = `${here}.work/`; // generated code, gone after scripts/clients

const root = fileURLToPath(new URL('..', import.meta.url));
export const sdl = () =>
  readdirSync(`${root}schema`)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => readFileSync(`${root}schema/${file}`, 'utf8'))
    .join('\n');
export const exampleFile = (name) => `${root}internal/server/playground/examples/${name}.graphql`;
export const example = (name) => readFileSync(exampleFile(name), 'utf8');

// token is of a demo person; the first one has cases in every phase, at all agencies.
async function token(index) {
  const person = (await (await fetch(`${base}/dev/bankid/people`)).json())[index];
  const answer = await fetch(`${base}/dev/bankid/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ nationalId: person.nationalId }),
  });
  return (await answer.json()).token;
}

export const authorization = async (index = 0) => ({ authorization: `Bearer ${await token(index)}` });

// foreignCase is the id of a case that the first person may not see.
export async function foreignCase() {
  const { data } = await post('{ viewer { cases(first: 1) { nodes { id } } } }', {}, await authorization(1));
  return data.viewer.cases.nodes[0].id;
}

// post asks without a client library.
export async function post(query, variables, headers = {}) {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return answer.json();
}

// recording is a fetch that keeps what a client asked and got: {method, accept, sent, status, type}.
export function recording() {
  const log = [];
  const recorded = async (url, init = {}) => {
    const answer = await fetch(url, init);
    log.push({
      method: init.method ?? 'GET',
      accept: new Headers(init.headers).get('accept') ?? '',
      sent: init.body ? JSON.parse(init.body) : Object.fromEntries(new URL(url).searchParams),
      status: answer.status,
      type: answer.headers.get('content-type') ?? '',
    });
    return answer;
  };
  return { log, fetch: recorded };
}

// silent is a check that fails by a warning of a client, too.
export const silent = (run) => async () => {
  const said = [];
  for (const level of ['warn', 'error']) console[level] = (...words) => said.push(words.map(String).join(' '));
  const seen = await run();
  assert.deepEqual(said, [], 'the client warns');
  return seen;
};

// check runs one check as a program: prints `ok name: what was seen`, or what failed.
export async function check(name, run) {
  process.on('unhandledRejection', (error) => fail(name, error));
  try {
    console.log(`ok ${name}: ${await run()}`);
  } catch (error) {
    fail(name, error);
  }
}

function fail(name, error) {
  process.stderr.write(`FAILED ${name}: ${error.stack ?? error}\n`);
  process.exit(1);
}
