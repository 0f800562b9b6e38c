import { createHmac } from 'node:crypto'

/** Secrets of this gateway's wallets, each for one purpose, made from one key that stays in the data folder. */
export type WalletKey = Readonly<{ secret: (purpose: string) => Buffer }>

/** HMAC-SHA256 of the purpose under the key: knowing one secret tells nothing of the others. */
export function walletKey(key: Buffer): WalletKey {
  return { secret: (purpose) => createHmac('sha256', key).update(purpose).digest() }
}
