import { decodeEventLog } from 'viem'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { PERMIT2 } from '../../../gateway/ports/permit2.ts'
import type { Chain } from '../node/chain.ts'
import { permit2Abi } from '../node/permitAbi.ts'
import { permitBit } from '../node/permitBit.ts'
import type { Log } from '../node/wire.ts'
import { permitReference, type RequestOf } from '../sending/requests.ts'
import { addressTopic, INVALIDATED_TOPIC, raw, TOPIC } from '../stream/events.ts'
import { permitReferences, permitTransfersIn } from '../stream/permits.ts'
import { findInRanges } from './findInRanges.ts'

type Authorization = RequestOf<'collection'>['authorization']

/** What became of an authorization's nonce: `paid` moved exactly the value to exactly the receiver, `otherwise` is any other use. */
export type Use = Readonly<{ kind: 'paid' | 'otherwise'; hash: Hex; block: bigint; blockHash: Hex }>

/**
 * The transaction in which one of x402's proxies took what was signed, or in which the owner ended the nonce, looked for backwards from the block `newest`.
 * Undefined also for a nonce that another contract has used: Permit2 does not say so.
 */
export function findPermitUse(chain: Chain, token: Hex, authorization: Authorization, newest: bigint): Promise<Use | undefined> {
  const { from, to } = authorization
  const moves = [[TOPIC.transfer], [addressTopic(from)], [addressTopic(to)]]
  const ends = [[INVALIDATED_TOPIC], [addressTopic(from)]]
  let ended: Use | undefined
  return findInRanges<Use>(newest, async (range) => {
    const moved = await chain.logs({ address: token, topics: moves, ...range })
    for (const log of moved.reverse())
      if (await paidIn(chain, token, authorization, log)) return { found: { kind: 'paid', ...placeOf(log) } }
    // An owner may end what has paid before: one range more is looked at for that.
    if (ended) return { found: ended }
    const end = (await chain.logs({ address: PERMIT2, topics: ends, ...range })).find((log) => endsNonce(log, authorization))
    if (end) ended = { kind: 'otherwise', ...placeOf(end) }
    return ended && range.fromBlock === 0n ? { found: ended } : undefined
  })
}

function placeOf({ transactionHash: hash, blockNumber: block, blockHash }: Log): Omit<Use, 'kind'> {
  return { hash, block, blockHash }
}

function endsNonce(log: Log, { nonce }: Authorization): boolean {
  const { word, mask } = permitBit(nonce)
  const { args } = decodeEventLog({ abi: permit2Abi, eventName: 'UnorderedNonceInvalidation', ...raw(log) })
  return args.word === word && (args.mask & mask) !== 0n
}

/** Whether the transaction of this transfer used the nonce for it. */
async function paidIn(chain: Chain, token: Hex, { from, nonce }: Authorization, log: Log): Promise<boolean> {
  const receipt = await chain.receipt(log.transactionHash)
  if (receipt?.blockHash !== log.blockHash) return false
  const references = await permitReferences(chain, receipt.logs, token)
  return [...references.values()].includes(permitReference(from, nonce))
}

/** The log that shows that a transaction of ours, which carries one permit, moved what it was to move; of a maximum that is its charge. */
export function permitPaymentIn(logs: readonly Log[], token: Hex, { from, to, value, charge = value }: Authorization): Log | undefined {
  const [found] = permitTransfersIn(logs, token)
  const transfer = found?.transfer
  return transfer?.from === from && transfer.to === to && transfer.value === charge ? transfer.log : undefined
}
