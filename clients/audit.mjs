// GraphQL over HTTP: each audit of the conformance suite, also those that only warn.
import assert from 'node:assert/strict';
import { serverAudits } from 'graphql-http';
import { check, endpoint } from './demo.mjs';

check('audit', async () => {
  const results = [];
  for (const audit of serverAudits({ url: endpoint })) results.push(await audit.fn());
  const bad = results.filter(({ status }) => status !== 'ok');
  assert.deepEqual(bad.map(({ status, id, name, reason }) => `${status} ${id} ${name}: ${reason}`), []);
  assert.ok(results.length >= 61, `the suite has only ${results.length} audits`);
  return `${results.length} of ${results.length} audits of GraphQL over HTTP, none with a warning`;
});
