// Starts the playground. React, ReactDOM, GraphiQL and GraphiQLPluginExplorer are globals of the third-party scripts.
import { createFetcher } from './fetcher.js';
import { startSession } from './session.js';
import { storage } from './storage.js';

const { endpoint, peopleUrl, tokenUrl, examples } = document.body.dataset;
const { createElement, useEffect } = React;

// Set once GraphiQL is there: what the bar may ask of it.
let graphiql = { clearResponse() {}, introspect() {} };

const session = startSession({
  peopleUrl,
  tokenUrl,
  onChange() {
    graphiql.clearResponse(); // it was somebody else's
    graphiql.introspect(); // a no-op where the schema is known already
  },
});

/** Renders nothing: it only reaches GraphiQL's state, which is open to its children alone. */
function Bridge() {
  const { responseEditor, updateActiveTabValues } = GraphiQL.React.useEditorContext();
  const { schema, introspect } = GraphiQL.React.useSchemaStore();
  useEffect(() => {
    graphiql = {
      clearResponse() {
        responseEditor?.setValue('');
        updateActiveTabValues({ response: null });
      },
      introspect() {
        if (!schema) introspect();
      },
    };
  });
  return null;
}

const query = new URLSearchParams(location.search).get('query') ?? undefined;
const tabs = JSON.parse(examples);

ReactDOM.createRoot(document.getElementById('graphiql')).render(
  createElement(
    GraphiQL,
    {
      fetcher: createFetcher(endpoint, session.token),
      query,
      defaultTabs: query ? [{ query }, ...tabs] : tabs,
      defaultQuery: '',
      plugins: [GraphiQLPluginExplorer.explorerPlugin({ showAttribution: false })],
      schemaDescription: true,
      inputValueDeprecation: true,
      shouldPersistHeaders: false,
      storage,
    },
    createElement(Bridge),
  ),
);
