import { z } from 'zod'
import { invariant } from '../../../gateway/errors/invariant.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { type Rpc, RpcSilent } from './rpc.ts'
import {
  blockTransactions,
  blockWithSenders,
  type Call,
  call,
  feeHistory,
  type Header,
  hash32,
  header,
  hexData,
  type Log,
  log,
  quantity,
  type Receipt,
  receipt,
} from './wire.ts'

export type BlockTag = bigint | 'latest' | 'pending'
/** `gas`: what the call may burn; the node's own limit when absent. */
type CallRequest = Readonly<{ from?: Hex; to: Hex; data: Hex; gas?: bigint }>
/** Topics by place: undefined for any, a list for one of. */
type LogFilter = Readonly<{ address: Hex | readonly Hex[]; topics: readonly (readonly Hex[] | undefined)[] }> &
  (Readonly<{ fromBlock: bigint; toBlock: bigint }> | Readonly<{ blockHash: Hex }>)

/** The node's methods that this rail uses, typed. Each throws RpcSilent or RpcRefused. */
export type Chain = ReturnType<typeof createChain>

export function createChain(rpc: Rpc) {
  const blockText = (block: BlockTag): string => (typeof block === 'bigint' ? numberText(block) : block)

  return {
    chainId: () => rpc.call('eth_chainId', [], quantity),

    async header(block: bigint | 'latest'): Promise<Header> {
      const found = await rpc.call('eth_getBlockByNumber', [blockText(block), false], header.nullable())
      // A node behind a balancer may not have seen the block yet that another one named.
      if (!found) throw new RpcSilent(`block ${block} is not there yet`)
      return found
    },

    senders: (block: bigint) => rpc.call('eth_getBlockByNumber', [numberText(block), true], blockWithSenders),
    transaction: (hash: Hex): Promise<Call | null> => rpc.call('eth_getTransactionByHash', [hash], call.nullable()),
    receipt: (hash: Hex): Promise<Receipt | null> => rpc.call('eth_getTransactionReceipt', [hash], receipt.nullable()),
    transactionCount: (account: Hex, block: BlockTag) => rpc.call('eth_getTransactionCount', [account, blockText(block)], quantity),
    balance: (account: Hex, block: BlockTag) => rpc.call('eth_getBalance', [account, blockText(block)], quantity),
    code: (account: Hex) => rpc.call('eth_getCode', [account, 'latest'], hexData),
    call: ({ gas, ...request }: CallRequest, block: BlockTag) =>
      rpc.call('eth_call', [gas === undefined ? request : { ...request, gas: numberText(gas) }, blockText(block)], hexData),
    /** What code answers that is run as a constructor and deployed nowhere; `gas` as in `call`. */
    run: (data: Hex, block: BlockTag, gas?: bigint) =>
      rpc.call('eth_call', [gas === undefined ? { data } : { data, gas: numberText(gas) }, blockText(block)], hexData),
    estimateGas: (request: CallRequest) => rpc.call('eth_estimateGas', [request], quantity),
    sendRaw: (raw: Hex) => rpc.call('eth_sendRawTransaction', [raw], hash32),

    /** Base fees and the median tip of the last `blocks` blocks; the last base fee is the next block's. */
    feeHistory: (blocks: number) => rpc.call('eth_feeHistory', [`0x${blocks.toString(16)}`, 'latest', [50]], feeHistory),

    /** The transactions of one block. */
    async transactionsIn(block: Hex): Promise<Hex[]> {
      const found = await rpc.call('eth_getBlockByHash', [block, false], blockTransactions.nullable())
      if (!found) throw new RpcSilent(`block ${block} is not there`)
      return found.transactions
    },

    /** In chain order. */
    async logs(filter: LogFilter): Promise<Log[]> {
      const range =
        'blockHash' in filter
          ? { blockHash: filter.blockHash }
          : { fromBlock: numberText(filter.fromBlock), toBlock: numberText(filter.toBlock) }
      const topics = filter.topics.map((topic) => topic ?? null)
      const found = await rpc.call('eth_getLogs', [{ address: filter.address, topics, ...range }], z.array(log))
      return found.sort(byPlace)
    },
  }
}

/** Chain order: by block, then by place in it. */
export function byPlace(a: Log, b: Log): number {
  if (a.blockNumber !== b.blockNumber) return a.blockNumber < b.blockNumber ? -1 : 1
  return a.logIndex < b.logIndex ? -1 : a.logIndex > b.logIndex ? 1 : 0
}

function numberText(block: bigint): Hex {
  invariant(block >= 0n, 'blocks are numbered from zero')
  return `0x${block.toString(16)}`
}
