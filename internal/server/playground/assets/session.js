// The bar above GraphiQL: who the operations are sent as. The token lives in this page and in sessionStorage, nowhere
// else; a national identity number goes into a POST body only.

const storageKey = 'oversikt:session';

const byId = (id) => document.getElementById(id);
const field = { person: byId('person'), token: byId('token'), copy: byId('copy'), clear: byId('clear'), status: byId('status') };

/**
 * Brings the bar to life.
 * @param {{peopleUrl: string, tokenUrl: string, onChange: () => void}} options the addresses are empty when there are no
 *   demo people; onChange is called when operations start to run as somebody else
 * @returns {{token: () => Promise<string>}} token resolves to what is to be sent, after a sign-in under way
 */
export function startSession({ peopleUrl, tokenUrl, onChange }) {
  let signIn = Promise.resolve(); // the latest, so that running at once after a choice waits for its token
  let people = [];

  function use(token, name, note = '', keep = true) {
    field.token.value = token;
    field.copy.disabled = field.clear.disabled = !token;
    if (keep) sessionStorage.setItem(storageKey, JSON.stringify({ token, name, note }));
    tell(token ? describe(token, name, note) : '');
  }

  async function choose(person, keep = true) {
    use('', '', '', keep);
    tell(`Signing in as ${person.name}…`);
    const mine = (signIn = requestToken(tokenUrl, person.nationalId));
    try {
      const token = await mine;
      if (mine === signIn) use(token, person.name, person.note, keep);
    } catch (error) {
      if (mine !== signIn) return;
      field.person.value = ''; // so that the same person can be chosen again
      tell(`Could not sign in as ${person.name}: ${error.message}`, true);
    }
  }

  function signOut() {
    signIn = Promise.resolve();
    if (field.person) field.person.value = '';
    use('', '');
    onChange();
  }

  field.person?.addEventListener('change', async () => {
    const person = people[field.person.value];
    if (!person) return signOut();
    await choose(person);
    onChange();
  });
  field.token.addEventListener('input', () => {
    signIn = Promise.resolve();
    if (field.person) field.person.value = '';
    use(field.token.value.trim().replace(/^bearer\s+/i, ''), '');
  });
  field.token.addEventListener('change', onChange);
  field.clear.addEventListener('click', () => {
    signOut();
    field.token.focus();
  });
  field.copy.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(field.token.value);
      tell('Token copied.');
    } catch { // a page that came without TLS has no clipboard
      field.token.select();
      tell('Selected: copy it with the keyboard.');
    }
  });

  const stored = sessionStorage.getItem(storageKey);
  const saved = JSON.parse(stored ?? '{}');
  if (saved.token) use(saved.token, saved.name, saved.note);
  const login = showBrowserSession().catch(() => false); // the link stays as it is
  if (field.person) signIn = offerPeople();

  async function offerPeople() {
    try {
      people = await loadPeople(peopleUrl);
    } catch (error) {
      listPeople([]);
      return tell(`Could not load the demo people: ${error.message}`, true);
    }
    listPeople(people, saved.name);
    // Nobody has chosen, logged in or signed out: the first tab is to answer at once. It is no choice that is kept.
    if (stored !== null || (await login) || field.token.value || field.person.value || people.length === 0) return;
    field.person.value = 0;
    await choose(people[0], false);
  }

  return {
    async token() {
      await signIn.catch(() => {}); // told in the bar already; the operation then runs signed out
      return field.token.value;
    },
  };
}

// Whether there is a login by cookie. It is what counts while there is no token: the link that began it ends it then.
async function showBrowserSession() {
  const link = document.querySelector('.bar-login');
  if (!link) return false;
  const { authenticated, expiresAt } = await (await fetch(new URL('session', link.href))).json();
  if (!authenticated) return false;
  field.token.placeholder = `paste one; without it your login counts, until ${new Date(expiresAt).toTimeString().slice(0, 5)} or longer`;
  link.textContent = 'Log out';
  link.addEventListener('click', async (event) => {
    event.preventDefault();
    const answer = await fetch(new URL('logout', link.href), { method: 'POST', headers: { 'X-Oversikt-Client': 'playground' } });
    location.assign(answer.ok ? (await answer.json()).location : location.href);
  });
  return true;
}

async function loadPeople(url) {
  const response = await fetch(url, { headers: { Accept: 'application/json' } });
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return response.json();
}

async function requestToken(url, nationalId) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
    body: JSON.stringify({ nationalId }),
  });
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  const { token } = await response.json();
  if (!token) throw new Error('the answer holds no token');
  return token;
}

function listPeople(people, chosenName) {
  const option = (text, value, selected) => new Option(text, value, selected, selected);
  field.person.replaceChildren(
    option(people.length ? 'Choose a person…' : 'Nobody to choose', '', false),
    ...people.map((person, i) => option(summary(person), i, person.name === chosenName)),
  );
  field.person.disabled = people.length === 0;
}

// agencies is a number or the agencies' names.
function summary({ name, openCases, agencies }) {
  const count = Array.isArray(agencies) ? agencies.length : agencies;
  const plural = (n, one, many) => `${n} ${n === 1 ? one : many}`;
  return `${name} · ${plural(openCases, 'open case', 'open cases')}, ${plural(count, 'agency', 'agencies')}`;
}

function describe(token, name, note) {
  const expires = expiry(token);
  const clock = expires?.toTimeString().slice(0, 5);
  if (expires < new Date()) return `This token expired at ${clock}`;
  return [name ? 'Signed in' : 'Using this token', clock && `until ${clock}`, note && `· ${note}`].filter(Boolean).join(' ');
}

// When a JSON Web Token ends; undefined for any other kind of token. It is read, not verified: the server does that.
function expiry(token) {
  try {
    const { exp } = JSON.parse(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')));
    return exp && new Date(exp * 1000);
  } catch {
    return undefined;
  }
}

function tell(text, isError = false) {
  field.status.textContent = text;
  field.status.title = text;
  field.status.classList.toggle('is-error', isError);
}
