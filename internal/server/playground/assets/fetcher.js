// Sends operations to the endpoint. GraphiQL is a global of the third-party scripts and brings graphql-js along.
const { parse, getOperationAST } = GraphiQL.GraphQL;

const accept = 'application/graphql-response+json, application/json;q=0.9';

/**
 * Makes the function by which GraphiQL runs an operation.
 * @param {string} endpoint path that takes operations by POST
 * @param {() => Promise<string>} token resolves to the bearer token, or '' when there is none
 */
export function createFetcher(endpoint, token) {
  // One transport for each kind of operation. A subscription's would return an AsyncIterable of results.
  const transports = { query: post, mutation: post, subscription: notServed };

  async function post(request, headers) {
    const bearer = await token();
    try {
      const response = await fetch(endpoint, {
        method: 'POST',
        credentials: bearer ? 'omit' : 'same-origin', // a token, or the session of the browser
        headers: {
          Accept: accept,
          'Content-Type': 'application/json',
          ...(bearer ? { Authorization: `Bearer ${bearer}` } : { 'X-Oversikt-Client': 'playground' }),
          ...headers,
        },
        body: JSON.stringify(request),
      });
      return result(response.status, await response.text());
    } catch (error) {
      return failure(`${endpoint} did not answer: ${error.message}`);
    }
  }

  return (request, { headers } = {}) => {
    const operation = chosen(request);
    const operationName = operation ? operation.name?.value : request.operationName;
    return transports[operation?.operation ?? 'query']({ ...request, operationName }, headers);
  };
}

// The operation to run. GraphiQL's own idea of it lags behind the editor: right after a change of tabs the name is still
// the former tab's. Undefined when the text cannot be parsed or leaves a choice: the server then says what is wrong.
function chosen({ query, operationName }) {
  try {
    const document = parse(query);
    return getOperationAST(document, operationName) ?? getOperationAST(document) ?? undefined;
  } catch {
    return undefined;
  }
}

// A GraphQL answer is shown as it is, whatever its status; of anything else, what came.
function result(status, text) {
  try {
    return JSON.parse(text);
  } catch {
    return failure(`Not a GraphQL answer, status ${status}: ${text.slice(0, 300) || 'empty'}`);
  }
}

function notServed() {
  return failure('The playground does not run subscriptions yet.');
}

function failure(message) {
  return { errors: [{ message }] };
}
