import type { Context } from 'hono';
import { html } from 'hono/html';
import { type Bank, toBankTitle } from '#sandbox/banks/catalogue';
import type { Journey } from '#sandbox/store/records';
import { type Markup, sendPage } from './page.ts';
import { clustersOf } from './permissions.ts';

type DialogFrame = { step: number; title: string; content: Markup; cancelAt: string; below?: Markup };

/** TrueLayer's own screens: the list of banks, what is asked, and for how long. */
function sendDialog(c: Context, { step, title, content, cancelAt, below }: DialogFrame): Promise<Response> {
  const steps = ['Bank', 'Permission', 'Sign in'];
  const body = html`<header class="topbar">
      <span class="wordmark">TrueLayer</span><span class="pill">stand-in</span>
    </header>
    <main class="sheet">
      <ol class="steps" aria-label="Progress">
        ${steps.map((name, index) => html`<li ${index === step ? html`aria-current="step"` : ''} class="${index < step ? 'done' : ''}">${name}</li>`)}
      </ol>
      ${content}
      <form method="post" action="${cancelAt}">
        <button class="quiet" type="submit">Cancel</button>
      </form>
      ${below ?? ''}
    </main>
    <footer class="footnote">A local stand-in for TrueLayer. No bank is asked and no money can move.</footer>`;
  return sendPage(c, { title: `${title} – TrueLayer stand-in`, look: 'dialog', body });
}

type BankListOptions = { journey: Journey; banks: readonly Bank[]; search: string };

export function sendBankList(c: Context, { journey, banks, search }: BankListOptions): Promise<Response> {
  const words = search.toLowerCase().split(/\s+/);
  const titled = banks.map((bank) => ({ bank, title: toBankTitle(bank, banks) }));
  const found = titled.filter(({ title }) => words.every((word) => title.toLowerCase().includes(word)));
  const content = html`<h1>Choose your bank</h1>
    <p class="lead">Pick the bank that has the accounts you want to connect.</p>
    ${banks.length > 8 ? searchForm(journey, search) : ''}
    ${
      found.length === 0
        ? noBank(journey, search)
        : html`<form method="post" action="/dialog/${journey.id}/banks">
            <ul class="banks">
              ${found.map(
                ({ bank, title }) => html`<li>
                  <button type="submit" name="provider_id" value="${bank.id}">
                    <img src="/logos/${bank.id}.svg" alt="" width="40" height="40" loading="lazy" /><span>${title}</span>
                  </button>
                </li>`,
              )}
            </ul>
          </form>`
    }`;
  return sendDialog(c, { step: 0, title: 'Choose your bank', content, cancelAt: `/dialog/${journey.id}/cancel` });
}

function noBank(journey: Journey, search: string): Markup {
  return search === ''
    ? html`<p class="empty">No banks are available.</p>`
    : html`<p class="empty">No bank matches “${search}”. <a href="/dialog/${journey.id}/banks">Show all banks</a></p>`;
}

function searchForm(journey: Journey, search: string): Markup {
  return html`<form class="search" role="search" method="get" action="/dialog/${journey.id}/banks">
    <label for="q">Search banks</label>
    <div class="row">
      <input id="q" name="q" type="search" value="${search}" autocomplete="off" />
      <button class="secondary" type="submit">Search</button>
    </div>
  </form>`;
}

export function sendBranchQuestion(c: Context, journey: Journey, bank: Bank): Promise<Response> {
  const fields = (bank.steps ?? []).flatMap((step) => step.fields);
  const content = html`<h1>One question from ${bank.name}</h1>
    <form method="post" action="/dialog/${journey.id}/branch">
      ${fields.map(
        (field) => html`<p class="field">
          <label for="${field.id}">${field.display_name}</label>
          <select id="${field.id}" name="${field.id}" aria-describedby="${field.id}-help" required>
            ${field.values.map((value) => html`<option value="${value.value}">${value.display_name}</option>`)}
          </select>
          <span class="help" id="${field.id}-help">${field.help_text}</span>
        </p>`,
      )}
      <button class="primary" type="submit">Continue</button>
    </form>`;
  return sendDialog(c, { step: 0, title: bank.name, content, cancelAt: `/dialog/${journey.id}/cancel` });
}

type ConsentOptions = { journey: Journey; bank: Bank; appName: string; days: number; until: string };

export function sendConsent(c: Context, options: ConsentOptions): Promise<Response> {
  const { journey, bank, appName, days, until } = options;
  const content = html`<div class="pairing">
      <img src="/logos/${bank.id}.svg" alt="" width="56" height="56" /><span aria-hidden="true">→</span><span class="app">${appName.charAt(0)}</span>
    </div>
    <h1>Share your ${bank.name} data with ${appName}</h1>
    <p class="lead">
      ${appName} uses TrueLayer to read the following. TrueLayer cannot see your password, move money or change anything.
    </p>
    ${clustersOf(journey.scopes).map(
      (cluster) => html`<details class="cluster">
        <summary>${cluster.name}</summary>
        <ul>
          ${cluster.lines.map((line) => html`<li>${line}</li>`)}
        </ul>
      </details>`,
    )}
    <p class="term">
      ${
        journey.scopes.includes('offline_access')
          ? html`Access lasts up to <strong>${days} days</strong>, until <strong>${until}</strong>, and you can end it before.`
          : html`Access is for this once, about an hour.`
      }
    </p>
    <form method="post" action="/dialog/${journey.id}/consent">
      <button class="primary" type="submit">Allow</button>
    </form>`;
  const below = html`<p class="next help">Next you go to ${bank.name} to sign in, and come back afterwards.</p>`;
  return sendDialog(c, { step: 1, title: 'Permission', content, below, cancelAt: `/dialog/${journey.id}/cancel` });
}
