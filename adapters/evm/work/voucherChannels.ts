import { encodeFunctionData } from 'viem'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { VoucherChannelState } from '../../../gateway/ports/voucherChannels.ts'
import { hubAbi } from '../node/abi.ts'
import type { BlockTag } from '../node/chain.ts'
import type { Contracts } from '../node/contracts.ts'
import type { RequestOf } from '../sending/requests.ts'
import type { Call } from './callWork.ts'

/** Channels asked for at the same time. */
const READ_AT_ONCE = 64

/** The transaction that opens a channel, or adds to one. */
export function openingCall(hub: Hex, { terms, deposit }: RequestOf<'opening'>): Call {
  const args = [terms, deposit] as const
  return { to: hub, data: encodeFunctionData({ abi: hubAbi, functionName: 'openWithAuthorization', args }) }
}

/** The transaction that closes a channel by its closer's own word: the rest goes to its payer. */
export function closingCall(hub: Hex, { terms, claimedMin, signature }: RequestOf<'closing'>): Call {
  const args = [terms, claimedMin, signature] as const
  return { to: hub, data: encodeFunctionData({ abi: hubAbi, functionName: 'closeCooperatively', args }) }
}

/** The chain's word about channels at one block, in the order of the ids. */
export function readChannels(contracts: Contracts, ids: readonly Hex[], block: BlockTag): Promise<VoucherChannelState[]> {
  return readStates(ids, async (id) => ({ id, ...(await contracts.channel(id, block)) }))
}

/** What `read` says of each, some at a time. */
export async function readStates(ids: readonly Hex[], read: (id: Hex) => Promise<VoucherChannelState>): Promise<VoucherChannelState[]> {
  const states: VoucherChannelState[] = []
  for (let start = 0; start < ids.length; start += READ_AT_ONCE)
    states.push(...(await Promise.all(ids.slice(start, start + READ_AT_ONCE).map(read))))
  return states
}
