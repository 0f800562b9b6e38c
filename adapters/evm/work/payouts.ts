import { encodeFunctionData, isAddress } from 'viem'
import { invariant } from '../../../gateway/errors/invariant.ts'
import type { Asset } from '../../../gateway/money/asset.ts'
import { sameAsset } from '../../../gateway/money/asset.ts'
import { type Money, money } from '../../../gateway/money/money.ts'
import type { Clock } from '../../../gateway/ports/clock.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Attempt, Destination, Estimate, PayoutQuery } from '../../../gateway/ports/sender.ts'
import { tokenAbi } from '../node/abi.ts'
import type { Chain } from '../node/chain.ts'
import { type Contracts, lower } from '../node/contracts.ts'
import type { FeeQuote, FeeSource } from '../node/fees.ts'
import { RpcRefused } from '../node/rpc.ts'
import type { Action, ActionTable, Ending } from '../sending/actionTable.ts'
import type { Lane } from '../sending/lane.ts'
import { type RequestOf, readRequest } from '../sending/requests.ts'
import type { Work } from '../sending/steps.ts'
import { refusalOf } from './refusals.ts'

type Payout = RequestOf<'payout'>
export type PayoutParts = Readonly<{
  chain: Chain
  contracts: Contracts
  lane: Lane
  fees: FeeSource
  token: Hex
  hub: Hex
  asset: Asset
  gasAsset: Asset
  /** How many blocks until a transaction is expected to be final. */
  blocksToFinal: bigint
  clock: Clock
  /** Units of payouts that are signed and not mined: they will leave. */
  leaving: () => bigint
}>

/** USDC behind its proxy, to an account that holds none: 61.9k measured; to one that does: 44.8k. */
const TRANSFER_GAS_EXPECTED = 50_000n
const TRANSFER_GAS_MAX = 85_000n
/** Room in `feeMax` for rising prices and replacements. */
const PRICE_HEADROOM = 2n
/** A payout that could not be signed for so long is given up, so that another rail can serve it. */
const UNSENT_PATIENCE_MS = 120_000

/** Why the destination can never be paid here, or undefined. */
export function checkDestination(parts: Pick<PayoutParts, 'token' | 'hub'>, destination: Destination): string | undefined {
  if (destination.kind !== 'evm_address') return 'this rail pays evm_address only'
  const { address } = destination
  if (!/^0x[0-9a-fA-F]{40}$/.test(address)) return 'an address is 0x and 40 hex digits'
  const mixed = /[a-f]/.test(address.slice(2)) && /[A-F]/.test(address.slice(2))
  if (mixed && !isAddress(address)) return 'the checksum of the address is wrong (EIP-55)'
  if (/^0x0+$/.test(address)) return 'the zero address cannot be paid'
  if (lower(address) === parts.token) return 'the token contract cannot be paid'
  if (lower(address) === parts.hub) return 'the hub cannot be paid by a plain transfer'
  return undefined
}

/** What a payout would cost and whether it can be made now. */
export async function estimatePayout(parts: PayoutParts, query: PayoutQuery): Promise<Estimate> {
  const { asset, gasAsset, fees, contracts, chain, lane } = parts
  const wrong = sameAsset(query.amount.asset, asset) ? checkDestination(parts, query.destination) : `this rail moves ${asset.id}`
  if (wrong) return { kind: 'impossible', reason: 'invalid_destination', detail: wrong }
  // What is sent here now would wait until a person has looked; another rail may serve it.
  if (lane.isHalted()) return { kind: 'impossible', reason: 'rejected_by_rail', detail: 'nothing is signed with the key at present' }
  try {
    const [quote, held, ether] = await Promise.all([
      fees.quote(),
      contracts.balanceOf(lane.operator, 'latest'),
      chain.balance(lane.operator, 'latest'),
    ])
    const feeMax = (TRANSFER_GAS_MAX * quote.maxFee + quote.dataFees.transfer) * PRICE_HEADROOM
    const available = held - parts.leaving()
    if (feeMax > ether) return { kind: 'impossible', reason: 'insufficient_liquidity', detail: 'the ether for gas is too little' }
    if (query.amount.units > available) {
      const upTo = money(asset, available > 0n ? available : 0n)
      return { kind: 'impossible', reason: 'insufficient_liquidity', detail: 'the token balance is too small', upTo }
    }
    const gasAt = (price: bigint) => gasOf(parts, quote, price)
    const now = gasAt(quote.baseFee + quote.priorityFee)
    return {
      kind: 'possible',
      fee: now,
      gas: { now, high: gasAt(quote.highPrice) },
      feeMax: money(gasAsset, feeMax),
      // Nothing is sent that a simulation refuses, so a failure is free but for the rare revert.
      failureFee: money(gasAsset, 0n),
      successPpm: 999_000n,
      secondsToFunds: quote.blockSeconds * parts.blocksToFinal,
      secondsToFail: 1n,
      available: money(asset, available > 0n ? available : 0n),
    }
  } catch (error) {
    // A node that does not answer has refused nothing: the port's caller takes a throw for silence.
    if (!(error instanceof RpcRefused)) throw error
    return { kind: 'impossible', reason: 'rejected_by_rail', detail: 'the node refused to say what it would cost' }
  }
}

/** What one payout takes at the price that was last heard of. */
export function gasNow(parts: Pick<PayoutParts, 'gasAsset' | 'fees'>): Money | undefined {
  const quote = parts.fees.last()
  return quote && gasOf(parts, quote, quote.baseFee + quote.priorityFee)
}

function gasOf({ gasAsset }: Pick<PayoutParts, 'gasAsset'>, { dataFees }: FeeQuote, price: bigint): Money {
  return money(gasAsset, TRANSFER_GAS_EXPECTED * price + dataFees.transfer)
}

/** Units of payouts that are signed and not mined. */
export function unitsLeaving(lane: Pick<Lane, 'flights'>, actions: ActionTable): bigint {
  let sum = 0n
  for (const { row, mined } of lane.flights()) {
    const request = mined ? undefined : actions.get(row.actionIds[0] ?? '')?.request
    if (request?.kind === 'payout') sum += request.units
  }
  return sum
}

/** The attempt as a request, or why it cannot be tried. */
export function readPayout(parts: PayoutParts, attempt: Attempt): Payout | Extract<Ending, { kind: 'failed' }> {
  const wrong = checkDestination(parts, attempt.destination)
  if (wrong || attempt.destination.kind !== 'evm_address') return { kind: 'failed', reason: 'invalid_destination', detail: wrong ?? '' }
  if (!sameAsset(attempt.amount.asset, parts.asset))
    return { kind: 'failed', reason: 'rejected_by_rail', detail: `this rail moves ${parts.asset.id}` }
  if (!sameAsset(attempt.feeMax.asset, parts.gasAsset)) {
    return { kind: 'failed', reason: 'rejected_by_rail', detail: `the fee limit is in ${parts.gasAsset.id} here` }
  }
  const request = readRequest({
    kind: 'payout',
    to: attempt.destination.address,
    units: attempt.amount.units,
    feeMax: attempt.feeMax.units,
  })
  if (request?.kind !== 'payout' || request.units === 0n)
    return { kind: 'failed', reason: 'rejected_by_rail', detail: 'the amount is out of range' }
  return request
}

/** Paying the token out of the operator's wallet. */
export function payoutWork(parts: PayoutParts): Work {
  const startedAt = parts.clock.now()
  return {
    async prepare(action) {
      const { to, units, feeMax } = payoutOf(action)
      // Nothing is signed while an action is open, so giving up is certain; but not while the file or its endpoint is in doubt. Of an older file the endpoint
      // must have time to say so.
      const waited = parts.clock.now() - Math.max(action.openedAt, startedAt) // not money: a time
      if (waited > UNSENT_PATIENCE_MS && !parts.lane.isHalted()) {
        return { kind: 'end', ending: { kind: 'failed', reason: 'never_sent', detail: 'the node did not answer for too long' } }
      }
      const call = { to: parts.token, data: encodeFunctionData({ abi: tokenAbi, functionName: 'transfer', args: [to, units] }) }
      try {
        const gas = await parts.chain.estimateGas({ from: parts.lane.operator, ...call })
        // The limit is on all that the transaction costs; what the chain takes beside gas leaves less of it for gas.
        const { transfer: dataFee } = (await parts.fees.quote()).dataFees
        return { kind: 'send', ...call, gas: (gas * 13n) / 10n, feeLimit: feeMax > dataFee ? feeMax - dataFee : 0n }
      } catch (error) {
        const ending = refusalOf(error)
        if (!ending) throw error
        return parts.lane.isHalted() ? { kind: 'wait' } : { kind: 'end', ending }
      }
    },
    refused(refusal) {
      if (refusal === 'price') return { kind: 'failed', reason: 'fee_above_limit' }
      if (refusal === 'gas_money') return { kind: 'failed', reason: 'insufficient_liquidity', detail: 'the ether for gas is too little' }
      return 'wait'
    },
    async conclude(_, { receipt, at, costWei }) {
      if (receipt.status === '0x1') return { kind: 'settled', hash: receipt.transactionHash, at, costWei }
      return { kind: 'failed', reason: 'reverted', detail: 'the transfer reverted on chain' }
    },
  }
}

/** What the stream says of a payout that was settled and came to nothing: where the money is still. */
export function undoneOf(action: Action, at: number): { place: string; units: bigint; at: number; account: Hex } {
  const { to, units } = payoutOf(action)
  return { place: 'wallet', units, at, account: to }
}

function payoutOf(action: Action): Payout {
  invariant(action.request.kind === 'payout', `action ${action.id} is a payout`)
  return action.request
}
