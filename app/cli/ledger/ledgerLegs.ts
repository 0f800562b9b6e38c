import type { ChangeView } from '../../../gateway/ports/readModel.ts'
import { inUnit, unitOf } from '../peopleAmount.ts'
import { type Align, ledgerTable } from './ledgerTable.ts'

const ALIGN: readonly Align[] = ['right', 'left', 'right', 'left', 'left', 'left']

/** The legs of an entry, one below the other. */
export function legsTable(changes: readonly ChangeView[]): string {
  const rows = changes.map((c) => [`${c.leg}`, c.kind, `${inUnit(c)} ${unitOf(c.asset).code}`, c.debitPath, '->', c.creditPath])
  return ledgerTable(['leg', 'kind', 'amount', 'debit', '', 'credit'], rows, ALIGN)
}
