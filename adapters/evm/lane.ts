import { keccak256, type LocalAccount } from 'viem'
import { invariant } from '../../gateway/errors/invariant.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import type { ActionTable } from './actionTable.ts'
import type { Chain } from './chain.ts'
import { lower } from './contracts.ts'
import { capped, type FeeSource, type GasOffer, replacementFor } from './fees.ts'
import { createGate, createMutex } from './gate.ts'
import type { RailLog } from './railLog.ts'
import { RpcRefused, RpcSilent } from './rpc.ts'
import type { Store } from './store.ts'
import type { LiveTransaction, Signed, TransactionTable } from './transactionTable.ts'

/** What a transaction is to do. `feeCap`: wei per gas that no form of it may exceed. */
export type LaneCall = Readonly<{ actionId: string | null; to: Hex; data: Hex; gas: bigint; feeCap: bigint }>

/** `price`: the cap is below what the chain asks now. `gas_money`: the operator's ether does not cover it. `full`: too many wait. */
export type LaneRefusal = 'price' | 'gas_money' | 'full'

/** What this process knows about a live transaction beside its row. Times by the rail's clock, in ms. */
type Flight = { row: LiveTransaction; mined: boolean; offeredAt: number | undefined }

/** Unmined at a time: geth keeps at most 64 transactions of one account that can run. */
const MAX_UNMINED = 64
const MAX_WAITING = 2_000
const MAX_FORMS = 40

export type Lane = Awaited<ReturnType<typeof openLane>>

export type LaneParts = Readonly<{
  chain: Chain
  chainId: number
  store: Store
  transactions: TransactionTable
  actions: ActionTable
  fees: FeeSource
  signer: LocalAccount
  feeCeiling: bigint
  clock: Clock
  log: RailLog
}>

/**
 * The one lane of the operator's key. Nonces are given out one at a time, each to a call that already passed simulation; its row and its
 * signed bytes are durable before they are sent. Nothing here waits for a receipt.
 */
export async function openLane(parts: LaneParts) {
  const { chain, store, transactions, actions, fees, signer, clock, log } = parts
  const operator = lower(signer.address)
  const inOrder = createMutex()
  const room = createGate(MAX_UNMINED, MAX_WAITING)
  const flights = new Map<number, Flight>()

  for (const row of transactions.live()) {
    flights.set(row.nonce, { row, mined: false, offeredAt: undefined })
    room.occupy()
  }
  const highest = transactions.highestNonce()
  const [mined, pending] = await Promise.all([chain.transactionCount(operator, 'latest'), chain.transactionCount(operator, 'pending')])
  let next = Math.max(Number(mined), highest === undefined ? 0 : highest + 1) // not money: a nonce
  if (Number(pending) > next) {
    log('warn', 'the operator key has pending transactions that are not ours; let no other program use it', {
      pending: pending.toString(),
      next,
    })
    next = Number(pending) // not money: a nonce
  }

  async function sign(nonce: number, call: LaneCall, offer: GasOffer): Promise<Signed> {
    invariant(offer.maxFee <= call.feeCap && offer.maxFee <= parts.feeCeiling, 'no fee above its cap is signed')
    const raw = await signer.signTransaction({
      type: 'eip1559',
      chainId: parts.chainId,
      nonce,
      to: call.to,
      data: call.data,
      gas: call.gas,
      maxFeePerGas: offer.maxFee,
      maxPriorityFeePerGas: offer.priorityFee,
    })
    return { ...offer, raw, hash: keccak256(raw), signedAt: clock.now() }
  }

  /** Sends the newest form. Neither a yes nor a no is believed: only a receipt is. */
  async function broadcast(flight: Flight): Promise<void> {
    const form = flight.row.forms.at(-1)!
    try {
      await chain.sendRaw(form.raw)
      flight.offeredAt = clock.now()
    } catch (error) {
      if (!(error instanceof RpcRefused) && !(error instanceof RpcSilent)) throw error
      // A node that has it already, or mined it at once, says no as well; the tracker looks for the receipt and offers it again.
      if (error instanceof RpcRefused) flight.offeredAt = clock.now()
      log('debug', 'a broadcast was not acknowledged', { nonce: flight.row.nonce, hash: form.hash, why: error.message })
    }
  }

  async function put(nonce: number, call: LaneCall, offer: GasOffer): Promise<Flight> {
    const form = await sign(nonce, call, offer)
    const row: LiveTransaction = { ...call, nonce, forms: [form] }
    store.transact(() => {
      transactions.add(row)
      if (call.actionId !== null) actions.markSent(call.actionId)
    })
    const flight: Flight = { row, mined: false, offeredAt: undefined }
    flights.set(nonce, flight)
    await broadcast(flight)
    return flight
  }

  /** Worst case of all that is not mined, in wei. */
  function committed(): bigint {
    let sum = 0n
    for (const { row, mined: isMined } of flights.values()) if (!isMined) sum += row.gas * row.forms.at(-1)!.maxFee
    return sum
  }

  /** Throws RpcSilent when prices or the balance are not to be had; then nothing was signed. */
  async function submitInOrder(call: LaneCall): Promise<LaneRefusal | number> {
    const quote = await fees.quote()
    const offer = capped(quote, call.feeCap < parts.feeCeiling ? call.feeCap : parts.feeCeiling)
    if (offer.maxFee < quote.baseFee + offer.priorityFee || offer.maxFee <= 0n) return 'price'
    const ether = await chain.balance(operator, 'latest')
    if (ether < committed() + call.gas * offer.maxFee) return 'gas_money'
    const nonce = next
    const flight = await put(nonce, call, offer)
    next = nonce + 1
    return flight.row.nonce
  }

  return {
    operator,
    /** The nonce given to the call, its row durable and once broadcast; or why none was given. The call must have passed simulation. */
    async submit(call: LaneCall): Promise<LaneRefusal | number> {
      if (!(await room.enter())) return 'full'
      let result: LaneRefusal | number | undefined
      try {
        result = await inOrder(() => submitInOrder(call))
        return result
      } finally {
        if (typeof result !== 'number') room.leave()
      }
    },

    /** Live transactions by nonce. */
    flights: (): readonly Readonly<Flight>[] => [...flights.values()].sort((a, b) => a.row.nonce - b.row.nonce),

    /** Offers the newest form to the node again. */
    async offerAgain(nonce: number): Promise<void> {
      const flight = flights.get(nonce)
      if (flight) await broadcast(flight)
    },

    /** Signs and offers a form with higher fees; false when the cap leaves no room. */
    async replace(nonce: number): Promise<boolean> {
      const flight = flights.get(nonce)
      if (!flight || flight.row.forms.length >= MAX_FORMS) return false
      const cap = flight.row.feeCap < parts.feeCeiling ? flight.row.feeCap : parts.feeCeiling
      const offer = replacementFor(flight.row.forms.at(-1)!, await fees.quote(), cap)
      if (!offer) return false
      const form = await sign(nonce, flight.row, offer)
      store.transact(() => transactions.addForm(nonce, form))
      flight.row = { ...flight.row, forms: [...flight.row.forms, form] }
      log('info', 'a transaction is replaced with higher fees', { nonce, hash: form.hash, maxFee: offer.maxFee.toString() })
      await broadcast(flight)
      return true
    },

    /** Gives nonces that have no row, between the chain's count and ours, to empty transfers to ourselves: else all behind them would wait. */
    fillGaps: (count: number): Promise<number> =>
      inOrder(async () => {
        let filled = 0
        for (let nonce = count; nonce < next && filled < MAX_UNMINED; nonce++) {
          if (transactions.has(nonce)) continue
          const quote = await fees.quote()
          await put(nonce, { actionId: null, to: operator, data: '0x', gas: 21_000n, feeCap: parts.feeCeiling }, quote)
          room.occupy()
          filled += 1
          log('warn', 'a gap in the nonces is filled with an empty transfer', { nonce })
        }
        if (count > next) {
          log('warn', 'the chain has counted transactions of the operator key that are not ours', { count, next })
          next = count
        }
        return filled
      }),

    /** A receipt was seen, or is gone again. Room in the lane follows. */
    setMined(nonce: number, isMined: boolean): void {
      const flight = flights.get(nonce)
      if (!flight || flight.mined === isMined) return
      flight.mined = isMined
      if (isMined) {
        room.leave()
        return
      }
      // Its block was replaced. Nodes need not take it back by themselves, so it is offered anew at once.
      room.occupy()
      flight.offeredAt = undefined
    },

    /** Final or displaced: its row says so by now. */
    drop(nonce: number): void {
      this.setMined(nonce, true)
      flights.delete(nonce)
    },

    unmined: () => room.inside(),
  }
}
