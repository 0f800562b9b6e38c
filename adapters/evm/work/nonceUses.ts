import type { Clock } from '../../../gateway/ports/clock.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Authorization } from '../../../gateway/ports/receiver.ts'
import type { NonceUse } from '../../../gateway/ports/spendingView.ts'
import type { Chain } from '../node/chain.ts'
import { RpcRefused, RpcSilent } from '../node/rpc.ts'
import { readRequest } from '../sending/requests.ts'
import { findUse } from './authorizationUse.ts'

/** Whoever waits for the answer is a payer's request: after so long it is told that nothing is known. */
const ANSWER_MS = 5_000
/** A search reads the logs of many blocks and a stranger can ask for it: one runs at a time, and so many wait. */
const WAITING_MAX = 20
/** Who shows the same authorization again is answered without a search for so long; of so many authorizations, the newest. */
const KEPT_MS = 60_000
const KEPT_MAX = 1_000

/** `newest`: the block to look back from, which is not older than the one where the nonce was seen used. */
type Parts = Readonly<{ agreed: Chain; token: Hex; hub: Hex; newest: () => Promise<bigint>; clock: Clock }>

/** `use` is undefined when it was not found. */
type Found = Readonly<{ use: NonceUse | undefined }>

/** Finds what used the nonce of an authorization. A payer has one search at a time, and its answer for a minute. */
export function createNonceUses({ agreed, token, hub, newest, clock }: Parts) {
  const payers = new Set<string>()
  const kept = createKept(clock)
  let last: Promise<unknown> = Promise.resolve()

  /** Undefined when the chain does not say. */
  async function search(authorization: Authorization): Promise<Found | undefined> {
    const request = readRequest({ kind: 'collection', authorization })
    if (request?.kind !== 'collection') return { use: { kind: 'otherwise' } }
    try {
      const use = await findUse(agreed, { token, hub }, request.authorization, await newest())
      return { use: use && (use.kind === 'paid' ? { kind: 'paid', transaction: use.hash } : { kind: 'otherwise' }) }
    } catch (error) {
      if (error instanceof RpcSilent || error instanceof RpcRefused) return undefined
      throw error
    }
  }

  async function searchAndKeep(authorization: Authorization): Promise<NonceUse | undefined> {
    const found = await search(authorization)
    if (found) kept.keep(authorization, found)
    return found?.use
  }

  return {
    /** Never rejects; undefined when the chain does not say in time, when too many ask, or when it is not in the newest 100,000 blocks. */
    useOf(authorization: Authorization): Promise<NonceUse | undefined> {
      const known = kept.of(authorization)
      if (known) return Promise.resolve(known.use)
      const payer = authorization.from.toLowerCase()
      if (payers.size >= WAITING_MAX || payers.has(payer)) return Promise.resolve(undefined)
      payers.add(payer)
      const found = last.then(() => searchAndKeep(authorization)).finally(() => payers.delete(payer))
      last = found.catch(() => undefined)
      const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), ANSWER_MS).unref())
      return Promise.race([found.catch(() => undefined), late])
    },
  }
}

/** The newest answers, by all that an answer depends on. */
function createKept(clock: Clock) {
  const answers = new Map<string, Found & Readonly<{ until: number }>>()
  const keyOf = ({ kind, from, to, value, nonce, splitId, ref }: Authorization) =>
    [kind, from, to, value, nonce, splitId, ref].join(' ').toLowerCase()
  return {
    of(authorization: Authorization): Found | undefined {
      const answer = answers.get(keyOf(authorization))
      return answer && clock.now() <= answer.until ? answer : undefined
    },
    keep(authorization: Authorization, { use }: Found): void {
      const key = keyOf(authorization)
      answers.delete(key)
      answers.set(key, { use, until: clock.now() + KEPT_MS })
      const [oldest] = answers.keys()
      if (answers.size > KEPT_MAX && oldest !== undefined) answers.delete(oldest)
    },
  }
}
