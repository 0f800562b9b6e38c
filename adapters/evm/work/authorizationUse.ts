import { encodeAbiParameters, keccak256 } from 'viem'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Chain } from '../node/chain.ts'
import type { Log } from '../node/wire.ts'
import { isPermit, type RequestOf } from '../sending/requests.ts'
import { type AuthorizationEvent, addressTopic, authorizationsIn, paymentsIn, TOPIC } from '../stream/events.ts'
import { findInRanges } from './findInRanges.ts'
import { findPermitUse, permitPaymentIn, type Use } from './permitUse.ts'

type Authorization = RequestOf<'collection'>['authorization']

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
  if (isPermit(authorization.kind)) return findPermitUse(chain, at.token, authorization, newest)
  const { from, nonce } = authorization
  const topics = [[TOPIC.authorizationUsed, TOPIC.authorizationCanceled], [addressTopic(from)], [nonce]]
  return findInRanges(newest, async (range) => {
    const [used] = await chain.logs({ address: at.token, topics, ...range })
    return used && { found: await judge(chain, at, authorization, used) }
  })
}

async function judge(chain: Chain, at: { token: Hex; hub: Hex }, authorization: Authorization, used: Log): Promise<Use | undefined> {
  const place = { hash: used.transactionHash, block: used.blockNumber, blockHash: used.blockHash }
  if (used.topics[0] === TOPIC.authorizationCanceled) return { kind: 'otherwise', ...place }
  const receipt = await chain.receipt(used.transactionHash)
  if (!receipt || receipt.blockHash !== used.blockHash) return undefined
  return { kind: paymentIn(receipt.logs, at, authorization) ? 'paid' : 'otherwise', ...place }
}

/**
 * The log of one transaction that shows that the authorization moved its value to its receiver, and for `receive` into its split; undefined when none does. Of
 * those that a transaction carries together each has a log of its own.
 */
export function paymentIn(logs: readonly Log[], at: { token: Hex; hub: Hex }, authorization: Authorization): Log | undefined {
  const { from, to, value, nonce, kind, splitId, ref } = authorization
  if (isPermit(kind)) return permitPaymentIn(logs, at.token, authorization)
  const { moved, paid } = readOnce(logs, at)
  const use = moved.get(`${from} ${nonce}`)
  if (use?.transfer?.to !== to || use.transfer.value !== value) return undefined
  return kind === 'transfer' || paid.has(`${splitId} ${ref} ${from} ${value}`) ? use.log : undefined
}

type Read = Readonly<{ moved: ReadonlyMap<string, AuthorizationEvent>; paid: ReadonlySet<string> }>

/** By the logs of a receipt: those of a batch are asked about once for each of its rows. */
const known = new WeakMap<readonly Log[], Read>()

function readOnce(logs: readonly Log[], at: { token: Hex; hub: Hex }): Read {
  const standing = known.get(logs)
  if (standing) return standing
  const read = {
    moved: new Map(authorizationsIn(logs, at.token).map((use) => [`${use.from} ${use.nonce}`, use])),
    paid: new Set(paymentsIn(logs, at).map(({ splitId, ref, from, value }) => `${splitId} ${ref} ${from} ${value}`)),
  }
  known.set(logs, read)
  return read
}
