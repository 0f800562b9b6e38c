import type { AuthenticatedLnd } from 'lightning'
import { closingsAfter } from '../closings/watchClosings.ts'
import { messageOf } from '../node/lndCall.ts'
import type { LndStore } from '../node/store.ts'
import { channelsOf } from './channelsOf.ts'
import { type CoinEffect, type ExplainedCoins, effectKey, explainCoins } from './explainCoins.ts'
import { transactionsAfter, transactionsUpTo } from './walletTransactions.ts'

/** What LND's wallet held at the height at which the books began, in satoshi: no block changes it. */
const BEFORE = 'coins_before'

export type Coins = Readonly<{
  /** What the books are to be told, from the first on. */
  effects: () => readonly CoinEffect[]
  /** The books have what the node held at their beginning: what the wallet holds may be told and compared. */
  begin: () => void
  /** Looks once, and says what LND's wallet holds. Undefined before `begin`. Throws `LndError`. */
  look: () => Promise<ExplainedCoins | undefined>
  /** After a block, or while something is under way; a node that does not answer is looked at again. */
  lookAgain: (height: number) => void
  onNews: (listener: () => void) => () => void
}>

/** Follows the coins of LND's wallet from the height at which the books began. */
export function watchCoins(lnd: AuthenticatedLnd, store: LndStore, o: { height: number; log: (line: string) => void }): Coins {
  const listeners = new Set<() => void>()
  const told = new Map<string, CoinEffect>()
  const named = new Set<string>()
  let { height } = o
  /** The height at which nothing was left to be told. */
  let done = 0
  let looking = false
  let begun = false
  let last: Promise<ExplainedCoins | undefined> = Promise.resolve(undefined)
  const lookOnce = async (after: number) => {
    const beforeSats = await heldBefore(lnd, store, after)
    // The transactions first: the channel of each that is listed is known by then.
    const transactions = await transactionsAfter(lnd, after)
    const { channels, closings } = await channelsOf(lnd, store, after)
    const coins = explainCoins({ beforeSats, transactions, channels, closings, height, told })
    const opening: CoinEffect = { id: 'wallet', kind: 'funded', place: 'wallet', sats: beforeSats }
    const fresh = [...(beforeSats > 0n ? [opening] : []), ...coins.effects].filter((effect) => !told.has(effectKey(effect)))
    for (const effect of fresh) told.set(effectKey(effect), effect)
    if (fresh.length > 0) for (const listener of listeners) listener()
    for (const { transaction, sats } of coins.unexplained.filter(({ transaction }) => !named.has(transaction))) {
      named.add(transaction)
      o.log(`lightning: ${sats} sat left LND's wallet with ${transaction}, which nothing here asked for`)
    }
    return coins
  }
  const look = () => {
    // One after the other: who asks sees what is so after asking.
    const next = last
      .catch(() => undefined)
      .then(async () => {
        const after = closingsAfter(store)
        return after === undefined || !begun ? undefined : lookOnce(after)
      })
    last = next
    return next
  }
  const lookAgain = (now: number) => {
    height = now
    if (done === now || looking) return
    looking = true
    look()
      .then((coins) => {
        if (coins && !coins.isWaiting) done = now
      })
      .catch((error: unknown) => o.log(`lightning: LND's coins could not be looked at: ${messageOf(error)}`))
      .finally(() => {
        looking = false
      })
  }
  return {
    effects: () => [...told.values()],
    begin: () => {
      begun = true
      lookAgain(height)
    },
    look,
    lookAgain,
    onNews: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

async function heldBefore(lnd: AuthenticatedLnd, store: LndStore, after: number): Promise<bigint> {
  const known = store.meta(BEFORE)
  if (known !== undefined) return BigInt(known)
  const sats = (await transactionsUpTo(lnd, after)).reduce((sum, transaction) => sum + transaction.sats, 0n)
  store.setMeta(BEFORE, String(sats))
  return sats
}
