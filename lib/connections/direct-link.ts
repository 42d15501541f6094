import 'server-only';
import type { Context } from '#lib/context/context';
import { trueLayer } from '#lib/context/truelayer';
import {
  findDirectLinkRefusal,
  forgetDirectLinkRefusal,
  noteDirectLinkRefusal,
} from '#lib/settings/direct-link-refusals';
import { getClientCredentials } from '#lib/settings/sealed-settings';
import { SECOND_MS } from '#lib/time/span';
import { TrueLayerError } from '#lib/truelayer/error';
import { toPermissions } from '#lib/truelayer/permissions';
import { wasNeverSent } from './exchange-code.ts';

export type DirectLinkInput = {
  bankId: string;
  redirectUri: string;
  permissions: readonly string[];
  state: string;
  codeChallenge: string;
  trackingId: string;
  consentId: string;
  user: { id: string; name: string; email: string };
};

/** `refused`: permissions that TrueLayer doesn't take in a direct link, and that were left out. Null: use the auth link. */
export type DirectLink = { url: string; refused: string[] } | null;

/** The user waits for this call, and there is another link to send them to. */
const DIRECT_LINK_TIMEOUT_MS = 8 * SECOND_MS;

/**
 * Asks TrueLayer for a link straight to the bank (`POST /v1/authuri`). Null where it refuses: the auth link with `provider_id` and
 * `consent_id` leads to the bank as well. A refusal is remembered for the bank, so that later attempts don't pay for the call. Where
 * only `cards` is refused and `mayDrop` says so, the link is made without it.
 * @throws {TrueLayerError} TrueLayer can't be reached at all
 */
export async function requestDirectLink(ctx: Context, input: DirectLinkInput, mayDrop: boolean): Promise<DirectLink> {
  const { bankId, permissions } = input;
  const withoutCards = mayDrop ? dropCards(permissions) : null;
  const known = await findDirectLinkRefusal(ctx, bankId);
  if (known?.isInForce === true) {
    if (known.refused === 'link') return null;
    if (permissions.includes('cards')) return withoutCards === null ? null : leaveOutCards(ctx, input, withoutCards);
  }
  try {
    const url = await post(ctx, input);
    if (known !== null && (known.refused === 'link' || permissions.includes('cards'))) {
      await forgetDirectLinkRefusal(ctx, bankId);
    }
    return { url, refused: [] };
  } catch (error) {
    if (!isAnswered(error)) throw error;
    if (error.code === 'invalid_request' && withoutCards !== null) return leaveOutCards(ctx, input, withoutCards);
    await noteDirectLinkRefusal(ctx, { bankId, refused: 'link', error });
    return null;
  }
}

async function leaveOutCards(
  ctx: Context,
  input: DirectLinkInput,
  permissions: readonly string[],
): Promise<DirectLink> {
  const { bankId } = input;
  try {
    const url = await post(ctx, { ...input, permissions });
    await noteDirectLinkRefusal(ctx, { bankId, refused: 'cards', error: null });
    return { url, refused: ['cards'] };
  } catch (error) {
    if (!isAnswered(error)) throw error;
    await noteDirectLinkRefusal(ctx, { bankId, refused: 'link', error });
    return null;
  }
}

async function post(ctx: Context, input: DirectLinkInput): Promise<string> {
  const { clientId } = await getClientCredentials(ctx);
  const options = { timeoutMs: DIRECT_LINK_TIMEOUT_MS, attempts: 1 };
  return (await trueLayer().createDirectAuthLink({ ...input, clientId }, options)).url;
}

/** Null when there is nothing to drop, or nothing would be left that is about accounts. */
function dropCards(permissions: readonly string[]): string[] | null {
  if (!permissions.includes('cards') || !permissions.includes('accounts')) return null;
  return toPermissions(permissions).filter((permission) => permission !== 'cards');
}

/** TrueLayer answered, or may have. Where nothing was sent, the code couldn't be exchanged afterwards either. */
function isAnswered(error: unknown): error is TrueLayerError {
  return error instanceof TrueLayerError && error.code !== 'invalid_call' && !wasNeverSent(error);
}
