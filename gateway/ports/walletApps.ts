import type { Json } from './books.ts'

/** Why a wallet says no to an app (NIP-47). */
export type AppErrorCode =
  | 'RATE_LIMITED'
  | 'NOT_IMPLEMENTED'
  | 'INSUFFICIENT_BALANCE'
  | 'PAYMENT_FAILED'
  | 'NOT_FOUND'
  | 'QUOTA_EXCEEDED'
  | 'RESTRICTED'
  | 'UNAUTHORIZED'
  | 'INTERNAL'
  | 'OTHER'

/** `id`: what carried it is known by; the same id again is the same request. */
export type AppRequest = Readonly<{ id: string; method: string; params: Json }>
export type AppAnswer = Readonly<{ result: Json }> | Readonly<{ error: Readonly<{ code: AppErrorCode; message: string }> }>

/** An app that may ask: `clientKey` is its public key (x-only, hex), `serviceSecret` the private key by which its wallet answers. */
export type WalletApp = Readonly<{ id: string; clientKey: string; serviceSecret: Uint8Array; methods: readonly string[] }>

/** Parties' wallets as apps reach them, over whatever carries their requests. */
export interface WalletApps {
  /** Those that may ask now. */
  apps(): readonly WalletApp[]
  /** Told when `apps` would answer otherwise. Answers how to stop listening. */
  onChange(listener: () => void): () => void
  /** Told when an invoice of an app is paid, with the transaction as `lookup_invoice` would show it. Answers how to stop listening. */
  onPaid(listener: (appId: string, transaction: Json) => void): () => void
  /** Does what the app asks, within what it may. Never throws for what the app did. Asked for the same payment twice, it pays once. */
  answer(appId: string, request: AppRequest): Promise<AppAnswer>
}
