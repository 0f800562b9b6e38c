import type { AssetBalance, Movement, Place, Statement } from '../../audit/statements/statement.ts'
import type { Worth } from '../../audit/statements/worth.ts'
import { formatAmount } from '../../money/money.ts'
import { ledgerTime } from './ledgerViews.ts'

/** Reads of one answer: a stretch of what was only held gives a short page, not a long wait. */
const READS_MAX = 16

/** A page of movements from a place on, asset by asset, and where the next one begins. */
type StatementPage = Readonly<{ movements: readonly Movement[]; next: string | undefined }>

/** `after` is what `next` of the page before says; undefined for what is no place in this statement. */
export function statementPage(
  statement: Statement,
  { after, limit }: Readonly<{ after?: string | undefined; limit: number }>,
): StatementPage | undefined {
  const { balances, page, period, until } = statement
  let [i, at] = [0, period.start]
  if (after !== undefined) {
    const [ledger, time] = after.split('-')
    i = balances.findIndex(({ asset }) => `${asset.ledger}` === ledger)
    at = BigInt(time ?? '')
    if (i < 0 || at < period.start || at > until) return undefined
  }
  const movements: Movement[] = []
  const first = balances[i]
  let place: Place | undefined = first && statement.placeAt(first, at)
  for (let reads = 0; place && reads < READS_MAX && movements.length < limit; reads++) {
    const found: ReturnType<typeof page> = page(balances[i]!, place) // There is a place in it.
    const taken = found.movements.slice(0, limit - movements.length)
    const last = taken.at(-1)
    movements.push(...taken)
    if (last && taken.length < found.movements.length) place = { at: last.at + 1n, balance: last.balance }
    else if (found.next) place = found.next
    else {
      i += 1
      place = balances[i] && { at: period.start, balance: balances[i]!.opening }
    }
  }
  return { movements, next: place && `${balances[i]!.asset.ledger}-${place.at}` }
}

type Shown = Readonly<{ party: string; statement: Statement; page: StatementPage; currency: string }>

export function statementView({ party, statement, page, currency }: Shown) {
  const { period, isPreliminary, until, balances } = statement
  return {
    object: 'statement',
    party,
    from: period.from,
    to: period.to,
    time_zone: period.zone,
    status: isPreliminary ? 'preliminary' : 'final',
    until: ledgerTime(until),
    value_currency: currency,
    balances: balances.map(balanceView),
    data: page.movements.map(movementView),
    has_more: page.next !== undefined,
    ...(page.next === undefined ? {} : { next: page.next }),
  }
}

function balanceView({ asset, opening, closing, ...moved }: AssetBalance) {
  const amount = (units: bigint) => formatAmount({ asset, units })
  return {
    asset: asset.code,
    asset_id: asset.id,
    opening: amount(opening),
    in: amount(moved.in),
    out: amount(moved.out),
    closing: amount(closing),
  }
}

function movementView({ at, day, asset, units, balance, worth, kind, of, reference, description, entry }: Movement) {
  return {
    at: ledgerTime(at),
    date: day,
    kind,
    amount: formatAmount({ asset, units }),
    asset: asset.code,
    asset_id: asset.id,
    balance: formatAmount({ asset, units: balance }),
    of: of || null,
    reference,
    description,
    entry,
    worth: worth ? worthView(worth) : null,
  }
}

function worthView({ value, source, observedAt }: Worth) {
  return {
    amount: formatAmount(value),
    asset: value.asset.code,
    rate_source: source,
    rate_at: observedAt === undefined ? null : new Date(observedAt).toISOString(),
  }
}
