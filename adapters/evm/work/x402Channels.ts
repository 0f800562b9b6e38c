import { decodeFunctionResult, encodeAbiParameters, encodeFunctionData } from 'viem'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { VoucherChannelState } from '../../../gateway/ports/voucherChannels.ts'
import { BATCH_SETTLEMENT, DEPOSIT_COLLECTOR } from '../../../gateway/ports/x402Channels.ts'
import type { BlockTag, Chain } from '../node/chain.ts'
import { batchSettlementAbi as abi } from '../node/x402ChannelAbi.ts'
import type { RequestOf } from '../sending/requests.ts'
import type { Call } from './callWork.ts'
import { readStates } from './voucherChannels.ts'

/** The transaction that deposits. */
export function depositCall({ config, deposit }: RequestOf<'x402Deposit'>): Call {
  const { value, validAfter, validBefore, salt, signature } = deposit
  const collectorData = encodeAbiParameters(
    [{ type: 'uint256' }, { type: 'uint256' }, { type: 'uint256' }, { type: 'bytes' }],
    [validAfter, validBefore, BigInt(salt), signature],
  )
  const args = [config, value, DEPOSIT_COLLECTOR, collectorData] as const
  return { to: BATCH_SETTLEMENT, data: encodeFunctionData({ abi, functionName: 'deposit', args }) }
}

/** Claims the rows, and sends their receiver all that stands claimed for it. */
export function claimCall({ receiver, token, rows }: RequestOf<'x402Claim'>): Call {
  return { to: BATCH_SETTLEMENT, data: encodeFunctionData({ abi, functionName: 'multicall', args: [claiming({ receiver, token, rows })] }) }
}

/** Pays a channel back, once what it owes is claimed. Whatever becomes of it, its nonce is good for one. */
export function refundCall({ config, units, nonce, signature, claims }: RequestOf<'x402Refund'>): Call {
  const { receiver, token } = config
  const owed = claims.length > 0 ? claiming({ receiver, token, rows: claims }) : []
  const refund = encodeFunctionData({ abi, functionName: 'refundWithSignature', args: [config, units, nonce, signature] })
  return { to: BATCH_SETTLEMENT, data: encodeFunctionData({ abi, functionName: 'multicall', args: [[...owed, refund]] }) }
}

function claiming({ receiver, token, rows }: Pick<RequestOf<'x402Claim'>, 'receiver' | 'token' | 'rows'>): readonly Hex[] {
  const claims = rows.map(({ config, cumulative, signature, charged }) => ({
    voucher: { channel: config, maxClaimableAmount: cumulative },
    signature,
    totalClaimed: charged,
  }))
  return [
    encodeFunctionData({ abi, functionName: 'claim', args: [claims] }),
    encodeFunctionData({ abi, functionName: 'settle', args: [receiver, token] }),
  ]
}

/** How often a channel was paid back, by its contract. */
export async function readRefundNonce(chain: Chain, id: Hex, block: BlockTag): Promise<bigint> {
  const data = encodeFunctionData({ abi, functionName: 'refundNonce', args: [id] })
  return decodeFunctionResult({ abi, functionName: 'refundNonce', data: await chain.call({ to: BATCH_SETTLEMENT, data }, block) })
}

/** The chain's word about channels at its newest block, with what is in them there and at the newest block that counts, whichever is less. */
export function readX402Channels(
  chain: Chain,
  ids: readonly Hex[],
  o: Readonly<{ newest: BlockTag; final: BlockTag }>,
): Promise<VoucherChannelState[]> {
  const balance = async (id: Hex, block: BlockTag) => {
    const data = encodeFunctionData({ abi, functionName: 'channels', args: [id] })
    const answer = await chain.call({ to: BATCH_SETTLEMENT, data }, block)
    return decodeFunctionResult({ abi, functionName: 'channels', data: answer })
  }
  const withdrawal = async (id: Hex) => {
    const data = encodeFunctionData({ abi, functionName: 'pendingWithdrawals', args: [id] })
    const answer = await chain.call({ to: BATCH_SETTLEMENT, data }, o.newest)
    const [, initiatedAt] = decodeFunctionResult({ abi, functionName: 'pendingWithdrawals', data: answer })
    return BigInt(initiatedAt)
  }
  const one = async (id: Hex): Promise<VoucherChannelState> => {
    const [[newest, claimed], [final], closeAt] = await Promise.all([balance(id, o.newest), balance(id, o.final), withdrawal(id)])
    return { id, deposit: newest < final ? newest : final, claimed, closeAt }
  }
  return readStates(ids, one)
}
