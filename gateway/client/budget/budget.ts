import { GroundError } from '../../errors/groundError.ts'
import { sameAsset, USD } from '../../money/asset.ts'
import { compare, type Money, money, showMoney } from '../../money/money.ts'
import { randomHex } from '../offers/bytes.ts'
import type { BudgetStore } from './budgetStore.ts'
import { allowsSite, checkSites } from './sites.ts'
import { readSpends, recent, type Spend, sumOf, writeSpends } from './spends.ts'
import { storedText, storeFailed } from './storedText.ts'

/** Amounts in USD. `perDay` counts any 24 hours. `sites` are the hosts that may be paid: `api.example.com`, `*.example.com`, or `*` for every one. */
export type BudgetLimits = Readonly<{ perRequest: Money; perDay: Money; sites: readonly string[] }>

/** The key under which a store keeps what was spent. */
export const SPENT_KEY = 'switchyard-client/spent'

/** What is to be paid, and to which origin. */
type Spending = Readonly<{ cost: Money; origin: string }>

export interface Budget {
  /** Refuses what is above a limit, without setting anything aside. */
  check(spending: Spending): Promise<void>
  /** Sets the cost aside, durably; the function gives it back, for payments that certainly did not happen. Throws `budget_exceeded`. */
  reserve(spending: Spending, id?: string): Promise<() => Promise<void>>
  /** Counts as spent what was set aside under these ids, or so much of it: their payments are no longer under way. */
  settle(ids: readonly string[], taken?: Money): Promise<void>
  /** Gives back what was set aside under this id, perhaps by a process before this one. */
  giveBack(id: string): Promise<void>
  /** What was set aside in the last 24 hours. */
  spent(): Promise<Money>
}

/** So long after its amount was set aside a payment that is not written down by then has died, and is nobody's. */
export const ORPHAN_MS = 600_000

/** `openIds` are those of the payments that are written down as open. */
type Parts = Readonly<{ store: BudgetStore; now: () => number; openIds: () => Promise<ReadonlySet<string>> }>

/** Keeps what was spent in a store. What may have been spent counts as spent. */
export function createBudget(limits: BudgetLimits, o: Parts): Budget {
  const { now } = o
  checkLimits(limits)

  const stored = storedText(o.store, SPENT_KEY)
  const change = (next: (spends: readonly Spend[]) => readonly Spend[] | undefined) =>
    stored.change((before) => {
      const after = next(spendsIn(before, now()))
      return after && writeSpends(after)
    })
  const read = async () => spendsIn(await stored.read(), now())
  const refuse = (spends: readonly Spend[], spending: Spending) => checkSpending(limits, spending, money(USD, sumOf(spends)))

  const giveBack = (id: string) =>
    change((spends) => (spends.some((spend) => spend.id === id) ? spends.filter((spend) => spend.id !== id) : undefined))

  const isOld = ({ at, held }: Spend) => held === true && at < now() - ORPHAN_MS
  /** What was spent, without what a process set aside before it died. */
  async function readClean(): Promise<readonly Spend[]> {
    const spends = await read()
    if (!spends.some(isOld)) return spends
    const open = await o.openIds()
    const isOrphan = (spend: Spend) => isOld(spend) && !open.has(spend.id ?? '')
    await change((all) => (all.some(isOrphan) ? all.filter((spend) => !isOrphan(spend)) : undefined))
    return read()
  }

  return {
    async check(spending) {
      refuse(await readClean(), spending)
    },
    async reserve(spending, id = randomHex(8)) {
      await change((spends) => {
        refuse(spends, spending)
        return [...spends, { at: now(), units: spending.cost.units, id, held: true }]
      })
      return () => giveBack(id)
    },
    settle: (ids, taken) =>
      change((spends) =>
        spends.some(({ id = '' }) => ids.includes(id))
          ? spends.map((spend) =>
              ids.includes(spend.id ?? '')
                ? { at: spend.at, units: taken && taken.units < spend.units ? taken.units : spend.units }
                : spend,
            )
          : undefined,
      ),
    giveBack,
    spent: async () => money(USD, sumOf(await readClean())),
  }
}

function checkLimits(limits: BudgetLimits | undefined): void {
  const refuse = (what: string) =>
    new GroundError('unsafe_configuration', what, {
      hint: "Give createPayer a budget: { perRequest: usd('0.01'), perDay: usd('1'), sites: ['api.example.com'] }.",
    })
  if (!limits?.perRequest || !limits.perDay) throw refuse('A payer has no budget without perRequest and perDay')
  for (const name of ['perRequest', 'perDay'] as const) {
    const limit = limits[name]
    if (typeof limit !== 'object' || !limit.asset) throw refuse(`A limit is ${String(limit)}, which is no amount: write usd('0.01')`)
    if (!sameAsset(limit.asset, USD) || limit.units < 0n)
      throw refuse(`A budget is in USD and not negative; one limit is ${showMoney(limit)}`)
    if (limit.units === 0n) {
      throw new GroundError('unsafe_configuration', `budget.${name} is 0 USD, which pays nothing`, {
        hint: `Raise budget.${name} above 0, such as usd('0.01'); to know prices alone, call \`quote\`, which never pays.`,
      })
    }
  }
  if (!Array.isArray(limits.sites) || limits.sites.length === 0) throw refuse("A budget names its sites; '*' allows every one")
  checkSites(limits.sites)
}

function checkSpending(limits: BudgetLimits, { cost, origin }: Spending, before: Money): void {
  const { perRequest, perDay, sites } = limits
  const exceeded = (limit: string, what: string, hint?: string) =>
    new GroundError('budget_exceeded', what, { meta: { limit, origin }, ...(hint && { hint: `Nothing was signed or paid. ${hint}` }) })
  if (!allowsSite(sites, origin)) {
    const { host } = new URL(origin)
    throw exceeded('sites', `The budget does not allow ${host} to be paid`, `Add '${host}' to budget.sites if it may.`)
  }
  if (compare(cost, perRequest) > 0) {
    throw exceeded(
      'perRequest',
      `${showMoney(cost)} is more than the ${showMoney(perRequest)} allowed for one request`,
      'If it may cost that, raise perRequest (`--max` of the command).',
    )
  }
  if (before.units + cost.units > perDay.units) {
    throw exceeded('perDay', `${showMoney(cost)} after ${showMoney(before)} is more than the ${showMoney(perDay)} allowed for 24 hours`)
  }
}

function spendsIn(text: string | undefined, now: number): readonly Spend[] {
  if (text === undefined) return []
  const spends = typeof text === 'string' ? readSpends(text) : undefined
  if (!spends) throw storeFailed(`what stands under ${SPENT_KEY} is no list of spends`)
  return recent(spends, now)
}
