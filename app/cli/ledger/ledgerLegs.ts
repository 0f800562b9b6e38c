import { showMoney } from '../../../gateway/money/money.ts'
import type { ChangeView } from '../../../gateway/ports/readModel.ts'
import { type Align, ledgerTable } from './ledgerTable.ts'

const ALIGN: readonly Align[] = ['right', 'left', 'right', 'left', 'left', 'left']

/** The legs of an entry, one below the other. */
export function legsTable(changes: readonly ChangeView[]): string {
  const rows = changes.map((c) => [`${c.leg}`, c.kind, showMoney({ asset: c.asset, units: c.units }), c.debitPath, '->', c.creditPath])
  return ledgerTable(['leg', 'kind', 'amount', 'debit', '', 'credit'], rows, ALIGN)
}
