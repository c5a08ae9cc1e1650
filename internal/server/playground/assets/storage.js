// What GraphiQL remembers. Operations, variables and history can hold personal data: they end with the browser tab.
// Only what concerns looks is kept longer.
const lasting = /^graphiql:(theme|visiblePlugin|.*Flex)$/;

const storeOf = (key) => (lasting.test(key) ? localStorage : sessionStorage);

const ownKeys = (store) => Object.keys(store).filter((key) => key.startsWith('graphiql:'));

/** A Storage in the form that GraphiQL takes. */
export const storage = {
  getItem: (key) => storeOf(key).getItem(key),
  setItem: (key, value) => storeOf(key).setItem(key, value),
  removeItem: (key) => storeOf(key).removeItem(key),
  get length() {
    return ownKeys(localStorage).length + ownKeys(sessionStorage).length;
  },
  clear() {
    for (const store of [localStorage, sessionStorage]) {
      ownKeys(store).forEach((key) => store.removeItem(key));
    }
  },
};
