import { getPublicKey } from 'nostr-tools/pure'
import type { Json } from '../../gateway/ports/books.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { AppAnswer, AppRequest, WalletApp, WalletApps } from '../../gateway/ports/walletApps.ts'
import { openRelayLink, type RelayLink } from './relayLink.ts'
import { AGE_S_MAX, requestGate } from './requestGate.ts'
import { infoEvent, readOlderRequest, readRequest, seal, sealForOlder, secondsOf } from './sealed.ts'
import { ENCRYPTION, KIND, NOTIFICATION, type WireEvent } from './wire.ts'
import { workLimit } from './workLimit.ts'

type NwcServiceOptions = Readonly<{ relays: readonly string[]; apps: WalletApps; clock: Clock; log: (line: string) => void }>

const SUBSCRIPTION = 'requests'

/** Serves apps over these relays until it is closed. */
export function openNwcService(o: NwcServiceOptions): Readonly<{ connected: () => number; close: () => void }> {
  const { apps, clock, log } = o
  /** The apps by the key that each of them writes to. */
  let served = new Map<string, WalletApp>()
  const admit = requestGate({ clock, appOf: (walletKey) => served.get(walletKey) })
  const limited = workLimit()
  const links: RelayLink[] = o.relays.map((url) =>
    openRelayLink(url, { log, onOpen: () => announce(links.find((link) => link.url === url)) }),
  )

  function refresh(): void {
    served = new Map(apps.apps().map((app) => [getPublicKey(app.serviceSecret), app]))
    for (const link of links) {
      if (served.size > 0) link.subscribe(SUBSCRIPTION, filter, (event) => void hear(event))
      else link.unsubscribe(SUBSCRIPTION)
      announce(link)
    }
  }

  const filter = () => ({ kinds: [KIND.request], '#p': [...served.keys()], since: secondsOf(clock.now()) - AGE_S_MAX })

  function announce(link: RelayLink | undefined): void {
    if (!link?.connected()) return
    for (const app of served.values()) {
      const event = infoEvent({ secret: app.serviceSecret, methods: app.methods, at: clock.now() })
      link.publish(event).catch((error: unknown) => log(`nwc: ${error instanceof Error ? error.message : 'an event was not taken'}`))
    }
  }

  const { tell, refuseEncryption } = answersOver({ links, clock, log })

  async function hear(event: WireEvent): Promise<void> {
    const app = admit(event)
    if (!app) return
    const request = readRequest(event, app.serviceSecret)
    if (!request) return refuseEncryption(app, event)
    const answer = await limited(app.id, () => answered(o, app, { ...request, id: event.id }))
    const body = 'result' in answer ? { result: answer.result, error: null } : { result: null, error: answer.error }
    const tags = [['e', event.id]]
    await tell(app, { kind: KIND.response, tags, body: { result_type: request.method, ...body }, what: `the answer to app ${app.id}` })
  }

  /** Tells an app that an invoice of its own was paid. */
  function notify(appId: string, transaction: Json): void {
    const app = [...served.values()].find(({ id }) => id === appId)
    const body = { notification_type: NOTIFICATION, notification: transaction }
    if (app) void tell(app, { kind: KIND.notification, tags: [], body, what: `a notification to app ${appId}` })
  }

  const stops = [apps.onChange(refresh), apps.onPaid(notify)]
  refresh()
  return {
    connected: () => links.filter((link) => link.connected()).length,
    close() {
      for (const stop of [...stops, ...links.map((link) => link.close)]) stop()
    },
  }
}

type Message = Readonly<{ kind: number; tags: readonly string[][]; body: unknown; what: string }>

/** How apps are told something over these relays. */
function answersOver({ links, clock, log }: Pick<NwcServiceOptions, 'clock' | 'log'> & { links: readonly RelayLink[] }) {
  /** One relay that takes it is enough; an app asks again for what it did not get. */
  async function publish(event: WireEvent, what: string): Promise<void> {
    const sent = await Promise.allSettled(links.filter((link) => link.connected()).map((link) => link.publish(event)))
    if (!sent.some(({ status }) => status === 'fulfilled')) log(`nwc: no relay took ${what}`)
  }
  const letterTo = (app: WalletApp) => ({ secret: app.serviceSecret, to: app.clientKey, at: clock.now() })

  return {
    tell: (app: WalletApp, message: Message) => publish(seal({ ...message, ...letterTo(app) }), message.what),
    /** An older app would wait for ever for an answer that it cannot read. */
    async refuseEncryption(app: WalletApp, event: WireEvent): Promise<void> {
      const request = readOlderRequest(event, app.serviceSecret)
      log(`nwc: app ${app.id} sent what is not encrypted as ${ENCRYPTION}`)
      if (!request) return
      const error = { code: 'UNSUPPORTED_ENCRYPTION', message: `this wallet speaks ${ENCRYPTION}: update the app` }
      const message = { kind: KIND.response, tags: [['e', event.id]], body: { result_type: request.method, result: null, error } }
      await publish(sealForOlder({ ...message, ...letterTo(app) }), `the refusal to app ${app.id}`)
    },
  }
}

async function answered({ apps, log }: Pick<NwcServiceOptions, 'apps' | 'log'>, app: WalletApp, request: AppRequest): Promise<AppAnswer> {
  try {
    return await apps.answer(app.id, request)
  } catch (error) {
    log(`nwc: a request of app ${app.id} broke: ${error instanceof Error ? error.message : 'unknown error'}`)
    return { error: { code: 'INTERNAL', message: 'something unexpected happened here' } }
  }
}
