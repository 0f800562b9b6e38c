import { toReceiptFact } from '../../audit/receipt/facts.ts'
import type { Receipt, ReceiptSigner } from '../../audit/receipt/receipt.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import type { Money } from '../../money/money.ts'
import type { Payee, Splits } from '../../parties/party/splits.ts'
import type { Books, Leg } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { EntryId, ReceiptId } from '../../ports/ids.ts'
import { toSettlementFact } from '../settlement/facts.ts'
import { move } from '../settlement/legs.ts'
import { receiptContent } from '../settlement/receiptContent.ts'
import type { ChainStates } from './chainStates.ts'
import type { SentVoucher } from './voucherWorth.ts'

export type RecordParts = Readonly<{
  books: Books
  splits: Splits
  states: ChainStates
  receipts: ReceiptSigner
  clock: Clock
  ids: IdSource
}>

/** What a voucher adds, and what is booked with it. */
type Adding = Readonly<{ added: Money; beside: readonly Leg[] }>

/**
 * Makes a voucher durable that adds `added`, with its entry and its receipt; resolves to the receipt. `undefined` when another voucher, or a claim that
 * is not ours, was first.
 */
export async function recordVoucher(o: RecordParts, v: SentVoucher, { added, beside }: Adding): Promise<ReceiptId | undefined> {
  const { channel, cumulative, signature } = v
  const { rail, id } = channel
  const receiptId = o.receipts.nextId()
  const entry = o.ids.entry()
  const at = o.clock.now()
  const receipt = receiptOf(o, v, { id: receiptId, entry, added })
  const data = { rail, channel: id, previous: channel.accepted.toString(), cumulative: cumulative.toString(), signature, entry }
  const outcome = await o.books.submit({
    // Each voucher follows the one before, and only one can.
    claims: [{ key: `voucher:${rail}:${id}:${channel.accepted}`, fingerprint: `${cumulative}:${signature}` }],
    facts: [
      toSettlementFact({ type: 'voucher.accepted', id: receiptId, at, data }),
      toReceiptFact({ type: 'receipt.issued', id: receiptId, at, data: receipt }),
    ],
    entry: {
      id: entry,
      payment: receiptId,
      legs: [move(accounts.channel(channel.splitId), accounts.vouched(channel.splitId), added), ...beside],
    },
  })
  if (outcome.kind === 'unknown') throw new GatewayError('outcome_unknown', 'It is not known yet whether the voucher was taken')
  // Somebody else's claim took of the deposits since the chain was asked: asked again, it says what is left.
  if (outcome.kind === 'declined') o.states.forget(channel)
  return outcome.kind === 'applied' ? receiptId : undefined
}

function receiptOf(o: RecordParts, v: SentVoucher, r: Readonly<{ id: ReceiptId; entry: EntryId; added: Money }>): Receipt {
  const { rail, id: channelId, splitId } = v.channel
  const split = o.splits.bySplitId(splitId)
  if (!split) throw new GatewayError('not_found', `There is no split ${splitId}`)
  const payee: Payee = split.house ? { kind: 'party', party: split.house, split } : { kind: 'split', split }
  return o.receipts.issue(
    receiptContent({
      id: r.id,
      payment: `voucher:${rail}:${channelId}`,
      resource: `voucher over ${v.cumulative} units`,
      price: r.added,
      rail,
      paid: r.added,
      converted: r.added,
      credit: r.added,
      state: 'authorised',
      payee,
      entry: r.entry,
    }),
  )
}
