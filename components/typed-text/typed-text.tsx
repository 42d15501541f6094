/** What a sent form contained, and how to find that form again in the reloaded page. */
type TypedText = {
  address: string;
  /** Among the forms of the page that have these fields. */
  position: number;
  values: Record<string, string>;
};

type TextField = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const STORAGE_KEY = 'typed-text';
const TEXT_TYPES = new Set(['text', 'search', 'email', 'tel', 'url', 'number', 'date']);
/** A recovery code or a client secret is never written down in the browser. */
const IS_SECRET = /code|secret|password|token/i;

/** In memory only, and only of the form that was sent last. */
let lastSent: TypedText | null = null;

/** Notes the text of a form that is being sent. */
export function noteTypedText(form: HTMLFormElement): void {
  const fields = textFieldsOf(form);
  const values = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
  const position = formsWith(Object.keys(values)).indexOf(form);
  lastSent = fields.length === 0 ? null : { address: currentAddress(), position, values };
}

/** Whether the form sent last from this address had text. */
export function hasTypedText(): boolean {
  return lastSent !== null && lastSent.address === currentAddress();
}

/** Stores the text for a reload of this page; returns a function that deletes it when the user goes elsewhere instead. */
export function storeTypedText(): () => void {
  if (hasTypedText()) storage()?.setItem(STORAGE_KEY, JSON.stringify(lastSent));
  return () => storage()?.removeItem(STORAGE_KEY);
}

/** Reads and deletes what the page before the reload stored. Null when it was another page. */
export function takeTypedText(): TypedText | null {
  const stored = storage()?.getItem(STORAGE_KEY) ?? null;
  storage()?.removeItem(STORAGE_KEY);
  if (stored === null) return null;
  const typed: TypedText = JSON.parse(stored);
  return typed.address === currentAddress() ? typed : null;
}

/** Fills the fields that the user has not touched since. False while the page has no such form. */
export function putBackTypedText({ position, values }: TypedText): boolean {
  const form = formsWith(Object.keys(values))[position];
  if (form === undefined) return false;
  for (const field of textFieldsOf(form)) {
    const value = values[field.name];
    if (value !== undefined && accepts(field, value)) field.value = value;
  }
  const details = form.closest('details');
  if (details !== null) details.open = true;
  return true;
}

function accepts(field: TextField, value: string): boolean {
  if (field instanceof HTMLSelectElement) return [...field.options].some((option) => option.value === value);
  return field.value === field.defaultValue;
}

function formsWith(names: readonly string[]): HTMLFormElement[] {
  return [...document.forms].filter((form) => {
    const own = new Set(textFieldsOf(form).map(({ name }) => name));
    return names.every((name) => own.has(name));
  });
}

function textFieldsOf(form: HTMLFormElement): TextField[] {
  return [...form.elements].filter(isTextField).filter(({ name }) => name !== '' && !IS_SECRET.test(name));
}

function isTextField(element: Element): element is TextField {
  if (element instanceof HTMLInputElement) return TEXT_TYPES.has(element.type);
  return element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement;
}

function currentAddress(): string {
  return `${location.pathname}${location.search}`;
}

/** Null where the browser forbids storage. */
function storage(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
