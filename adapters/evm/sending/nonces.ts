import type { Hex } from '../../../gateway/ports/ids.ts'
import type { BlockTag } from '../node/chain.ts'
import { lower } from '../node/contracts.ts'
import type { Counts } from '../node/endpoints.ts'
import { capped } from '../node/fees.ts'
import { createMutex } from '../node/gate.ts'
import { RpcSilent } from '../node/rpc.ts'
import type { ActionTable } from './actionTable.ts'
import type { Announcements } from './announcements.ts'
import { UNMINED_MAX } from './flights.ts'
import { createWayBack } from './leftBehind.ts'
import { emptyCall, type LaneCall, type Offering, type OfferingParts } from './offering.ts'
import { type Counted, createReckoning, type Reckoning } from './reckoning.ts'
import type { Signed } from './transactionTable.ts'

export type NonceParts = OfferingParts &
  Readonly<{
    actions: ActionTable
    announcements: Announcements
    /** True when one node's word is all there is. */
    sole: boolean
    /** What the endpoints count of a key's transactions. Throws RpcSilent when none says. */
    countsOf(operator: Hex, block: BlockTag): Promise<Counts>
  }>

/**
 * `price`: the cap is below what the chain asks now. `gas_money`: the operator's ether does not cover it. `halted`: no nonce is safe to give.
 * `forgotten`: an action is not open any more.
 */
export type NonceRefusal = 'price' | 'gas_money' | 'halted' | 'forgotten'

/** So many nonces are filled with empty transfers, or skipped on the word of one endpoint; more are a lie, or a file that is not this key's. */
const JUMP_MAX = 16
const TOO_MANY_GAPS =
  'nothing is signed with this key: many of its nonces below the next one are unused. Its other transactions must be mined first; see "A lane that stops" in chains.md'
const SOLE_JUMP =
  'nothing is signed with this key: the only endpoint counts many more transactions than the data file; configure a second one, see "A lane that stops" in chains.md'
const UNSURE =
  'nothing is signed with this key: an endpoint counts more of its transactions than are known here, and most endpoints do not say; see "A lane that stops" in chains.md'
const WALL =
  'nothing is signed with this key any more: the nonce after the next was left behind with what is signed at it; move to a new key, see "A lane that stops" in chains.md'

/** The nonces of one operator's key, given out one at a time. */
export async function openNonces(parts: NonceParts, offering: Offering) {
  const { chain, transactions, flights, fees, log } = parts
  const operator = lower(parts.signer.address)
  const inOrder = createMutex()
  const { reckoning, first } = await reckon(parts)
  const wayBack = createWayBack({ ...parts, reckoning }, operator, JUMP_MAX)
  let next = first
  let halted: string | undefined

  function halt(why: string | undefined, count: number): void {
    if (why !== undefined && why !== halted) log('error', why, { operator, count, next })
    halted = why
  }

  /** Were the next nonce used, the one after it could be mined, of which a person may have said that it never will. */
  function isBeforeWall(): boolean {
    const wall = transactions.firstLeftBehind(operator)
    return wall !== undefined && wall <= next + 1
  }

  async function giveInOrder(call: LaneCall): Promise<NonceRefusal | number> {
    // First, because the other refusals end an action that may be paid already.
    if (halted !== undefined || isBeforeWall()) return 'halted'
    const quote = await fees.quote()
    const offer = capped(quote, offering.capOf(call.feeCap))
    if (offer.maxFee < quote.baseFee + offer.priorityFee || offer.maxFee <= 0n) return 'price'
    const ether = await chain.balance(operator, 'latest')
    if (ether < flights.committedWei() + call.gas * offer.maxFee + quote.dataFees.collection) return 'gas_money'
    const nonce = next
    const form = await offering.sign(nonce, call, offer)
    if (!call.actionIds.every((id) => parts.actions.stateOf(id) === 'open')) return 'forgotten'
    await putTransaction(parts, offering, call, { nonce, form })
    next = nonce + 1
    return nonce
  }

  async function followInOrder(counted: Counted): Promise<void> {
    reckoning.hear(counted)
    const { highest, common } = counted
    if (common === undefined) {
      if (highest > next) halt(halted ?? UNSURE, highest)
      else if (halted === UNSURE) halt(undefined, highest)
      return
    }
    if (parts.sole && common > next && reckoning.unheld(common) > JUMP_MAX) return halt(SOLE_JUMP, common)
    if (transactions.reach(operator, common)) flights.takeUp()
    next = Math.max(next, common) // not money: a nonce
    if (gapsBetween(parts, common, next) <= JUMP_MAX) wayBack.forget()
    else if (wayBack.isSure(common, await isExplained(parts, next))) next = wayBack.take(common)
    else return halt(TOO_MANY_GAPS, common)
    halt(isBeforeWall() ? WALL : undefined, common)
    await fill(parts, offering, common, next)
  }

  return {
    /**
     * The nonce given to the call, its row and signed bytes durable and once broadcast; or why none was given. Its place in the room is
     * taken by the caller. Throws RpcSilent when prices or the balance are not to be had; then nothing was signed.
     */
    give: (call: LaneCall): Promise<NonceRefusal | number> => inOrder(() => giveInOrder(call)),
    isHalted: (): boolean => halted !== undefined,
    countsAt: async (block: bigint): Promise<Counted> => readCounts(await parts.countsOf(operator, block)),

    /**
     * Follows what the endpoints count. Only the word of most moves a nonce. Nonces that have no row, between the chain's count and ours, go to empty
     * transfers to ourselves: else all behind them would wait. Where they are many, or the count is beyond belief, nothing is signed until that is over.
     */
    follow: (counted: Counted): Promise<void> => inOrder(() => followInOrder(counted)),
  }
}

/** How many nonces from `count` to the next nothing is signed at. */
function gapsBetween({ transactions, signer }: NonceParts, count: number, next: number): number {
  return count < next ? next - count - transactions.countBetween({ operator: lower(signer.address), from: count, to: next }) : 0
}

/** Transactions that the file does not hold may wait in the pools: then most endpoints count them as pending. */
async function isExplained(parts: NonceParts, next: number): Promise<boolean> {
  const { common } = readCounts(await parts.countsOf(lower(parts.signer.address), 'pending'))
  return common === undefined || gapsBetween(parts, common, next) <= JUMP_MAX
}

async function fill(parts: NonceParts, offering: Offering, count: number, next: number): Promise<void> {
  const operator = lower(parts.signer.address)
  if (gapsBetween(parts, count, next) === 0) return
  for (let nonce = count; nonce < next && nonce < count + UNMINED_MAX; nonce++) {
    if (parts.transactions.has({ operator, nonce })) continue
    const call = emptyCall(operator, parts.feeCeiling)
    const form = await offering.sign(nonce, call, await parts.fees.quote())
    parts.flights.room.occupy()
    await putTransaction(parts, offering, call, { nonce, form })
    parts.log('warn', 'a gap in the nonces is filled with an empty transfer', { nonce })
  }
}

/** Its row, its signed bytes and that its actions are sent are durable before it leaves. */
async function putTransaction(
  { store, transactions, flights, actions, signer }: NonceParts,
  offering: Offering,
  call: LaneCall,
  { nonce, form }: Readonly<{ nonce: number; form: Signed }>,
): Promise<void> {
  const row = { ...call, operator: lower(signer.address), nonce, cancelled: 0, forms: [form] }
  store.transact(() => {
    transactions.add(row)
    for (const id of call.actionIds) actions.markSent(id, { alone: call.actionIds.length === 1 })
  })
  flights.add(row)
  await offering.offer(nonce)
}

/** The first nonce, behind everything that most endpoints or the table know, and whether the file can account for what the endpoints count. */
async function reckon(parts: NonceParts): Promise<Readonly<{ reckoning: Reckoning; first: number }>> {
  const operator = lower(parts.signer.address)
  const counts = await Promise.all([parts.countsOf(operator, 'latest'), parts.countsOf(operator, 'pending')])
  const [mined, pending] = counts.map(readCounts) as [Counted, Counted] // as many as were asked.
  if (mined.common === undefined || pending.common === undefined) throw new RpcSilent('fewer than most endpoints say how much was signed')
  const common = Math.max(mined.common, pending.common) // not money: a nonce
  const reckoning = createReckoning(parts, operator, common)
  reckoning.hear({ highest: Math.max(mined.highest, pending.highest), common }) // not money: a nonce
  const highest = parts.transactions.highestNonce(operator)
  // Whether so much more is so, the look at the chain that follows decides.
  if (parts.sole && reckoning.unheld(common) > JUMP_MAX) return { reckoning, first: highest === undefined ? reckoning.first : highest + 1 }
  return { reckoning, first: Math.max(common, highest === undefined ? 0 : highest + 1) } // not money: a nonce
}

function readCounts({ highest, common }: Counts): Counted {
  return { highest: Number(highest), common: common === undefined ? undefined : Number(common) } // not money: a nonce
}
