import { secp256k1 } from '@noble/curves/secp256k1.js'
import { GatewayError } from '../../errors/gatewayError.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Along } from '../../parties/party/parties.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import { saidMetadata } from '../../ports/metadata.ts'
import type { App } from './app.ts'
import { readWalletFact, toWalletFact, type WalletFact } from './facts.ts'
import type { WalletKey } from './walletKey.ts'

type NewApp = Omit<App, 'id' | 'createdAt'> & Readonly<{ along?: Along<App> }>

/** The secrets of a connection: the app's own key, by which it is known, and the key that its wallet answers with. */
type AppKeys = Readonly<{ clientSecret: Uint8Array; clientKey: string; serviceSecret: Uint8Array; serviceKey: string }>

export type Apps = ReturnType<typeof createApps>

/** The register of apps. Their keys are derived, so the journal holds none. */
export function createApps(o: { books: Books; key: WalletKey; clock: Clock; ids: IdSource }) {
  const byId = new Map<string, App>()
  const revoked = new Set<string>()
  const listeners = new Set<() => void>()

  o.books.remember({
    name: 'wallet.apps',
    form: 1,
    tables: { byId, revoked },
    apply(fact) {
      const own = readWalletFact(fact)
      if (own?.type === 'wallet_app.created') byId.set(own.id, appOf(own))
      else if (own?.type === 'wallet_app.revoked') revoked.add(own.id)
      else return
      for (const listener of listeners) listener()
    },
  })

  function get(id: string): App {
    const app = byId.get(id)
    if (!app) throw new GatewayError('not_found', `There is no app ${id.slice(0, 60)}`)
    return app
  }

  const isActive = ({ id, expiresAt }: App): boolean => !revoked.has(id) && (expiresAt === undefined || expiresAt > o.clock.now())

  return {
    async create({ along, ...wanted }: NewApp): Promise<App> {
      const app: App = { ...wanted, id: o.ids.next('wa_'), createdAt: o.clock.now() }
      const { id, party, name, methods, budgetMsat, period, metadata, createdAt: at, expiresAt } = app
      const limits = { methods, budgetMsat: budgetMsat.toString(), period, expiresAt: expiresAt ?? null }
      const data = { party, name, ...limits, ...saidMetadata(metadata) }
      const extra = along?.(app) ?? { claims: [], facts: [] }
      const fact = toWalletFact({ type: 'wallet_app.created', id, at, data })
      await submitUntilKnown(o.books, { claims: extra.claims, facts: [fact, ...extra.facts] })
      return app
    },
    async revoke(id: string, along?: ReturnType<Along<App>>): Promise<void> {
      const fact = toWalletFact({ type: 'wallet_app.revoked', id: get(id).id, at: o.clock.now(), data: {} })
      await submitUntilKnown(o.books, { claims: along?.claims ?? [], facts: [fact, ...(along?.facts ?? [])] })
    },
    get,
    isActive,
    active: (): App[] => [...byId.values()].filter(isActive),
    list: (): readonly App[] => [...byId.values()],
    keysOf(id: string): AppKeys {
      const [clientSecret, serviceSecret] = [`app ${id}`, `wallet of app ${id}`].map((purpose) => Uint8Array.from(o.key.secret(purpose)))
      const publicKey = (secret: Uint8Array) => Buffer.from(secp256k1.getPublicKey(secret)).subarray(1).toString('hex')
      return {
        clientSecret: clientSecret!,
        clientKey: publicKey(clientSecret!),
        serviceSecret: serviceSecret!,
        serviceKey: publicKey(serviceSecret!),
      }
    },
    onChange(listener: () => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** What an app is given once, and keeps secret (NIP-47). */
export function connectionUri(keys: AppKeys, relays: readonly string[]): string {
  const secret = Buffer.from(keys.clientSecret).toString('hex')
  const query = [...relays.map((relay) => `relay=${encodeURIComponent(relay)}`), `secret=${secret}`]
  return `nostr+walletconnect://${keys.serviceKey}?${query.join('&')}`
}

function appOf({ id, at, data }: Extract<WalletFact, { type: 'wallet_app.created' }>): App {
  const { budgetMsat, expiresAt, ...rest } = data
  return { ...rest, id, budgetMsat: BigInt(budgetMsat), createdAt: at, expiresAt: expiresAt ?? undefined }
}
