// Relay: the compiler accepts the schema's nodes and connections, and the server answers what the compiler made.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { buildSchema, printSchema } from 'graphql';
import { authorization, check, here, post, sdl, work } from './demo.mjs';

const headers = await authorization();

check('relay', async () => {
  mkdirSync(`${work}relay`, { recursive: true });
  // The compiler wants a type before what extends it, so it gets the schema as introspection tells it: in one piece.
  writeFileSync(`${work}schema.graphql`, printSchema(buildSchema(sdl())));
  compile();
  compile('--validate');

  const cases = await pages('appQuery', 'appCasesPageQuery', ({ viewer }) => viewer.cases);
  assert.ok(cases.list.length > 3 && cases.pages > 1, 'too few cases to page through');

  const [{ id, caseNumber }] = cases.list;
  const { node } = await ask('appCaseRefetchQuery', { id });
  assert.equal(node.caseNumber, caseNumber);

  const letters = await backwards(cases.list.map((one) => one.id));
  return `compiled and validated; ${cases.list.length} cases in ${cases.pages} pages, ${letters} letters backwards, a case anew by node`;
});

function compile(...options) {
  try {
    execFileSync(`${here}node_modules/.bin/relay-compiler`, options, { cwd: here, encoding: 'utf8', stdio: 'pipe' });
  } catch ({ stdout, stderr }) {
    assert.fail(`relay-compiler ${options}\n${stdout}${stderr}`);
  }
}

async function ask(name, variables) {
  const { default: request } = await import(`${work}relay/${name}.graphql.js`);
  const { data, errors } = await post(request.params.text, variables, headers);
  assert.equal(errors, undefined, name);
  return data;
}

// pages reads a list to its end, as loadNext does.
async function pages(first, next, connection) {
  const list = [];
  let pages = 0;
  for (let cursor, more = true; more; ) {
    const { edges, pageInfo, totalCount } = connection(await ask(pages++ ? next : first, { cursor }));
    list.push(...edges.map(({ node }) => node));
    cursor = pageInfo.endCursor;
    more = pageInfo.hasNextPage;
    if (!more) assert.equal(list.length, totalCount);
  }
  assert.equal(new Set(list.map(({ id }) => id)).size, list.length, 'a page repeats an item');
  return { list, pages };
}

// backwards reads the letters of the case with most of them, latest first, as loadPrevious does.
async function backwards(ids) {
  let longest = [];
  for (const id of ids) {
    const letters = [];
    for (let cursor = null, more = true; more; ) {
      const { edges, pageInfo } = (await ask('appLettersPageQuery', { id, count: 1, cursor })).node.letters;
      letters.unshift(...edges.map(({ node }) => node));
      cursor = pageInfo.startCursor;
      more = pageInfo.hasPreviousPage;
    }
    if (letters.length > longest.length) longest = letters;
  }
  assert.ok(longest.length > 2, 'too few letters to page through');
  const days = longest.map(({ sentOn }) => sentOn);
  assert.deepEqual(days, days.toSorted(), 'letters are not oldest first');
  return longest.length;
}
