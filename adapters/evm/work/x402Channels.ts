import { decodeFunctionResult, encodeAbiParameters, encodeFunctionData } from 'viem'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { VoucherChannelState } from '../../../gateway/ports/voucherChannels.ts'
import { BATCH_SETTLEMENT, DEPOSIT_COLLECTOR } from '../../../gateway/ports/x402Channels.ts'
import type { BlockTag, Chain } from '../node/chain.ts'
import { batchSettlementAbi as abi } from '../node/x402ChannelAbi.ts'
import type { Action } from '../sending/actionTable.ts'
import type { RequestOf } from '../sending/requests.ts'
import type { Work } from '../sending/steps.ts'
import { mayRisk, type PayersGasParts, unlessSent } from './payersGas.ts'
import { NO_LANE, refusalOf } from './refusals.ts'

type Parts = Pick<PayersGasParts, 'codeRisk'> & Readonly<{ chain: Chain; operator: Hex; senders: readonly Hex[] }>

/** Channels asked for at the same time. */
const READ_AT_ONCE = 64
/** Room for storage that turned cold or fresh since the simulation: 30 %. */
const GAS_MARGIN = { num: 13n, den: 10n }

/** Deposits into x402's channels by the payer's signature, whose nonce on chain decides that it happens once, and claims, which the contract makes idempotent. */
export function x402ChannelWork(parts: Parts): Work {
  const { chain } = parts
  return {
    prepare: unlessSent(parts.codeRisk.unsent, async (action) => {
      const { call, sender, payer } = callOf(action)
      if (sender !== undefined && !parts.senders.includes(sender)) return { kind: 'end', ending: NO_LANE }
      try {
        const gas = chain.estimateGas({ from: sender ?? parts.operator, ...call })
        const risked = payer ? await mayRisk(parts, action, { payer, gas }) : 'go'
        if (risked === 'later') return { kind: 'wait' }
        if (risked !== 'go') return { kind: 'end', ending: risked }
        return { kind: 'send', ...call, gas: ((await gas) * GAS_MARGIN.num) / GAS_MARGIN.den, sender }
      } catch (error) {
        const ending = refusalOf(error)
        if (!ending) throw error
        // Nobody waits for a claim, and nothing was promised on a deposit: what comes true later is asked for again later.
        return { kind: 'end', ending }
      }
    }),
    refused: (refusal) => (refusal === 'tries' ? { kind: 'failed', reason: 'reverted' } : 'wait'),
    async conclude(action, { receipt, at, costWei }) {
      const { payer } = callOf(action)
      const isDone = receipt.status === '0x1'
      if (payer) parts.codeRisk[isDone ? 'paid' : 'lost'](action.id, payer)
      // What another relayer or a withdrawal has changed in between, the next simulation says.
      return isDone ? { kind: 'settled', hash: receipt.transactionHash, at, costWei } : 'again'
    },
  }
}

type Call = Readonly<{ to: Hex; data: Hex }>

function callOf({ id, request }: Action): Readonly<{ call: Call; sender?: Hex; payer?: Hex }> {
  if (request.kind === 'x402Deposit') return { call: depositCall(request), payer: request.config.payer }
  if (request.kind !== 'x402Claim') throw new Error(`action ${id} is of no channel of x402`)
  return { call: claimCall(request), sender: request.sender }
}

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
function claimCall({ receiver, token, rows }: RequestOf<'x402Claim'>): Call {
  const claims = rows.map(({ config, cumulative, signature, charged }) => ({
    voucher: { channel: config, maxClaimableAmount: cumulative },
    signature,
    totalClaimed: charged,
  }))
  const both = [
    encodeFunctionData({ abi, functionName: 'claim', args: [claims] }),
    encodeFunctionData({ abi, functionName: 'settle', args: [receiver, token] }),
  ]
  return { to: BATCH_SETTLEMENT, data: encodeFunctionData({ abi, functionName: 'multicall', args: [both] }) }
}

/** The chain's word about channels at its newest block, with what is in them there and at the newest block that counts, whichever is less. */
export async function readX402Channels(
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
  const states: VoucherChannelState[] = []
  for (let start = 0; start < ids.length; start += READ_AT_ONCE)
    states.push(...(await Promise.all(ids.slice(start, start + READ_AT_ONCE).map(one))))
  return states
}
