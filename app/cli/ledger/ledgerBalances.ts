import { accountView, ledgerTime } from '../../../gateway/api/routes/ledgerViews.ts'
import type { Asset } from '../../../gateway/money/asset.ts'
import type { ReadAccount } from '../../../gateway/ports/readModel.ts'
import { inUnit } from '../peopleAmount.ts'
import { print } from '../print.ts'
import { assetNames } from './ledgerAssets.ts'
import { type Align, ledgerTable } from './ledgerTable.ts'
import { type LedgerAsked, timeOf, whichBooks } from './whichBooks.ts'

/** Accounts that are shown at most; the sums are over those. */
const ACCOUNTS_MAX = 100_000
/** Those that are wide are left out unless they are asked for, so that a line fits most terminals. */
const COLUMNS: readonly Readonly<{ title: string; align: Align; wide?: true }>[] = [
  { title: 'account', align: 'left' },
  { title: 'asset', align: 'left' },
  { title: 'balance', align: 'right' },
  { title: 'debits', align: 'right', wide: true },
  { title: 'credits', align: 'right', wide: true },
  { title: 'held', align: 'right' },
  { title: 'coming', align: 'right', wide: true },
]

type Options = LedgerAsked & Readonly<{ at?: string | undefined; wide?: boolean | undefined }>

/** Every account under a path with its balance, now or at a past time, and the sums of each asset. */
export function ledgerBalances(prefix: string, o: Options): number {
  const at = o.at === undefined ? undefined : timeOf(o.at)
  const reads = whichBooks(o).reads()
  const accounts = reads.balances(prefix, { limit: ACCOUNTS_MAX, ...(at === undefined ? {} : { at }) })
  const cursor = reads.cursor()
  reads.close()
  const asOf = ledgerTime(at ?? cursor.at)
  print(o, { as_of: asOf, block: cursor.seq, data: accounts.map(accountView) }, () => {
    return `${balancesTable(accounts, o.wide ?? false)}\n\n${accounts.length} accounts as of ${asOf}, block ${cursor.seq}`
  })
  return 0
}

function balancesTable(accounts: readonly ReadAccount[], wide: boolean): string {
  const nameOf = assetNames(accounts.map((account) => account.asset))
  const rows = [...accounts.map((a) => accountRow(a, nameOf(a.asset))), ...sumRows(accounts, nameOf)]
  const shown = COLUMNS.filter((column) => wide || !column.wide)
  return ledgerTable(
    shown.map(({ title }) => title),
    rows.map((row) => shown.map((column) => row[COLUMNS.indexOf(column)]!)),
    shown.map(({ align }) => align),
  )
}

function accountRow(a: ReadAccount, asset: string): string[] {
  const amount = (units: bigint) => inUnit({ asset: a.asset, units })
  const figures = [a.creditsPosted - a.debitsPosted, a.debitsPosted, a.creditsPosted, a.debitsPending, a.creditsPending].map(amount)
  return [a.path, asset, ...figures]
}

/** A line for each asset; over all accounts its balance is zero. */
function sumRows(accounts: readonly ReadAccount[], nameOf: (asset: Asset) => string): string[][] {
  const assets = new Map<number, Asset>(accounts.map((a) => [a.asset.ledger, a.asset]))
  return [...assets.values()]
    .sort((a, b) => a.ledger - b.ledger)
    .map((asset) => {
      const of = accounts.filter((a) => a.asset.ledger === asset.ledger)
      const sum = (units: (a: ReadAccount) => bigint) => inUnit({ asset, units: of.reduce((all, a) => all + units(a), 0n) })
      return [
        'sum',
        nameOf(asset),
        sum((a) => a.creditsPosted - a.debitsPosted),
        sum((a) => a.debitsPosted),
        sum((a) => a.creditsPosted),
        sum((a) => a.debitsPending),
        sum((a) => a.creditsPending),
      ]
    })
}
