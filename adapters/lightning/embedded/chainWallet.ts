import { isGatewayError } from '../../../gateway/errors/gatewayError.ts'
import { invariant } from '../../../gateway/errors/invariant.ts'
import { type Asset, sameAsset } from '../../../gateway/money/asset.ts'
import { type Money, money } from '../../../gateway/money/money.ts'
import type { ChainWallet, WithdrawalProgress } from '../../../gateway/ports/chainWallet.ts'
import { FINAL_DEPTH } from './coins/finalDepth.ts'
import type { WithdrawalState } from './coins/withdrawals.ts'
import type { NodePlace } from './payments/nodeEvents.ts'
import type { WorkerLink } from './process/workerLink.ts'
import { wholeSats } from './wholeSats.ts'

const CALL_DEADLINE_MS = 5_000
/** Blocks come every ten minutes where they are real, and by command where they are not. */
const CHECK_AFTER_MS = 1_000
const PLACE: NodePlace = 'wallet'
const MSAT_PER_SAT = 1_000n

/** The embedded node's own coins, which closed channels have brought. */
export function chainWallet(link: Pick<WorkerLink, 'call'>, asset: Asset): ChainWallet {
  return {
    place: PLACE,
    planWithdrawal: async ({ address, amount, feeRateSatPerVb, feeMax }) => {
      const sats = amount === 'all' ? amount : wholeSats(amountIn(asset, amount))
      const feeSatsMax = feeMax && amountIn(asset, feeMax) / MSAT_PER_SAT
      const plan = await link.call('planWithdrawal', { address, sats, feeRateSatPerVb, feeSatsMax }, CALL_DEADLINE_MS)
      return {
        address,
        amount: money(asset, plan.sats * MSAT_PER_SAT),
        fee: money(asset, plan.feeSats * MSAT_PER_SAT),
        inputs: plan.inputs,
      }
    },
    withdraw: async (id, { address, amount, fee, inputs }) => {
      const order = { address, sats: wholeSats(amountIn(asset, amount)), feeSats: wholeSats(amountIn(asset, fee)), inputs }
      try {
        return progressOf(await link.call('withdraw', { id, order }, CALL_DEADLINE_MS), asset)
      } catch (error) {
        if (!isGatewayError(error)) throw error
        const outcome = { kind: 'unknown', checkAfterMs: CHECK_AFTER_MS, detail: error.shortMessage } as const
        return { outcome, transaction: undefined, confirmations: 0 }
      }
    },
  }
}

function progressOf(state: WithdrawalState, asset: Asset): WithdrawalProgress {
  if (state.kind === 'refused') {
    const outcome = { kind: 'failed', reason: 'rejected_by_rail', detail: state.detail } as const
    return { outcome, transaction: undefined, confirmations: 0 }
  }
  const { txid, confirmations, feeSats, endedAt } = state
  const common = { transaction: txid, confirmations }
  if (state.kind === 'sent') {
    const detail = confirmations === 0 ? 'it is in no block yet' : `${confirmations} of ${FINAL_DEPTH} confirmations`
    return { ...common, outcome: { kind: 'unknown', checkAfterMs: CHECK_AFTER_MS, detail } }
  }
  const evidence = { rail: 'lightning', id: txid, at: Number(endedAt) } as const // not money: a time in ms
  return { ...common, outcome: { kind: 'settled', evidence, fee: money(asset, feeSats * MSAT_PER_SAT) } }
}

function amountIn(asset: Asset, amount: Money): bigint {
  invariant(sameAsset(amount.asset, asset), 'what leaves a bitcoin wallet is bitcoin')
  return amount.units
}
