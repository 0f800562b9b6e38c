import { keccak256, type LocalAccount } from 'viem'
import { invariant } from '../../../gateway/errors/invariant.ts'
import type { Clock } from '../../../gateway/ports/clock.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Chain } from '../node/chain.ts'
import { lower } from '../node/contracts.ts'
import { type FeeSource, type GasOffer, replacementFor } from '../node/fees.ts'
import type { RailLog } from '../node/railLog.ts'
import { RpcRefused, RpcSilent } from '../node/rpc.ts'
import type { Flight, Flights } from './flights.ts'
import type { Store } from './store.ts'
import type { Signed, TransactionTable } from './transactionTable.ts'

/** What a transaction is to do, and for which actions. `feeCap`: wei per gas that no form of it may exceed. */
export type LaneCall = Readonly<{ actionIds: readonly string[]; to: Hex; data: Hex; gas: bigint; feeCap: bigint }>

export type OfferingParts = Readonly<{
  chain: Chain
  chainId: number
  store: Store
  transactions: TransactionTable
  flights: Flights
  fees: FeeSource
  signer: LocalAccount
  feeCeiling: bigint
  clock: Clock
  log: RailLog
}>

const FORMS_MAX = 40
/** What the cheapest transaction takes, a transfer of nothing (Yellow Paper, G_transaction). */
const EMPTY_GAS = 21_000n

/** A transaction that only uses up its nonce. */
export function emptyCall(operator: Hex, feeCap: bigint): LaneCall {
  return { actionIds: [], to: operator, data: '0x', gas: EMPTY_GAS, feeCap }
}

export type Offering = ReturnType<typeof createOffering>

/** Signing forms of transactions and offering them to the node. */
export function createOffering(parts: OfferingParts) {
  const { chain, flights, clock, log } = parts
  const capOf = (feeCap: bigint): bigint => (feeCap < parts.feeCeiling ? feeCap : parts.feeCeiling)

  async function sign(nonce: number, call: LaneCall, offer: GasOffer): Promise<Signed> {
    invariant(offer.maxFee <= capOf(call.feeCap), 'no fee above its cap is signed')
    const raw = await parts.signer.signTransaction({
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
  async function offer(nonce: number): Promise<void> {
    const form = flights.get(nonce)?.row.forms.at(-1)
    if (!form) return
    try {
      await chain.sendRaw(form.raw)
      flights.setOffered(nonce, clock.now())
    } catch (error) {
      if (!(error instanceof RpcRefused) && !(error instanceof RpcSilent)) throw error
      // A node that has it already, or mined it at once, says no as well; the tracker looks for the receipt and offers it again.
      if (error instanceof RpcRefused) flights.setOffered(nonce, clock.now())
      log('debug', 'a broadcast was not acknowledged', { nonce, hash: form.hash, why: error.message })
    }
  }

  return {
    capOf,
    sign,
    offer,

    /** Signs and offers a form with higher fees, durable before it leaves; false when the cap leaves no room. */
    async replace({ row }: Flight): Promise<boolean> {
      if (row.forms.length >= FORMS_MAX) return false
      const call = row.cancelled > 0 ? emptyCall(lower(parts.signer.address), parts.feeCeiling) : row
      const offered = replacementFor(row.forms.at(-1)!, await parts.fees.quote(), capOf(call.feeCap))
      if (!offered) return false
      const form = await sign(row.nonce, call, offered)
      parts.store.transact(() => parts.transactions.addForm(row, form))
      flights.addForm(row.nonce, form)
      log('info', 'a transaction is replaced with higher fees', { nonce: row.nonce, hash: form.hash, maxFee: offered.maxFee.toString() })
      await offer(row.nonce)
      return true
    },
  }
}
