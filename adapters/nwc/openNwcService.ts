import { getPublicKey } from 'nostr-tools/pure'
import type { Json } from '../../gateway/ports/books.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { AppAnswer, WalletApp, WalletApps } from '../../gateway/ports/walletApps.ts'
import { openRelayLink, type RelayLink } from './relayLink.ts'
import { infoEvent, isGenuine, readRequest, seal, secondsOf, tagOf } from './sealed.ts'
import { ENCRYPTION, KIND, NOTIFICATION, type WireEvent } from './wire.ts'

export type NwcServiceOptions = Readonly<{ relays: readonly string[]; apps: WalletApps; clock: Clock; log: (line: string) => void }>

/** A request that is older, or from further ahead, is not done: a relay may keep it and send it whenever it likes. */
const AGE_S_MAX = 60
/** Requests known by id, so that what two relays send, or one sends twice, is done once. More than can come within their age. */
const SEEN_MAX = 20_000
const WORKING_MAX = 256
const WORKING_PER_APP_MAX = 16
const SUBSCRIPTION = 'requests'

type Served = Readonly<{ app: WalletApp; serviceKey: string }>

/** Serves apps over these relays until it is closed. */
export function openNwcService(o: NwcServiceOptions): Readonly<{ connected: () => number; close: () => void }> {
  const { apps, clock, log } = o
  const seen = new Set<string>()
  const working = new Map<string, number>()
  let served = new Map<string, Served>()
  let all = 0

  const links: RelayLink[] = o.relays.map((url) =>
    openRelayLink(url, { log, onOpen: () => announce(links.find((link) => link.url === url)) }),
  )

  /** The apps by the key that each of them writes to. */
  function refresh(): void {
    served = new Map(
      apps.apps().map((app) => {
        const serviceKey = getPublicKey(app.serviceSecret)
        return [serviceKey, { app, serviceKey }]
      }),
    )
    for (const link of links) {
      link.subscribe(SUBSCRIPTION, filter, (event) => void hear(event))
      announce(link)
    }
  }

  const filter = () => ({ kinds: [KIND.request], '#p': [...served.keys()], since: secondsOf(clock.now()) - AGE_S_MAX })

  function announce(link: RelayLink | undefined): void {
    if (!link?.connected()) return
    for (const { app } of served.values()) {
      const event = infoEvent({ secret: app.serviceSecret, methods: app.methods, at: clock.now() })
      link.publish(event).catch((error: unknown) => log(`nwc: ${error instanceof Error ? error.message : 'an event was not taken'}`))
    }
  }

  /** The app that this event is from, when it is a fresh request that it signed. */
  function askedBy(event: WireEvent): Served | undefined {
    const asked = served.get(tagOf(event, 'p') ?? '')
    const now = secondsOf(clock.now())
    const expires = tagOf(event, 'expiration')
    const stale =
      event.created_at < now - AGE_S_MAX || event.created_at > now + AGE_S_MAX || (expires !== undefined && Number(expires) < now)
    if (!asked || event.kind !== KIND.request || event.pubkey !== asked.app.clientKey || stale || seen.has(event.id)) return undefined
    return isGenuine(event) ? asked : undefined
  }

  async function hear(event: WireEvent): Promise<void> {
    const asked = askedBy(event)
    if (!asked) return
    seen.add(event.id)
    if (seen.size > SEEN_MAX) seen.delete(seen.values().next().value!)
    const request = readRequest(event, asked.app.serviceSecret)
    if (!request) return log(`nwc: app ${asked.app.id} sent what is not encrypted as ${ENCRYPTION}`)
    const answer = await worked(asked.app, request)
    const body = 'result' in answer ? { result: answer.result, error: null } : { result: null, error: answer.error }
    const sealed = seal({
      ...{ kind: KIND.response, secret: asked.app.serviceSecret, to: asked.app.clientKey, tags: [['e', event.id]] },
      ...{ body: { result_type: request.method, ...body }, at: clock.now() },
    })
    await send(sealed, `the answer to app ${asked.app.id}`)
  }

  /** One relay that takes it is enough; an app asks again for what it did not get. */
  async function send(event: WireEvent, what: string): Promise<void> {
    const sent = await Promise.allSettled(links.filter((link) => link.connected()).map((link) => link.publish(event)))
    if (!sent.some(({ status }) => status === 'fulfilled')) log(`nwc: no relay took ${what}`)
  }

  /** Tells an app that an invoice of its own was paid. */
  function notify(appId: string, transaction: Json): void {
    const told = [...served.values()].find(({ app }) => app.id === appId)?.app
    if (!told) return
    const body = { notification_type: NOTIFICATION, notification: transaction }
    const event = seal({ kind: KIND.notification, secret: told.serviceSecret, to: told.clientKey, tags: [], body, at: clock.now() })
    void send(event, `a notification to app ${appId}`)
  }

  /** What does not fit is refused, not queued: an app can ask again. */
  async function worked(app: WalletApp, request: Parameters<WalletApps['answer']>[1]): Promise<AppAnswer> {
    const mine = working.get(app.id) ?? 0
    if (all >= WORKING_MAX || mine >= WORKING_PER_APP_MAX)
      return { error: { code: 'RATE_LIMITED', message: 'too many requests at a time' } }
    all++
    working.set(app.id, mine + 1)
    try {
      return await apps.answer(app.id, request)
    } catch (error) {
      log(`nwc: a request of app ${app.id} broke: ${error instanceof Error ? error.message : 'unknown error'}`)
      return { error: { code: 'INTERNAL', message: 'something unexpected happened here' } }
    } finally {
      all--
      working.set(app.id, (working.get(app.id) ?? 1) - 1)
    }
  }

  const stops = [apps.onChange(refresh), apps.onPaid(notify)]
  refresh()
  return {
    connected: () => links.filter((link) => link.connected()).length,
    close() {
      for (const stop of stops) stop()
      for (const link of links) link.close()
    },
  }
}
