// Apollo Client: automatic persisted queries, a cache that knows a case by its id, and partial answers.
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from '@apollo/client/core';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { typePolicies } from './cache/apollo.js';
import { authorization, check, endpoint, example, foreignCase, recording, silent } from './demo.mjs';

const headers = await authorization();
const sha256 = (text) => createHash('sha256').update(text).digest('hex');

function newClient(options) {
  const { log, fetch } = recording();
  const link = new PersistedQueryLink({ sha256, ...options }).concat(new HttpLink({ uri: endpoint, headers, fetch }));
  const cache = new InMemoryCache({ typePolicies });
  return { client: new ApolloClient({ link, cache }), log };
}

// A name of its own makes the query new to the server at every run.
const flagship = gql(example('01-overview').replace('query Overview', `query Overview_${randomUUID().slice(0, 8)}`));

check('apollo', silent(async () => {
  await persistedQuery();
  await cacheById();
  await mergedParts();
  await partialAnswer();
  return 'persisted query missed, registered and hit; one cache entry for a case; parts merged; errors beside data; no warning';
}));

async function persistedQuery() {
  const first = newClient();
  const { data } = await first.client.query({ query: flagship });
  assert.match(data.viewer.overview.total.amount, /^\d+\.\d\d$/);
  assert.ok(data.viewer.cases.nodes.length > 1);
  assert.deepEqual(first.log.map(({ sent }) => 'query' in sent), [false, true], 'by hash alone, then with the query');

  const second = newClient();
  const again = await second.client.query({ query: flagship });
  assert.deepEqual(again.data.viewer.name, data.viewer.name);
  assert.deepEqual(second.log.map(({ method, sent }) => [method, 'query' in sent]), [['POST', false]], 'by hash alone');

  const cached = newClient({ useGETForHashedQueries: true });
  const got = await cached.client.query({ query: flagship });
  assert.deepEqual(got.data.viewer.name, data.viewer.name);
  assert.deepEqual(cached.log.map(({ method }) => method), ['GET']);
}

async function cacheById() {
  const { client, log } = newClient();
  const list = await client.query({ query: gql`{ viewer { name cases(first: 3) { nodes { id caseNumber } } } }` });
  const { id, caseNumber } = list.data.viewer.cases.nodes[0];
  const byId = gql`query ($id: ID!) { node(id: $id) { id ... on Case { phase balance { total { amount } } } } }`;
  await client.query({ query: byId, variables: { id } });
  await client.query({ query: gql`{ viewer { overview { openCaseCount } } }` });

  const cache = client.cache.extract();
  assert.equal(Object.keys(cache).filter((key) => key.startsWith('Case:')).length, 3);
  assert.equal(cache[`Case:${id}`].caseNumber, caseNumber);
  assert.ok(cache[`Case:${id}`].phase, 'the second query wrote to the entry of the first');

  const asked = log.length;
  const both = gql`query ($id: ID!) { node(id: $id) { id ... on Case { caseNumber phase } } viewer { name overview { openCaseCount } } }`;
  const { data } = await client.query({ query: both, variables: { id } });
  assert.equal(data.node.caseNumber, caseNumber);
  assert.equal(log.length, asked, 'answered from the cache');
}

// Two queries ask for other members of the same parts, and for a list that has become shorter: Apollo warns of data
// that it may have lost, unless the policies say what is part of what.
async function mergedParts() {
  const { client, log } = newClient();
  const two = gql`{ viewer { overview { total { amount } agencies { status } } cases(first: 2) { nodes { id holds { kind } } } } }`;
  const others = gql`{ viewer { overview { total { currency } agencies { agency { id } } } cases(first: 2) { nodes { id holds { since } } } } }`;
  await client.query({ query: two });
  await client.query({ query: others });
  const asked = log.length;
  const total = gql`{ viewer { overview { total { amount currency } } } }`;
  const { data } = await client.query({ query: total });
  assert.match(data.viewer.overview.total.amount, /^\d+\.\d\d$/);
  assert.equal(data.viewer.overview.total.currency, 'NOK');
  assert.equal(log.length, asked, 'answered from the cache');
}

async function partialAnswer() {
  const { client } = newClient();
  const query = gql`query ($id: ID!) { agencies { id code } node(id: $id) { id } }`;
  const { data, error } = await client.query({ query, variables: { id: await foreignCase() }, errorPolicy: 'all' });
  assert.ok(data.agencies.length > 0);
  assert.equal(data.node, null);
  assert.ok(CombinedGraphQLErrors.is(error));
  assert.deepEqual(error.errors.map(({ path, extensions }) => [path, extensions.code]), [[['node'], 'NOT_FOUND']]);
}
