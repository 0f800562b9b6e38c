import { encodeFunctionData } from 'viem'
import { hubAbi } from '../node/abi.ts'
import type { RequestOf } from '../sending/requests.ts'
import type { Work } from '../sending/steps.ts'
import { refusalOf } from './refusals.ts'
import { GAS_MARGIN, type VoucherChannelParts } from './voucherChannels.ts'

/** Closing a channel by our own word as its closer: the rest goes to its payer. The contract closes it once. */
export function closingWork(parts: VoucherChannelParts): Work {
  return {
    async prepare({ id, request }) {
      if (request.kind !== 'closing') throw new Error(`action ${id} closes no channel`)
      const call = closingCall(parts.hub, request)
      try {
        const gas = await parts.chain.estimateGas({ from: parts.operator, ...call })
        return { kind: 'send', ...call, gas: (gas * GAS_MARGIN.num) / GAS_MARGIN.den }
      } catch (error) {
        const ending = refusalOf(error)
        if (!ending) throw error
        return { kind: 'end', ending }
      }
    },
    refused: (refusal) => (refusal === 'tries' ? { kind: 'failed', reason: 'reverted' } : 'wait'),
    async conclude(_, { receipt, at, costWei }) {
      if (receipt.status === '0x1') return { kind: 'settled', hash: receipt.transactionHash, at, costWei }
      return 'again'
    },
  }
}

function closingCall(hub: `0x${string}`, { terms, claimedMin, signature }: RequestOf<'closing'>) {
  const args = [terms, claimedMin, signature] as const
  return { to: hub, data: encodeFunctionData({ abi: hubAbi, functionName: 'closeCooperatively', args }) }
}
