import { lower } from '../node/contracts.ts'
import { capped, type GasOffer } from '../node/fees.ts'
import { createMutex } from '../node/gate.ts'
import type { ActionTable } from './actionTable.ts'
import type { Announcements } from './announcements.ts'
import { UNMINED_MAX } from './flights.ts'
import { emptyCall, type LaneCall, type Offering, type OfferingParts } from './offering.ts'

export type NonceParts = OfferingParts & Readonly<{ actions: ActionTable; announcements: Announcements }>

/** `price`: the cap is below what the chain asks now. `gas_money`: the operator's ether does not cover it. */
export type NonceRefusal = 'price' | 'gas_money'

/** The nonces of one operator's key, given out one at a time. */
export async function openNonces(parts: NonceParts, offering: Offering) {
  const { chain, store, transactions, flights, fees, log } = parts
  const operator = lower(parts.signer.address)
  const inOrder = createMutex()
  let next = await firstNonce(parts)

  async function put(call: LaneCall, offer: GasOffer, nonce: number): Promise<void> {
    const form = await offering.sign(nonce, call, offer)
    const row = { ...call, operator, nonce, cancelled: 0, forms: [form] }
    store.transact(() => {
      transactions.add(row)
      if (call.actionId !== null) parts.actions.markSent(call.actionId)
    })
    flights.add(row)
    await offering.offer(nonce)
  }

  async function giveInOrder(call: LaneCall): Promise<NonceRefusal | number> {
    const quote = await fees.quote()
    const offer = capped(quote, offering.capOf(call.feeCap))
    if (offer.maxFee < quote.baseFee + offer.priorityFee || offer.maxFee <= 0n) return 'price'
    const ether = await chain.balance(operator, 'latest')
    if (ether < flights.committedWei() + call.gas * offer.maxFee + quote.dataFees.collection) return 'gas_money'
    const nonce = next
    await put(call, offer, nonce)
    next = nonce + 1
    return nonce
  }

  return {
    /**
     * The nonce given to the call, its row and signed bytes durable and once broadcast; or why none was given. Its place in the room is
     * taken by the caller. Throws RpcSilent when prices or the balance are not to be had; then nothing was signed.
     */
    give: (call: LaneCall): Promise<NonceRefusal | number> => inOrder(() => giveInOrder(call)),

    /** Gives nonces that have no row, between the chain's count and ours, to empty transfers to ourselves: else all behind them would wait. */
    fillGaps: (count: number): Promise<void> =>
      inOrder(async () => {
        for (let nonce = count; nonce < next && nonce < count + UNMINED_MAX; nonce++) {
          if (transactions.has({ operator, nonce })) continue
          const call = emptyCall(operator, parts.feeCeiling)
          const quote = await fees.quote()
          flights.room.occupy()
          await put(call, quote, nonce)
          log('warn', 'a gap in the nonces is filled with an empty transfer', { nonce })
        }
        if (count <= next) return
        log('warn', 'the chain has counted transactions of the operator key that are not ours', { count, next })
        next = count
      }),
  }
}

/** Behind everything that the chain or the table knows. */
async function firstNonce(parts: NonceParts): Promise<number> {
  const { chain, signer, transactions, log } = parts
  const operator = lower(signer.address)
  const highest = transactions.highestNonce(operator)
  const [mined, pending] = await Promise.all([chain.transactionCount(operator, 'latest'), chain.transactionCount(operator, 'pending')])
  const counted = Math.max(Number(mined), Number(pending)) // not money: a nonce
  const known = highest === undefined ? parts.announcements.firstCount(operator, counted) : highest + 1
  if (counted > known) distrust(parts, { counted, known })
  const next = Math.max(Number(mined), highest === undefined ? 0 : highest + 1) // not money: a nonce
  if (Number(pending) <= next) return next // not money: a nonce
  log('warn', 'the operator key has pending transactions that are not ours; let no other program use it', {
    pending: pending.toString(),
    next,
  })
  return Number(pending) // not money: a nonce
}

/** Another program uses the key, or the file is older than what was signed with it: then its open payouts may be signed and sent already. */
function distrust({ announcements, log }: NonceParts, counts: { counted: number; known: number }): void {
  const forgotten = announcements.forgetUnsigned()
  const fields = { ...counts, payouts: forgotten.join(' ') }
  log(
    'error',
    'the chain has counted transactions that the data file does not hold: it may be an older copy, so its unsent payouts wait for a person',
    fields,
  )
}
