// urql with its own defaults: its Accept also lists text/event-stream, and the answer must be JSON all the same.
import assert from 'node:assert/strict';
import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { keys } from './cache/urql.js';
import { authorization, check, endpoint, example, foreignCase, recording, silent } from './demo.mjs';

const headers = await authorization();
const { log, fetch } = recording();
const client = new Client({ url: endpoint, exchanges: [fetchExchange], fetchOptions: { headers }, fetch });
const codes = ({ error }) => error.graphQLErrors.map(({ extensions }) => extensions.code);

check('urql', silent(async () => {
  const whole = await client.query(example('01-overview'), {}).toPromise();
  assert.equal(whole.error, undefined);
  assert.match(whole.data.viewer.overview.total.amount, /^\d+\.\d\d$/);

  const invalid = await client.query('{ viewer { shoeSize } }', {}).toPromise();
  assert.equal(invalid.data, undefined);
  assert.deepEqual(codes(invalid), ['GRAPHQL_VALIDATION_FAILED']);

  const byId = 'query ($id: ID!) { agencies { code } node(id: $id) { id } }';
  const partial = await client.query(byId, { id: await foreignCase() }).toPromise();
  assert.ok(partial.data.agencies.length > 0);
  assert.deepEqual(codes(partial), ['NOT_FOUND']);

  assert.equal(log.length, 3);
  for (const { accept, type, status } of log) {
    assert.match(accept, /text\/event-stream/, 'urql no longer asks so: this check proves nothing');
    assert.match(type, /^application\/(graphql-response\+)?json\b/);
    assert.equal(status, type.startsWith('application/json') || status === 200 ? 200 : 400);
  }
  await cachedById();
  return 'data, a validation error and a resolver error, each as JSON; one cache entry for a case; no warning';
}));

// Graphcache warns of every object that it can give no key to.
async function cachedById() {
  const recorded = recording();
  const kept = new Client({
    url: endpoint, exchanges: [cacheExchange({ keys }), fetchExchange], fetchOptions: { headers }, fetch: recorded.fetch,
  });
  const whole = await kept.query(`{
    viewer {
      name
      overview { asOf total { amount currency } agencies { status agency { id name } } creditors { total { amount } creditor { id name } } }
      cases(first: 3) { nodes { id caseNumber balance { total { amount } lines { kind amount { amount } } } holds { kind } } pageInfo { hasNextPage } }
    }
  }`, {}).toPromise();
  assert.equal(whole.error, undefined);
  const { id, caseNumber } = whole.data.viewer.cases.nodes[0];
  await kept.query('query ($id: ID!) { node(id: $id) { id ... on Case { caseNumber phase } } }', { id }).toPromise();
  const asked = recorded.log.length;
  const again = await kept.query('query ($id: ID!) { node(id: $id) { id ... on Case { caseNumber } } }', { id }).toPromise();
  assert.equal(again.data.node.caseNumber, caseNumber);
  const total = await kept.query('{ viewer { overview { total { amount } } } }', {}).toPromise();
  assert.equal(total.data.viewer.overview.total.amount, whole.data.viewer.overview.total.amount);
  assert.equal(recorded.log.length, asked, 'answered from the cache');
}
