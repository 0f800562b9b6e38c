import { accountView, changeView, entryView, ledgerTime } from '../../../gateway/api/routes/ledgerViews.ts'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import type { ChangeView, ReadAccount, ReadModel } from '../../../gateway/ports/readModel.ts'
import { inUnit, unitOf } from '../peopleAmount.ts'
import { print } from '../print.ts'
import { legsTable } from './ledgerLegs.ts'
import { type Align, ledgerTable } from './ledgerTable.ts'
import { ledgerTrace } from './ledgerTrace.ts'
import { type LedgerAsked, limitOf, whichBooks } from './whichBooks.ts'

const ACCOUNTS_MAX = 1000
const STATEMENT: readonly Align[] = ['left', 'left', 'right', 'right', 'left', 'left']

type Options = LedgerAsked & Readonly<{ limit: string }>

/** An account's statement, an entry's legs, or a payment's story. */
export function ledgerShow(what: string, asset: string | undefined, o: Options): number {
  const limit = limitOf(o.limit)
  if (!what.startsWith('en_') && !what.includes(':')) return ledgerTrace(what, o)
  const reads = whichBooks(o).reads()
  try {
    return what.startsWith('en_') ? showEntry(reads, what, o) : showAccount(reads, { path: what, asset, limit }, o)
  } finally {
    reads.close()
  }
}

function showEntry(reads: ReadModel, id: string, o: Options): number {
  const entry = reads.entry(id)
  if (!entry) throw missing('entry', id)
  print(o, { ...entryView(entry), changes: entry.changes.map(changeView) }, () => {
    return `entry ${entry.id}\npayment ${entry.payment}\nblock ${entry.seq}, ${ledgerTime(entry.at)}\n\n${legsTable(entry.changes)}`
  })
  return 0
}

type Statement = Readonly<{ path: string; asset: string | undefined; limit: number }>

function showAccount(reads: ReadModel, { path, asset, limit }: Statement, o: Options): number {
  const accounts = reads.balances(path, { limit: ACCOUNTS_MAX }).filter((a) => a.path === path)
  const wanted = accounts.filter((a) => asset === undefined || [a.asset.code, a.asset.id, unitOf(a.asset).code].includes(asset))
  if (wanted.length === 0) throw missing('account', asset === undefined ? path : `${path} in ${asset}`)
  const statements = wanted.map((account) => ({ account, changes: reads.history(account.n, { limit }) }))
  const views = statements.map((s) => ({ account: accountView(s.account), changes: s.changes.map(changeView) }))
  print(o, views, () => statements.map(({ account, changes }) => statementText(account, changes)).join('\n\n'))
  return 0
}

function statementText(account: ReadAccount, changes: readonly ChangeView[]): string {
  const { asset } = account
  const amount = (units: bigint) => inUnit({ asset, units })
  const rows = changes.map((c) => {
    const debited = c.debit.account === account.n
    const after = debited ? c.debit : c.credit
    const signed = `${debited ? '-' : '+'}${amount(c.units)}`
    const other = debited ? `to ${c.creditPath}` : `from ${c.debitPath}`
    return [ledgerTime(c.at), c.kind, signed, amount(after.creditsPosted - after.debitsPosted), other, c.payment]
  })
  const head = `${account.path} in ${unitOf(asset).code} (${asset.id}): ${amount(account.creditsPosted - account.debitsPosted)}`
  const held = account.debitsPending === 0n ? '' : `, ${amount(account.debitsPending)} of it held`
  const left = account.changes > changes.length ? `\n... ${account.changes - changes.length} older changes; --limit shows more` : ''
  return `${head}${held}\n\n${ledgerTable(['at', 'kind', 'amount', 'balance', 'other side', 'payment'], rows, STATEMENT)}${left}`
}

function missing(what: string, id: string): GatewayError {
  return new GatewayError('not_found', `There is no ${what} ${id}`)
}
