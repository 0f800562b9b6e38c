import { decodeFunctionData, toFunctionSelector } from 'viem'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { EXACT_PROXY, UPTO_PROXY } from '../../../gateway/ports/permit2.ts'
import type { Chain } from '../node/chain.ts'
import { createContracts, lower } from '../node/contracts.ts'
import { exactProxyAbi, uptoProxyAbi } from '../node/permitAbi.ts'
import { RpcRefused, RpcSilent } from '../node/rpc.ts'
import { hash32, type Log } from '../node/wire.ts'
import { permitReference } from '../sending/requests.ts'
import { SETTLED_TOPIC, type TransferEvent, transfersIn } from './events.ts'

/** What a call of one of x402's proxies moves, and the nonce that it uses up. */
type PermitCall = Readonly<{ proxy: Hex; from: Hex; nonce: Hex; to: Hex; value: bigint }>
type PermitTransfer = Readonly<{ transfer: TransferEvent; proxy: Hex }>

/** A transaction of 128 kB has room for some hundred; more than this is nobody's honest batch. */
const CALLS_MAX = 512
const PROXIES = new Set<Hex>([EXACT_PROXY, UPTO_PROXY])
const SELECTORS = [
  [EXACT_PROXY, toFunctionSelector(exactProxyAbi[0]).slice(2)],
  [UPTO_PROXY, toFunctionSelector(uptoProxyAbi[0]).slice(2)],
] as const

/**
 * The token's transfers that x402's proxies made. Permit2 says nothing by itself, and the proxy says only that it has settled: as the next log after all that
 * the token says of the transfer.
 */
export function permitTransfersIn(logs: readonly Log[], token: Hex): PermitTransfer[] {
  const own = new Map(transfersIn(logs, token).map((transfer) => [transfer.log, transfer]))
  let last: TransferEvent | undefined
  return logs.flatMap((log) => {
    const transfer = own.get(log)
    if (transfer) last = transfer
    else if (log.address !== token) {
      const settled = PROXIES.has(log.address) && log.topics[0] === SETTLED_TOPIC ? last : undefined
      last = undefined
      return settled ? [{ transfer: settled, proxy: log.address }] : []
    }
    return []
  })
}

/** How settlements name the permits that made transfers of one transaction, by the log of the transfer. Throws RpcSilent and RpcRefused. */
export async function permitReferences(chain: Chain, logs: readonly Log[], token: Hex): Promise<ReadonlyMap<Log, string>> {
  const moved = permitTransfersIn(logs, token)
  const [first] = moved
  if (!first) return new Map()
  const { transactionHash, blockHash, blockNumber } = first.transfer.log
  const found = await chain.transaction(transactionHash)
  if (!found || found.blockHash !== blockHash) throw new RpcSilent(`transaction ${transactionHash} moved while it was read`)
  const isOwnCall = found.to !== undefined && found.to !== null && PROXIES.has(found.to)
  const calls = callsIn(found.input, token)
  const references = new Map<Log, string>()
  for (const { transfer, proxy } of moved) {
    const fits = (call: PermitCall) =>
      call.proxy === proxy && call.from === transfer.from && call.to === transfer.to && call.value === transfer.value
    for (const call of calls.filter(fits)) {
      // What a contract was given to call with may stand there for show: a nonce that is not used has moved nothing.
      if (!isOwnCall && !(await isUsed(chain, token, call, blockNumber))) continue
      calls.splice(calls.indexOf(call), 1)
      references.set(transfer.log, permitReference(call.from, call.nonce))
      break
    }
  }
  return references
}

/** Calls of the proxies in the input of a transaction: its own, or those that it hands to a contract as they are. */
function callsIn(input: Hex, token: Hex): PermitCall[] {
  const calls: PermitCall[] = []
  for (const [proxy, selector] of SELECTORS) {
    for (let at = input.indexOf(selector, 2); at >= 0 && calls.length < CALLS_MAX; at = input.indexOf(selector, at + 1)) {
      const call = at % 2 === 0 ? readCall(proxy, `0x${input.slice(at)}`, token) : undefined
      if (call) calls.push(call)
    }
  }
  return calls
}

function readCall(proxy: Hex, data: Hex, token: Hex): PermitCall | undefined {
  try {
    if (proxy === EXACT_PROXY) {
      const [{ permitted, nonce }, owner, { to }] = decodeFunctionData({ abi: exactProxyAbi, data }).args
      return lower(permitted.token) === token ? { proxy, ...named(owner, nonce, to), value: permitted.amount } : undefined
    }
    const [{ permitted, nonce }, amount, owner, { to }] = decodeFunctionData({ abi: uptoProxyAbi, data }).args
    return lower(permitted.token) === token ? { proxy, ...named(owner, nonce, to), value: amount } : undefined
  } catch {
    // Bytes that only begin as a call does.
    return undefined
  }
}

function named(owner: Hex, nonce: bigint, to: Hex): Pick<PermitCall, 'from' | 'nonce' | 'to'> {
  return { from: lower(owner), nonce: hash32.parse(`0x${nonce.toString(16).padStart(64, '0')}`), to: lower(to) }
}

/** Nodes keep the state of recent blocks only; where it is gone, nothing is believed. */
async function isUsed(chain: Chain, token: Hex, { from, nonce }: PermitCall, block: bigint): Promise<boolean> {
  try {
    return await createContracts(chain, { token, hub: token }).permitUsed(from, nonce, block)
  } catch (error) {
    if (error instanceof RpcRefused) return false
    throw error
  }
}
