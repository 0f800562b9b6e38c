import { accountView, changeView, entryView, ledgerTime } from '../../../gateway/api/routes/ledgerViews.ts'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import { formatAmount } from '../../../gateway/money/money.ts'
import type { ChangeView, ReadAccount, ReadModel } from '../../../gateway/ports/readModel.ts'
import { legsTable } from './ledgerLegs.ts'
import { type Align, ledgerTable } from './ledgerTable.ts'
import { ledgerTrace } from './ledgerTrace.ts'
import type { LedgerWords } from './ledgerWords.ts'

const ACCOUNTS_MAX = 1000
const STATEMENT: readonly Align[] = ['left', 'left', 'right', 'right', 'left', 'left']

/** `switchyard ledger show ACCOUNT|ENTRY|PAYMENT`: an account's statement, an entry's legs, or a payment's story. */
export function ledgerShow(w: LedgerWords): number {
  const what = w.words[0]
  if (!what)
    throw new GatewayError('invalid_request', 'Nothing was named to show', {
      hint: 'switchyard ledger show party:pa_... or en_... or pi_...',
    })
  if (!what.startsWith('en_') && !what.includes(':')) return ledgerTrace(w)
  const reads = w.files.reads()
  try {
    return what.startsWith('en_') ? showEntry(reads, what, w) : showAccount(reads, what, w)
  } finally {
    reads.close()
  }
}

function showEntry(reads: ReadModel, id: string, { json }: LedgerWords): number {
  const entry = reads.entry(id)
  if (!entry) throw missing('entry', id)
  if (json) console.log(JSON.stringify({ ...entryView(entry), changes: entry.changes.map(changeView) }, null, 2))
  else
    console.log(`entry ${entry.id}\npayment ${entry.payment}\nblock ${entry.seq}, ${ledgerTime(entry.at)}\n\n${legsTable(entry.changes)}`)
  return 0
}

function showAccount(reads: ReadModel, path: string, { words, json, limit }: LedgerWords): number {
  const accounts = reads.balances(path, { limit: ACCOUNTS_MAX }).filter((a) => a.path === path)
  const wanted = words[1] === undefined ? accounts : accounts.filter((a) => a.asset.code === words[1] || a.asset.id === words[1])
  if (wanted.length === 0) throw missing('account', words.slice(0, 2).join(' in '))
  const statements = wanted.map((account) => ({ account, changes: reads.history(account.n, { limit }) }))
  if (json)
    console.log(
      JSON.stringify(
        statements.map((s) => ({ account: accountView(s.account), changes: s.changes.map(changeView) })),
        null,
        2,
      ),
    )
  else console.log(statements.map(({ account, changes }) => statementText(account, changes)).join('\n\n'))
  return 0
}

function statementText(account: ReadAccount, changes: readonly ChangeView[]): string {
  const { asset } = account
  const amount = (units: bigint) => formatAmount({ asset, units })
  const rows = changes.map((c) => {
    const debited = c.debit.account === account.n
    const after = debited ? c.debit : c.credit
    const signed = `${debited ? '-' : '+'}${amount(c.units)}`
    const other = debited ? `to ${c.creditPath}` : `from ${c.debitPath}`
    return [ledgerTime(c.at), c.kind, signed, amount(after.creditsPosted - after.debitsPosted), other, c.payment]
  })
  const head = `${account.path} in ${asset.code} (${asset.id}): ${amount(account.creditsPosted - account.debitsPosted)}`
  const held = account.debitsPending === 0n ? '' : `, ${amount(account.debitsPending)} of it held`
  const left = account.changes > changes.length ? `\n... ${account.changes - changes.length} older changes; --limit shows more` : ''
  return `${head}${held}\n\n${ledgerTable(['at', 'kind', 'amount', 'balance', 'other side', 'payment'], rows, STATEMENT)}${left}`
}

function missing(what: string, id: string): GatewayError {
  return new GatewayError('not_found', `There is no ${what} ${id}`)
}
