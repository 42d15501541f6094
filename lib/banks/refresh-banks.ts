import 'server-only';
import { type Context, inTransaction } from '#lib/context/context';
import { trueLayer } from '#lib/context/truelayer';
import { getClientCredentials } from '#lib/settings/sealed-settings';
import { addMs, DAY_MS } from '#lib/time/span';
import type { Bank } from '#lib/truelayer/catalogue-schemas';

const POPULAR_WITHIN_MS = 90 * DAY_MS;

/**
 * Takes over TrueLayer's list of banks in one statement. A bank that has left the list stays, no longer offered: people's
 * connections name it. An empty answer is taken for a fault, and the last good list stays.
 */
export async function refreshBanks(ctx: Context): Promise<{ listed: number; setAside: number }> {
  const { clientId } = await getClientCredentials(ctx);
  const { items, setAside, meta } = await trueLayer().listBanks({ clientId });
  if (setAside.length > 0) {
    ctx.log.warn(
      { event: 'banks.set_aside', count: setAside.length, correlationId: meta.correlationId },
      'banks that could not be read',
    );
  }
  const banks = uniqueById(items);
  if (banks.length === 0) {
    ctx.log.warn(
      { event: 'banks.empty', correlationId: meta.correlationId },
      'the list of banks came empty and was not taken over',
    );
    return { listed: 0, setAside: setAside.length };
  }
  await inTransaction(ctx, (tx) => store(tx, banks));
  return { listed: banks.length, setAside: setAside.length };
}

function uniqueById(items: readonly Bank[]): Bank[] {
  return [...new Map(items.map((bank) => [bank.bankId, bank])).values()];
}

async function store(ctx: Context, banks: readonly Bank[]): Promise<void> {
  const now = ctx.clock.now();
  await ctx.db.$executeRaw`
    insert into banks (id, display_name, country, logo_url, permissions, is_listed, recommended_status, has_questions,
      first_seen_at, last_seen_at)
    select b.id, b.display_name, b.country, b.logo_url, string_to_array(b.permissions, ' '), true, b.recommended_status, b.has_questions,
      ${now}, ${now}
    from unnest(
      ${banks.map((bank) => bank.bankId)}::text[],
      ${banks.map((bank) => bank.displayName)}::text[],
      ${banks.map((bank) => countryOf(bank))}::text[],
      ${banks.map((bank) => bank.logoUrl)}::text[],
      ${banks.map((bank) => bank.permissions.join(' '))}::text[],
      ${banks.map((bank) => bank.availability?.recommendedStatus ?? null)}::text[],
      ${banks.map((bank) => bank.steps.length > 0)}::boolean[]
    ) as b (id, display_name, country, logo_url, permissions, recommended_status, has_questions)
    on conflict (id) do update set
      display_name = excluded.display_name, country = excluded.country, logo_url = excluded.logo_url,
      permissions = excluded.permissions, is_listed = true, recommended_status = excluded.recommended_status,
      has_questions = excluded.has_questions, last_seen_at = excluded.last_seen_at`;
  await ctx.db.bank.updateMany({ where: { isListed: true, lastSeenAt: { lt: now } }, data: { isListed: false } });
  await ctx.db.$executeRaw`
    update banks b set popularity = coalesce(c.count, 0)
    from banks all_banks left join (
      select bank_id, count(distinct user_id)::int as count from connections
      where connected_at > ${addMs(now, -POPULAR_WITHIN_MS)} group by bank_id
    ) c on c.bank_id = all_banks.id
    where b.id = all_banks.id and b.popularity <> coalesce(c.count, 0)`;
}

// Some entries of old carry none; nearly all of what TrueLayer lists is British.
function countryOf(bank: Bank): string {
  return bank.country !== null && /^[a-z]{2}$/.test(bank.country) ? bank.country : 'uk';
}
