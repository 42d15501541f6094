import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Bank } from '#sandbox/banks/catalogue';
import { hueOf } from '#sandbox/banks/mark';
import { loginHints } from '#sandbox/people/logins';
import type { Journey } from '#sandbox/store/records';
import { type Markup, sendPage } from './page.ts';

type BankFrame = { journey: Journey; bank: Bank; title: string; aside: string; content: Markup; below?: Markup };

/** The bank's own pages: its mark and colour, and no trace of TrueLayer but the name. */
function sendBankPage(c: Context, { journey, bank, title, aside, content, below }: BankFrame): Promise<Response> {
  const body = html`<div class="split">
    <header class="brand">
      <p class="name"><img src="/logos/${bank.id}.svg" alt="" width="48" height="48" /><span>${bank.name}</span></p>
      <p class="aside">${aside}</p>
    </header>
    <main class="panel">
      ${content}
      <form method="post" action="/bank/${journey.id}/cancel">
        <button class="quiet" type="submit">Cancel</button>
      </form>
      ${below ?? ''}
      <p class="footnote">A made-up bank for trying things out. Not ${bank.name}, and nothing here reaches it.</p>
    </main>
  </div>`;
  return sendPage(c, { title: `${title} – ${bank.name}`, look: 'bank', hue: hueOf(bank), body });
}

type LoginOptions = { journey: Journey; bank: Bank; username: string; isRetry: boolean };

export function sendLogin(c: Context, { journey, bank, username, isRetry }: LoginOptions): Promise<Response> {
  const fault = html`<p class="alert" role="alert" id="fault">That username and password don't match. Try again.</p>`;
  const marked = isRetry ? html`aria-invalid="true" aria-describedby="fault"` : '';
  const content = html`<h1>Log in to ${bank.name}</h1>
    ${isRetry ? fault : ''}
    <form method="post" action="/bank/${journey.id}/login" class="stack">
      <p class="field">
        <label for="username">Username</label>
        <input id="username" name="username" value="${username}" autocomplete="off" autocapitalize="none" spellcheck="false" required ${marked} />
      </p>
      <p class="field">
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="off" required ${marked} />
      </p>
      <button class="primary" type="submit">Log in</button>
    </form>`;
  const below = html`<details class="hints" ${isRetry ? html`open` : ''}>
      <summary>Who can log in here?</summary>
      <table>
        <thead>
          <tr><th scope="col">Username</th><th scope="col">Password</th><th scope="col">Who it is</th></tr>
        </thead>
        <tbody>
          ${loginHints.map(([user, password, meaning]) => html`<tr><td><code>${user}</code></td><td><code>${password}</code></td><td>${meaning}</td></tr>`)}
        </tbody>
      </table>
    </details>`;
  const aside = 'TrueLayer has asked to read your accounts. Log in to see what it asks for.';
  return sendBankPage(c, { journey, bank, title: 'Log in', aside, content, below });
}

export type Choice = { key: string; name: string; detail: string; balance: string };

type ChoiceOptions = {
  journey: Journey;
  bank: Bank;
  fullName: string;
  choices: readonly Choice[];
  until: string | null;
  isNoneChosen: boolean;
};

export function sendAccountChoice(c: Context, options: ChoiceOptions): Promise<Response> {
  const { journey, bank, fullName, choices, until, isNoneChosen } = options;
  const fault = html`<p class="alert" role="alert" id="fault">Choose at least one account to share, or cancel.</p>`;
  const content = html`<h1>Choose what to share</h1>
    <p class="lead">
      Hello ${fullName}. TrueLayer may see the accounts that you tick${until === null ? ', this once' : html` until <strong>${until}</strong>`}.
    </p>
    ${isNoneChosen ? fault : ''}
    <form method="post" action="/bank/${journey.id}/accounts" class="stack">
      <fieldset ${isNoneChosen ? html`aria-describedby="fault"` : ''}>
        <legend>Accounts</legend>
        ${choices.map(
          (choice) => html`<label class="choice">
            <input type="checkbox" name="account" value="${choice.key}" ${isNoneChosen ? '' : html`checked`} />
            <span class="what"><span>${choice.name}</span><span class="help">${choice.detail}</span></span>
            <span class="money">${choice.balance}</span>
          </label>`,
        )}
      </fieldset>
      <button class="primary" type="submit">Share these accounts</button>
    </form>`;
  const aside = 'You decide which accounts are shared. You can stop sharing at any time.';
  return sendBankPage(c, { journey, bank, title: 'Choose what to share', aside, content });
}
