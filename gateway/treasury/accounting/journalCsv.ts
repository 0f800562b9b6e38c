import { csvLine, textCell } from '../../audit/statements/csv.ts'
import type { Period } from '../../audit/statements/period.ts'
import type { WorthThen } from '../../audit/statements/worth.ts'
import { WORTH_COLUMNS, worthCells } from '../../audit/statements/worthCells.ts'
import { invariant } from '../../errors/invariant.ts'
import { formatAmount, money } from '../../money/money.ts'
import type { ChangeView, ReadEntry, ReadModel } from '../../ports/readModel.ts'
import { sideOf } from '../positions/sideOf.ts'
import type { AccountMap } from './accountMap.ts'

const [VALUE, ...RATE_COLUMNS] = WORTH_COLUMNS
const COLUMNS = [
  'date',
  'time',
  'entry',
  'leg',
  'payment',
  'account',
  'account_name',
  'debit',
  'credit',
  'asset',
  'asset_id',
  `debit_${VALUE}`,
  `credit_${VALUE}`,
]
/** Entries that one part of the file is made of. */
const PART = 128
const NS_PER_MS = 1_000_000n

type Reads = Pick<ReadModel, 'entriesFrom' | 'firstEntryAt'>
type Entry = ReadEntry & Readonly<{ changes: readonly ChangeView[] }>
type Terms = Readonly<{ period: Period; until: bigint; worthThen: WorthThen; accountOf: AccountMap | undefined }>

/**
 * Every entry of a period before `until` (ns) as CSV, two lines a leg: what is debited, and what is credited. Limits that are counted in the ledger are no
 * money and left out, and so is what is only held. Each entry's debits are its credits, in each asset and in value.
 */
export function* journalCsv(reads: Reads, o: Terms): Generator<string> {
  yield csvLine([...COLUMNS, ...RATE_COLUMNS])
  const { period, until } = o
  for (let n = reads.firstEntryAt(period.start); ; ) {
    const page = reads.entriesFrom(n, PART)
    const own = page.filter(({ at }) => at < until)
    if (own.length > 0) yield own.map((entry) => entryLines(entry, o)).join('')
    if (own.length < PART) return
    n += PART
  }
}

function entryLines(entry: Entry, { period, worthThen, accountOf }: Terms): string {
  const at = Number(entry.at / NS_PER_MS) // not money: a time
  const head = [period.dayOf(entry.at), new Date(at).toISOString(), entry.id]
  return entry.changes
    .filter(isMoney)
    .map((change, i) => {
      const { asset, units, debitPath, creditPath } = change
      const worth = worthThen(money(asset, units), at)
      const cells = [...head, `${i + 1}`, textCell(entry.payment)]
      const line = (path: string, isDebit: boolean) => {
        const account = accountOf ? accountOf(path, asset.code) : path
        invariant(account !== undefined, `${path} was mapped before the file was begun`)
        const both = (text: string) => (isDebit ? [text, ''] : ['', text])
        const [value = '', ...rate] = worthCells(worth, at)
        const amounts = [...both(formatAmount({ asset, units })), textCell(asset.code), asset.id, ...both(value)]
        return csvLine([...cells, textCell(account), textCell(path), ...amounts, ...rate])
      }
      return line(debitPath, true) + line(creditPath, false)
    })
    .join('')
}

/** What was posted, between accounts that have money. */
function isMoney({ kind, units, debitPath, creditPath }: ChangeView): boolean {
  if ((kind !== 'move' && kind !== 'post') || units === 0n) return false
  const [debit, credit] = [sideOf(debitPath), sideOf(creditPath)]
  invariant((debit === 'counted') === (credit === 'counted'), `${debitPath} and ${creditPath} both have money, or both count`)
  return debit !== 'counted'
}
