import type { Hex } from '../../../gateway/ports/ids.ts'
import { lower } from '../node/contracts.ts'
import type { Counts } from '../node/endpoints.ts'
import { capped, type GasOffer } from '../node/fees.ts'
import { createMutex } from '../node/gate.ts'
import type { ActionTable } from './actionTable.ts'
import type { Announcements } from './announcements.ts'
import { UNMINED_MAX } from './flights.ts'
import { emptyCall, type LaneCall, type Offering, type OfferingParts } from './offering.ts'

export type NonceParts = OfferingParts &
  Readonly<{
    actions: ActionTable
    announcements: Announcements
    /** True when one node's word is all there is. */
    sole: boolean
    /** What the endpoints count of a key's transactions. Throws RpcSilent when most do not say. */
    countsOf(operator: Hex, block: 'latest' | 'pending'): Promise<Counts>
  }>

/**
 * `price`: the cap is below what the chain asks now. `gas_money`: the operator's ether does not cover it. `halted`: no nonce is safe to give.
 * `forgotten`: the action is not open any more.
 */
export type NonceRefusal = 'price' | 'gas_money' | 'halted' | 'forgotten'

/** So many nonces are filled with empty transfers, or skipped on the word of one endpoint; more are a lie, or a file that is not this key's. */
const JUMP_MAX = 16
const TOO_MANY_GAPS =
  'nothing is signed with this key: many of its nonces below the next one are unused. Its other transactions must be mined first; see "A lane that stops" in chains.md'
const SOLE_JUMP =
  'nothing is signed with this key: the only endpoint counts many more transactions than the data file; configure a second one, see "A lane that stops" in chains.md'

/** The nonces of one operator's key, given out one at a time. */
export async function openNonces(parts: NonceParts, offering: Offering) {
  const { chain, transactions, flights, fees, log } = parts
  const operator = lower(parts.signer.address)
  const inOrder = createMutex()
  let next = await firstNonce(parts)
  let halted: string | undefined

  function halt(why: string | undefined, count: number): void {
    if (why !== undefined && why !== halted) log('error', why, { operator, count, next })
    halted = why
  }

  async function giveInOrder(call: LaneCall): Promise<NonceRefusal | number> {
    const quote = await fees.quote()
    const offer = capped(quote, offering.capOf(call.feeCap))
    if (offer.maxFee < quote.baseFee + offer.priorityFee || offer.maxFee <= 0n) return 'price'
    const ether = await chain.balance(operator, 'latest')
    if (ether < flights.committedWei() + call.gas * offer.maxFee + quote.dataFees.collection) return 'gas_money'
    if (halted !== undefined) return 'halted'
    if (call.actionId !== null && parts.actions.get(call.actionId)?.state !== 'open') return 'forgotten'
    const nonce = next
    await putTransaction(parts, offering, call, { offer, nonce })
    next = nonce + 1
    return nonce
  }

  /** The chain has counted transactions that have no row here. */
  function catchUp(count: number): void {
    if (parts.sole && count > next + JUMP_MAX) {
      halt(SOLE_JUMP, count)
      return
    }
    distrust(parts, { counted: count, known: next })
    next = count
    halt(undefined, count)
  }

  return {
    /**
     * The nonce given to the call, its row and signed bytes durable and once broadcast; or why none was given. Its place in the room is
     * taken by the caller. Throws RpcSilent when prices or the balance are not to be had; then nothing was signed.
     */
    give: (call: LaneCall): Promise<NonceRefusal | number> => inOrder(() => giveInOrder(call)),
    isHalted: (): boolean => halted !== undefined,

    /**
     * Gives nonces that have no row, between the chain's count and ours, to empty transfers to ourselves: else all behind them would wait.
     * Where they are many, or the count is beyond belief, nothing is signed until that is over.
     */
    fillGaps: (count: number): Promise<void> =>
      inOrder(async () => {
        if (count > next) return catchUp(count)
        const gaps = next - count - transactions.countBetween({ operator, from: count, to: next })
        halt(gaps > JUMP_MAX ? TOO_MANY_GAPS : undefined, count)
        if (gaps === 0 || halted !== undefined) return
        for (let nonce = count; nonce < next && nonce < count + UNMINED_MAX; nonce++) {
          if (transactions.has({ operator, nonce })) continue
          const offer = await fees.quote()
          flights.room.occupy()
          await putTransaction(parts, offering, emptyCall(operator, parts.feeCeiling), { offer, nonce })
          log('warn', 'a gap in the nonces is filled with an empty transfer', { nonce })
        }
      }),
  }
}

/** Its row, its signed bytes and that its action is sent are durable before it leaves. */
async function putTransaction(
  { store, transactions, flights, actions, signer }: NonceParts,
  offering: Offering,
  call: LaneCall,
  { offer, nonce }: Readonly<{ offer: GasOffer; nonce: number }>,
): Promise<void> {
  const form = await offering.sign(nonce, call, offer)
  const row = { ...call, operator: lower(signer.address), nonce, cancelled: 0, forms: [form] }
  store.transact(() => {
    transactions.add(row)
    if (call.actionId !== null) actions.markSent(call.actionId)
  })
  flights.add(row)
  await offering.offer(nonce)
}

/**
 * Behind everything that most endpoints or the table know. What a single endpoint counts above the table is reason enough to distrust the
 * file, because any of the others may lag; it moves no nonce.
 */
async function firstNonce(parts: NonceParts): Promise<number> {
  const operator = lower(parts.signer.address)
  const [mined, pending] = await Promise.all([parts.countsOf(operator, 'latest'), parts.countsOf(operator, 'pending')])
  const counted = Math.max(Number(mined.highest), Number(pending.highest)) // not money: a nonce
  const common = Math.max(Number(mined.common), Number(pending.common)) // not money: a nonce
  const highest = parts.transactions.highestNonce(operator)
  const known = highest === undefined ? parts.announcements.firstCount(operator, common) : highest + 1
  if (counted > known) distrust(parts, { counted, known })
  // Whether so much more is so, the look at the chain that follows decides.
  if (parts.sole && common > known + JUMP_MAX) return known
  return Math.max(common, highest === undefined ? 0 : known) // not money: a nonce
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
