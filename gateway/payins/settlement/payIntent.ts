import { toReceiptFact } from '../../audit/receipt/facts.ts'
import type { ReceiptSigner } from '../../audit/receipt/receipt.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import type { Money } from '../../money/money.ts'
import type { Splits } from '../../parties/party/splits.ts'
import type { Books, Claim, Fact } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import { toIntentFact } from '../intent/facts.ts'
import { closingKey, type Intent } from '../intent/intent.ts'
import { unitsData } from '../intent/intentData.ts'
import { intentReceipt, payeeOf } from './intentReceipt.ts'
import { convertLegs, requireAnother } from './legs.ts'

/** Pays an intent out of a balance held here: the closing claim, the entry and the receipt in one durable commit. */
export async function payIntentFromBalance(
  o: { books: Books; splits: Splits; receipts: ReceiptSigner; clock: Clock; ids: IdSource },
  intent: Intent,
  from: { party: string; got: Money },
  along: { claims: readonly Claim[]; facts: (receipt: string) => readonly Fact[] },
): Promise<string> {
  const payee = payeeOf(intent, o.splits)
  if (!payee) throw new GatewayError('not_found', `The payee of ${intent.id} is gone`)
  requireAnother(payee, from.party)
  const at = o.clock.now()
  const settlementId = `book:${intent.id}`
  const entry = o.ids.entry()
  const receipt = intentReceipt(o.receipts, { intent, payee, rail: 'book', paid: from.got, asked: from.got, credit: intent.credit, entry })
  const { id } = receipt
  const amount = unitsData(from.got)
  const outcome = await o.books.submit({
    claims: [{ key: closingKey(intent.id), fingerprint: settlementId }, ...along.claims],
    facts: [
      toIntentFact({ type: 'intent.settled', id: intent.id, at, data: { rail: 'book', settlementId, amount, receipt: id } }),
      toReceiptFact({ type: 'receipt.issued', id, at, data: receipt }),
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
