import type { ReceiptSigner } from '../../audit/receipt/receipt.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import type { Money } from '../../money/money.ts'
import type { Splits } from '../../parties/party/splits.ts'
import type { Books, Claim, Fact } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { EntryId } from '../../ports/ids.ts'
import { closingKey, type Intent } from '../intent/intent.ts'
import { intentReceipt, payeeOf } from './intentReceipt.ts'
import { convertLegs } from './legs.ts'

/** Pays an intent out of a balance held here: the closing claim, the entry and the receipt in one durable commit. */
export async function payIntentFromBalance(
  o: { books: Books; splits: Splits; receipts: ReceiptSigner; clock: Clock; ids: IdSource },
  intent: Intent,
  from: { party: string; got: Money },
  along: { claims: readonly Claim[]; facts: (receipt: string) => readonly Fact[] },
): Promise<string> {
  const payee = payeeOf(intent, o.splits)
  if (!payee) throw new GatewayError('not_found', `The payee of ${intent.id} is gone`)
  const at = o.clock.now()
  const settlementId = `book:${intent.id}`
  const entry = o.ids.next('en_') as EntryId
  const receipt = intentReceipt(o.receipts, { intent, payee, rail: 'book', paid: from.got, asked: from.got, entry })
  const { id } = receipt
  const amount = { asset: from.got.asset.id, units: from.got.units.toString() }
  const outcome = await o.books.submit({
    claims: [{ key: closingKey(intent.id), fingerprint: settlementId }, ...along.claims],
    facts: [
      { type: 'intent.settled', id: intent.id, at, data: { rail: 'book', settlementId, amount, receipt: id } },
      { type: 'receipt.issued', id, at, data: receipt as unknown as Fact['data'] },
      ...along.facts(id),
    ],
    entry: {
      id: entry,
      payment: intent.id,
      legs: convertLegs({ got: from.got, from: accounts.party(from.party), payee, credit: intent.credit }),
    },
  })
  if (outcome.kind === 'conflict') throw new GatewayError('intent_closed', 'The intent was closed in the meantime; nothing was taken')
  if (outcome.kind === 'declined')
    throw new GatewayError('insufficient_balance', 'The balance, or the liquidity to convert it, does not cover the amount')
  if (outcome.kind === 'unknown') throw new GatewayError('outcome_unknown', 'It is not known yet whether the payment was taken')
  return id
}
