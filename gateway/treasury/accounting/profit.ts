import type { Period } from '../../audit/statements/period.ts'
import type { WorthThen } from '../../audit/statements/worth.ts'
import { invariant } from '../../errors/invariant.ts'
import { CAPITAL } from '../../ledger/journal/accounts.ts'
import { type Asset, sameAsset } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { ChangeView, ReadAccount, ReadModel } from '../../ports/readModel.ts'
import { sideOf } from '../positions/sideOf.ts'

/** Where the operator's own money comes from. `owner`: brought or taken by the operator, and no profit. */
const SOURCES = ['fees_earned', 'fees_paid', 'conversion', 'losses', 'owner'] as const
type Source = (typeof SOURCES)[number]

/** What one account has brought in an asset, in its units, and in those of the reporting currency at the rates of each movement. */
type ProfitLine = Readonly<{ source: Source; account: string; asset: Asset; units: bigint; value: bigint | undefined }>

/**
 * One asset: what was the operator's own before and after, in units and in value at the rates of then, and by how much rates have changed that. Values are
 * undefined where a rate was missing for any part.
 */
type AssetProfit = Readonly<{ asset: Asset; before: bigint; after: bigint; value: AssetValue | undefined }>
type AssetValue = Readonly<{ before: bigint; after: bigint; revaluation: bigint }>

/** Before, and profit and what the owner brought, is after: exactly, of the assets that have all their rates. `unpriced` are the others. */
export type Profit = Readonly<{
  before: bigint
  after: bigint
  profit: bigint
  owner: bigint
  lines: readonly ProfitLine[]
  assets: readonly AssetProfit[]
  unpriced: readonly Asset[]
}>

type Reads = Pick<ReadModel, 'balances' | 'changesBetween'>
type Terms = Readonly<{ period: Period; until: bigint; worthThen: WorthThen }>

const PREFIXES = ['capital:', 'fee:', 'fx:'] as const
const ACCOUNTS_MAX = 1_000
const PART = 256
const NS_PER_MS = 1_000_000n

/** Adds up the operator's own accounts over a period, a part at a time: whoever reads it lets others in between. */
export function* profitOf(reads: Reads, o: Terms): Generator<undefined, Profit> {
  const { period, until } = o
  const ownAt = (at: bigint) =>
    PREFIXES.flatMap((prefix) => reads.balances(prefix, { limit: ACCOUNTS_MAX, at })).filter(({ path }) => sideOf(path) === 'own')
  const [opened, closed] = [ownAt(period.start - 1n), ownAt(until - 1n)]
  const before = new Map(opened.map((account) => [account.n, balanceOf(account)]))
  const lines: ProfitLine[] = []
  for (const account of closed) {
    const moved = balanceOf(account) - (before.get(account.n) ?? 0n)
    const found = yield* linesOf(reads, account, o)
    invariant(found.reduce((sum, { units }) => sum + units, 0n) === moved, () => `what has moved on ${account.path} is how it differs`)
    lines.push(...found)
  }
  const assets = [...Map.groupBy(closed, ({ asset }) => asset.id).values()].map((of) => assetProfit(of, { ...o, before, lines }))
  return summed(lines, assets)
}

function summed(lines: readonly ProfitLine[], assets: readonly AssetProfit[]): Profit {
  const priced = assets.flatMap(({ value }) => (value ? [value] : []))
  const sum = (values: readonly bigint[]) => values.reduce((all, one) => all + one, 0n)
  const hasRates = (asset: Asset) => assets.some((of) => of.value && sameAsset(of.asset, asset))
  const valued = (owner: boolean) =>
    sum(lines.flatMap(({ source, asset, value }) => ((source === 'owner') === owner && hasRates(asset) ? [value ?? 0n] : [])))
  const [before, after] = [sum(priced.map((of) => of.before)), sum(priced.map((of) => of.after))]
  const [profit, owner] = [valued(false) + sum(priced.map(({ revaluation }) => revaluation)), valued(true)]
  invariant(after - before === profit + owner, 'what is own differs by the profit and what the owner brought')
  const unpriced = assets.filter(({ value, before: had, after: has }) => !value && (had !== 0n || has !== 0n)).map(({ asset }) => asset)
  return { before, after, profit, owner, lines, assets, unpriced }
}

function* linesOf(reads: Reads, account: ReadAccount, { period, until, worthThen }: Terms): Generator<undefined, ProfitLine[]> {
  const found = new Map<Source, { units: bigint; value: bigint | undefined }>()
  for (let from = period.start; ; ) {
    const changes = reads.changesBetween(account.n, { from, before: until, limit: PART })
    for (const change of changes) {
      if (change.kind !== 'move' && change.kind !== 'post') continue
      const units = change.credit.account === account.n ? change.units : -change.units
      const worth = worthThen(money(account.asset, units), Number(change.at / NS_PER_MS)) // not money: a time
      const source = sourceOf(account.path, change)
      const sum = found.get(source) ?? { units: 0n, value: 0n }
      const value = sum.value === undefined || !worth ? undefined : sum.value + worth.value.units
      found.set(source, { units: sum.units + units, value })
    }
    const last = changes.at(-1)
    if (!last) break
    from = last.at + 1n
    yield
  }
  return [...found].map(([source, { units, value }]) => ({ source, account: account.path, asset: account.asset, units, value }))
}

function sourceOf(path: string, { payment }: ChangeView): Source {
  if (payment === CAPITAL || path === 'capital:operator') return 'owner'
  if (path.startsWith('fx:')) return 'conversion'
  if (path.startsWith('fee:')) return path.startsWith('fee:paid:') ? 'fees_paid' : 'fees_earned'
  return 'losses'
}

type AssetTerms = Terms & Readonly<{ before: ReadonlyMap<number, bigint>; lines: readonly ProfitLine[] }>

/** What rates have changed is the rest: of what was own at the beginning, and of what came, until the end. */
function assetProfit(accounts: readonly ReadAccount[], { period, until, worthThen, before: had, lines }: AssetTerms): AssetProfit {
  const { asset } = accounts[0]!
  const before = accounts.reduce((sum, { n }) => sum + (had.get(n) ?? 0n), 0n)
  const after = accounts.reduce((sum, account) => sum + balanceOf(account), 0n)
  const worth = (units: bigint, at: bigint) => (units === 0n ? 0n : worthThen(money(asset, units), Number(at / NS_PER_MS))?.value.units) // not money: a time
  const [from, to] = [worth(before, period.start - 1n), worth(after, until - 1n)]
  const moved = lines.filter((line) => sameAsset(line.asset, asset)).map(({ value }) => value)
  if (from === undefined || to === undefined || moved.includes(undefined)) return { asset, before, after, value: undefined }
  const revaluation = moved.reduce<bigint>((rest, value) => rest - (value ?? 0n), to - from)
  return { asset, before, after, value: { before: from, after: to, revaluation } }
}

function balanceOf({ creditsPosted, debitsPosted }: ReadAccount): bigint {
  return creditsPosted - debitsPosted
}
