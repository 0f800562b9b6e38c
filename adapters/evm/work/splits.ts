import { encodeFunctionData } from 'viem'
import type { Clock } from '../../../gateway/ports/clock.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { hubAbi } from '../node/abi.ts'
import type { Chain } from '../node/chain.ts'
import { type Contracts, claimData, vouchersData } from '../node/contracts.ts'
import { receiverAddress } from '../node/offers.ts'
import type { Action, Ending } from '../sending/actionTable.ts'
import type { Step, Work } from '../sending/steps.ts'
import { withMargin } from './callWork.ts'
import { refusalOf } from './refusals.ts'

type SplitParts = Readonly<{ chain: Chain; contracts: Contracts; token: Hex; hub: Hex; operator: Hex; clock: Clock }>

/** Anyone may repeat a sweep or a claim, so one that could not be signed for so long is given up. */
const UNSENT_PATIENCE_MS = 600_000

/**
 * Sweeps, claims and claims of vouchers. All are idempotent on chain; where nothing is left to do the action is settled, with `nothing due` as its evidence.
 */
export function splitWork(parts: SplitParts): Work {
  const { chain, contracts, clock } = parts

  async function due(action: Action): Promise<{ units: bigint; data: Hex }> {
    const { request } = action
    if (request.kind === 'sweep') {
      const units = await contracts.balanceOf(receiverAddress(parts.hub, request.splitId), 'latest')
      return { units, data: encodeFunctionData({ abi: hubAbi, functionName: 'sweep', args: [request.splitId, parts.token] }) }
    }
    if (request.kind === 'vouchers') {
      return { units: await contracts.vouchable(request, parts.operator), data: vouchersData(request, parts.token) }
    }
    if (request.kind !== 'claim') throw new Error(`action ${action.id} is neither sweep nor claim`)
    return { units: await contracts.claimable(request.share, parts.operator), data: claimData(request.share, parts.token) }
  }

  async function simulate(action: Action): Promise<Step> {
    const { units, data } = await due(action)
    if (units === 0n) return { kind: 'end', ending: { kind: 'settled', hash: 'nothing due', at: clock.now(), costWei: 0n } }
    const gas = await chain.estimateGas({ from: parts.operator, to: parts.hub, data })
    return { kind: 'send', to: parts.hub, data, gas: withMargin(gas) }
  }

  return {
    async prepare(action) {
      if (clock.now() - action.openedAt > UNSENT_PATIENCE_MS) {
        return { kind: 'end', ending: { kind: 'failed', reason: 'never_sent', detail: 'it could not be sent for too long' } }
      }
      try {
        return await simulate(action)
      } catch (error) {
        const ending = refusalOf(error)
        if (!ending) throw error
        return { kind: 'end', ending }
      }
    },
    refused: () => 'wait',
    async conclude(_, { receipt, at, costWei }): Promise<Ending> {
      if (receipt.status === '0x1') return { kind: 'settled', hash: receipt.transactionHash, at, costWei }
      return { kind: 'failed', reason: 'reverted' }
    },
  }
}
