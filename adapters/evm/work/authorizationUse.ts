import { encodeAbiParameters, keccak256 } from 'viem'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Chain } from '../node/chain.ts'
import type { Log } from '../node/wire.ts'
import type { RequestOf } from '../sending/requests.ts'
import { addressTopic, authorizationsIn, paymentsIn, TOPIC } from '../stream/events.ts'

type Authorization = RequestOf<'collection'>['authorization']

/** What became of an authorization's nonce: `paid` moved exactly the value to exactly the receiver, `otherwise` is any other use. */
type Use = Readonly<{ kind: 'paid' | 'otherwise'; hash: Hex; block: bigint; blockHash: Hex }>

const RANGE_BLOCKS = 2_000n
const RANGES_MAX = 50

/** The nonce that binds a `receive` authorization to one split and one reference (SettlementHub.pay). */
export function hubNonce(splitId: Hex, ref: Hex): Hex {
  return keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [splitId, ref]))
}

/** The transaction that used or cancelled the nonce, looked for backwards from the block `newest`; undefined when it is not in the 100,000 blocks before it. */
export async function findUse(
  chain: Chain,
  at: { token: Hex; hub: Hex },
  authorization: Authorization,
  newest: bigint,
): Promise<Use | undefined> {
  const { from, nonce } = authorization
  if (newest < 0n) return undefined
  let to = newest
  for (let range = 0; range < RANGES_MAX; range++) {
    const fromBlock = to < RANGE_BLOCKS ? 0n : to - RANGE_BLOCKS + 1n
    const topics = [[TOPIC.authorizationUsed, TOPIC.authorizationCanceled], [addressTopic(from)], [nonce]]
    const found = await chain.logs({ address: at.token, topics, fromBlock, toBlock: to })
    const used = found[0]
    if (used) return judge(chain, at, authorization, used)
    if (fromBlock === 0n) return undefined
    to = fromBlock - 1n
  }
  return undefined
}

async function judge(chain: Chain, at: { token: Hex; hub: Hex }, authorization: Authorization, used: Log): Promise<Use | undefined> {
  const place = { hash: used.transactionHash, block: used.blockNumber, blockHash: used.blockHash }
  if (used.topics[0] === TOPIC.authorizationCanceled) return { kind: 'otherwise', ...place }
  const receipt = await chain.receipt(used.transactionHash)
  if (!receipt || receipt.blockHash !== used.blockHash) return undefined
  return { kind: paidBy(receipt.logs, at, authorization) ? 'paid' : 'otherwise', ...place }
}

/** True when these logs of one transaction show that the authorization moved its value to its receiver, and for `receive` into its split. */
export function paidBy(logs: readonly Log[], at: { token: Hex; hub: Hex }, authorization: Authorization): boolean {
  const { from, to, value, nonce, kind, splitId, ref } = authorization
  const moved = authorizationsIn(logs, at.token).some(
    (use) => use.from === from && use.nonce === nonce && use.transfer?.to === to && use.transfer.value === value,
  )
  if (!moved || kind === 'transfer') return moved
  return paymentsIn(logs, at).some((paid) => paid.splitId === splitId && paid.ref === ref && paid.from === from && paid.value === value)
}
