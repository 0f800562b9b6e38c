import { encodeFunctionData } from 'viem'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { VoucherChannelState } from '../../../gateway/ports/voucherChannels.ts'
import { hubAbi } from '../node/abi.ts'
import type { BlockTag, Chain } from '../node/chain.ts'
import type { Contracts } from '../node/contracts.ts'
import type { Action } from '../sending/actionTable.ts'
import type { RequestOf } from '../sending/requests.ts'
import type { Work } from '../sending/steps.ts'
import { mayRisk, type PayersGasParts, unlessSent } from './payersGas.ts'
import { refusalOf } from './refusals.ts'

export type VoucherChannelParts = Pick<PayersGasParts, 'codeRisk'> &
  Readonly<{ chain: Chain; contracts: Contracts; hub: Hex; operator: Hex }>

/** Channels asked for at the same time. */
const READ_AT_ONCE = 64
/** Room for storage that turned cold or fresh since the simulation: 30 %. */
export const GAS_MARGIN = { num: 13n, den: 10n }

/** Opening a channel, or adding to one, by the payer's signature (EIP-3009). The nonce on chain decides: it deposits once. */
export function openingWork(parts: VoucherChannelParts): Work {
  return {
    prepare: unlessSent(parts.codeRisk.unsent, async (action) => {
      const opening = openingOf(action)
      const call = openingCall(parts.hub, opening)
      try {
        const gas = parts.chain.estimateGas({ from: parts.operator, ...call })
        const risked = await mayRisk(parts, action, { payer: opening.terms.payer, gas })
        if (risked === 'later') return { kind: 'wait' }
        if (risked !== 'go') return { kind: 'end', ending: risked }
        return { kind: 'send', ...call, gas: ((await gas) * GAS_MARGIN.num) / GAS_MARGIN.den }
      } catch (error) {
        const ending = refusalOf(error)
        if (!ending) throw error
        // Nothing was promised, so nothing is waited for: what comes true later is sent again later, and then tried again.
        return { kind: 'end', ending }
      }
    }),
    refused: (refusal) => (refusal === 'tries' ? { kind: 'failed', reason: 'reverted' } : 'wait'),
    async conclude(action, { receipt, at, costWei }) {
      const { payer } = openingOf(action).terms
      if (receipt.status === '0x1') {
        parts.codeRisk.paid(action.id, payer)
        return { kind: 'settled', hash: receipt.transactionHash, at, costWei }
      }
      parts.codeRisk.lost(action.id, payer)
      // Another relayer was first, or the payer closed the channel in between: the next simulation says which.
      return 'again'
    },
  }
}

/** The transaction that opens a channel, or adds to one. */
export function openingCall(hub: Hex, { terms, deposit }: RequestOf<'opening'>): { to: Hex; data: Hex } {
  const args = [terms, deposit] as const
  return { to: hub, data: encodeFunctionData({ abi: hubAbi, functionName: 'openWithAuthorization', args }) }
}

function openingOf(action: Action): RequestOf<'opening'> {
  if (action.request.kind !== 'opening') throw new Error(`action ${action.id} opens no channel`)
  return action.request
}

/** The chain's word about channels at one block, in the order of the ids. */
export async function readChannels(contracts: Contracts, ids: readonly Hex[], block: BlockTag): Promise<VoucherChannelState[]> {
  const states: VoucherChannelState[] = []
  for (let start = 0; start < ids.length; start += READ_AT_ONCE) {
    const part = ids.slice(start, start + READ_AT_ONCE)
    states.push(...(await Promise.all(part.map(async (id) => ({ id, ...(await contracts.channel(id, block)) })))))
  }
  return states
}
