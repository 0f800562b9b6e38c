import type { Payee, Splits } from '../../parties/party/splits.ts'
import type { PayeeRef } from './intent.ts'

/** Whom the money is for, with the table that it is paid by on chain. */
export async function payeeOfRef(splits: Pick<Splits, 'get' | 'house'>, payee: PayeeRef): Promise<Payee> {
  if (payee.kind === 'split') return { kind: 'split', split: splits.get(payee.id) }
  return { kind: 'party', party: payee.id, split: await splits.house(payee.id) }
}
