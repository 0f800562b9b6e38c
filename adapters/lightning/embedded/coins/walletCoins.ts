import { invariant } from '../../../../gateway/errors/invariant.ts'
import type { NodeStore } from '../ldk/nodeStore.ts'
import { sumOf } from './placeSums.ts'
import { type Coin, txidOf } from './walletTransaction.ts'

/** Coins that one withdrawal can choose from; the largest come first. */
const COINS_MAX = 200

/** An outpoint as text. */
export function coinName({ txid, index }: Pick<Coin, 'txid' | 'index'>): string {
  return `${txid}:${index}`
}

/** What a withdrawal may spend: final sweeps, and the change of final withdrawals, which no withdrawal has taken. The largest first. */
export function spendableCoins(store: NodeStore): Coin[] {
  const swept = store.statement('SELECT raw, sats FROM sweeps WHERE final = 1').all()
  const change = store.statement('SELECT txid, change_sats FROM withdrawals WHERE final = 1 AND change_sats > 0').all()
  const coins = [
    ...swept.map(({ raw, sats }) => {
      invariant(raw instanceof Uint8Array && typeof sats === 'bigint', 'a sweep has its transaction')
      return { txid: txidOf(raw), index: 0, sats }
    }),
    ...change.map(({ txid, change_sats }) => {
      invariant(typeof txid === 'string' && typeof change_sats === 'bigint', 'a withdrawal has its change')
      return { txid, index: 1, sats: change_sats }
    }),
  ]
  const free = coins.filter((coin) => !isTaken(store, coinName(coin)))
  free.sort((a, b) => (a.sats === b.sats ? (coinName(a) < coinName(b) ? -1 : 1) : a.sats > b.sats ? -1 : 1))
  return free.slice(0, COINS_MAX)
}

/** What the wallet holds, in satoshi: final sweeps, less final withdrawals with their fees. A withdrawal that is not final yet is still in it. */
export function walletSats(store: NodeStore): bigint {
  const swept = sumOf(store, 'SELECT coalesce(sum(sats), 0) AS n FROM sweeps WHERE final = 1')
  return swept - sumOf(store, 'SELECT coalesce(sum(sats + fee_sats), 0) AS n FROM withdrawals WHERE final = 1')
}

/** What withdrawals that are not final take out of it, fees included, in satoshi. */
export function leavingSats(store: NodeStore): bigint {
  return sumOf(store, 'SELECT coalesce(sum(sats + fee_sats), 0) AS n FROM withdrawals WHERE final = 0')
}

function isTaken(store: NodeStore, outpoint: string): boolean {
  return store.statement('SELECT 1 FROM withdrawal_inputs WHERE outpoint = ?').get(outpoint) !== undefined
}
