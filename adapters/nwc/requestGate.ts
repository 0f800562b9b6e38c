import type { Clock } from '../../gateway/ports/clock.ts'
import type { WalletApp } from '../../gateway/ports/walletApps.ts'
import { isGenuine, secondsOf, tagOf } from './sealed.ts'
import { KIND, type WireEvent } from './wire.ts'

/** A request that is older, or from further ahead, is not done: a relay may keep it and send it whenever it likes. */
export const AGE_S_MAX = 60
/** Requests known by id, so that what two relays send, or one sends twice, is done once. More than can come within their age. */
const SEEN_MAX = 20_000

/** Lets a request in once, when it is fresh and its app's own. `appOf` knows the app that a wallet's key belongs to. */
export function requestGate(o: { clock: Clock; appOf: (walletKey: string) => WalletApp | undefined }) {
  const seen = new Set<string>()

  function isFresh(event: WireEvent): boolean {
    const now = secondsOf(o.clock.now())
    const expires = tagOf(event, 'expiration')
    if (expires !== undefined && Number(expires) < now) return false
    return event.created_at >= now - AGE_S_MAX && event.created_at <= now + AGE_S_MAX
  }

  return (event: WireEvent): WalletApp | undefined => {
    const app = o.appOf(tagOf(event, 'p') ?? '')
    if (!app || event.kind !== KIND.request || event.pubkey !== app.clientKey || !isFresh(event) || seen.has(event.id)) return undefined
    // Last, because it costs most; and only what is genuine is remembered, so that nobody can fill the memory of another.
    if (!isGenuine(event)) return undefined
    seen.add(event.id)
    if (seen.size > SEEN_MAX) seen.delete(seen.values().next().value!)
    return app
  }
}
