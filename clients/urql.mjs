// urql with its own defaults: its Accept also lists text/event-stream, and the answer must be JSON all the same.
import assert from 'node:assert/strict';
import { Client, fetchExchange } from '@urql/core';
import { authorization, check, endpoint, example, foreignCase, recording } from './demo.mjs';

const headers = await authorization();
const { log, fetch } = recording();
const client = new Client({ url: endpoint, exchanges: [fetchExchange], fetchOptions: { headers }, fetch });
const codes = ({ error }) => error.graphQLErrors.map(({ extensions }) => extensions.code);

check('urql', async () => {
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
  return 'data, a validation error and a resolver error, each as JSON';
});
