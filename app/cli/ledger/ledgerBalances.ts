import { accountView, ledgerTime } from '../../../gateway/api/routes/ledgerViews.ts'
import type { Asset } from '../../../gateway/money/asset.ts'
import { formatAmount } from '../../../gateway/money/money.ts'
import type { ReadAccount } from '../../../gateway/ports/readModel.ts'
import { assetNames } from './ledgerAssets.ts'
import { type Align, ledgerTable } from './ledgerTable.ts'
import type { LedgerWords } from './ledgerWords.ts'

/** Accounts that are shown at most; the sums are over those. */
const ACCOUNTS_MAX = 100_000
const ALIGN: readonly Align[] = ['left', 'left', 'right', 'right', 'right', 'right', 'right']

/** `switchyard ledger balances [PREFIX] [--at TIME]`: every account under a path with its balance, and the sums of each asset. */
export function ledgerBalances({ words, files, at, json }: LedgerWords): number {
  const reads = files.reads()
  const accounts = reads.balances(words[0] ?? '', { limit: ACCOUNTS_MAX, ...(at === undefined ? {} : { at }) })
  const cursor = reads.cursor()
  reads.close()
  const asOf = ledgerTime(at ?? cursor.at)
  if (json) console.log(JSON.stringify({ as_of: asOf, block: cursor.seq, data: accounts.map(accountView) }, null, 2))
  else console.log(`${balancesTable(accounts)}\n\n${accounts.length} accounts as of ${asOf}, block ${cursor.seq}`)
  return 0
}

function balancesTable(accounts: readonly ReadAccount[]): string {
  const titles = ['account', 'asset', 'balance', 'debits', 'credits', 'held', 'coming']
  const nameOf = assetNames(accounts.map((account) => account.asset))
  return ledgerTable(titles, [...accounts.map((a) => accountRow(a, nameOf(a.asset))), ...sumRows(accounts, nameOf)], ALIGN)
}

function accountRow(a: ReadAccount, asset: string): string[] {
  const amount = (units: bigint) => formatAmount({ asset: a.asset, units })
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
      const sum = (units: (a: ReadAccount) => bigint) => formatAmount({ asset, units: of.reduce((all, a) => all + units(a), 0n) })
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
