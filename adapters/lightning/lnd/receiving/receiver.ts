import { setTimeout as sleep } from 'node:timers/promises'
import { type AuthenticatedLnd, createInvoice } from 'lightning'
import { GatewayError } from '../../../../gateway/errors/gatewayError.ts'
import { invariant } from '../../../../gateway/errors/invariant.ts'
import { type Asset, sameAsset } from '../../../../gateway/money/asset.ts'
import { money } from '../../../../gateway/money/money.ts'
import type { Clock } from '../../../../gateway/ports/clock.ts'
import type { Cursor } from '../../../../gateway/ports/ids.ts'
import type { OfferRequest, Receiver, Settlement } from '../../../../gateway/ports/receiver.ts'
import { closingSettlements } from '../closings/closingSettlements.ts'
import type { Closings } from '../closings/watchClosings.ts'
import { coinSettlement } from '../coins/coinSettlements.ts'
import type { Coins } from '../coins/watchCoins.ts'
import { clientExpiry, noteClock } from '../node/clockSkew.ts'
import { railCall } from '../node/lndCall.ts'
import type { Network } from '../node/network.ts'
import type { LndStore } from '../node/store.ts'
import { msOf, PLACE } from '../paying/translate.ts'
import type { Received } from './received.ts'
import type { SettledRow } from './settledRows.ts'
import { reachBack } from './sweep.ts'

const CREATE_DEADLINE_MS = 5_000
const LIFE_MS_MAX = 30 * 86_400_000
/** BOLT 11 counts field `d` in 5-bit words, in ten bits. */
const DESCRIPTION_BYTES_MAX = 639
const ROWS_PER_READ = 100n
/** Listening costs nothing; reading again now and then trusts nobody. */
const READ_AGAIN_MS = 60_000

/** What one node makes offers with. */
type ReceiverParts = Readonly<{
  lnd: AuthenticatedLnd
  store: LndStore
  received: Received
  closings: Closings
  coins: Coins
  asset: Asset
  clock: Clock
  network: Network
}>

/** Invoices of this node, and what came in on them. */
export function createReceiver(parts: ReceiverParts): Receiver {
  return {
    rail: 'lightning',
    asset: parts.asset,
    offer: (request) => makeOffer(parts, request),
    settlements: (after, { signal }) => settlements(parts, after, signal),
  }
}

async function makeOffer({ lnd, store, received, asset, clock, network }: ReceiverParts, request: OfferRequest) {
  const refused = received.refusal()
  if (refused) throw refused
  const { amount, expiresAt, description, descriptionHash } = request
  invariant(sameAsset(amount.asset, asset), 'a Lightning offer is in bitcoin')
  const lifeMs = checkedLifeMs(expiresAt, clock.now())
  checkDescription(description)
  reachBack(store, lifeMs)
  const terms = {
    lnd,
    mtokens: amount.units.toString(),
    expires_at: clientExpiry(lifeMs),
    ...(descriptionHash ? { description_hash: descriptionHash.slice(2) } : { description }),
    // A node whose channels are not announced can be found by these hints alone; LND leaves them out where they are not needed.
    is_including_private_channels: true,
  }
  const { id, request: invoice } = await railCall('an invoice', CREATE_DEADLINE_MS, () => createInvoice(terms))
  noteClock(store, invoice, clock.now())
  const wire = { kind: 'bolt11', invoice, paymentHash: id, network } as const
  return { rail: 'lightning', amount, expiresAt, reference: id, wire } as const
}

/** How long an invoice will be payable. Throws `invalid_request` when that is nothing, or more than LND's sweep should reach back. */
export function checkedLifeMs(expiresAt: number, now: number): number {
  const lifeMs = expiresAt - now
  if (lifeMs <= 0 || lifeMs > LIFE_MS_MAX) throw new GatewayError('invalid_request', 'An invoice expires within 30 days from now')
  return lifeMs
}

/** Throws `invalid_request` for a description that no invoice can carry. */
export function checkDescription(description: string): void {
  if (Buffer.byteLength(description) > DESCRIPTION_BYTES_MAX)
    throw new GatewayError('invalid_request', `The description is longer than a BOLT 11 invoice allows (${DESCRIPTION_BYTES_MAX} bytes)`)
}

async function* settlements(parts: ReceiverParts, after: string, signal: AbortSignal): AsyncGenerator<Settlement> {
  const { received, closings, coins, asset, clock } = parts
  const readOn = await received.begin(after)
  let place = after === '' ? await received.place() : after
  let closing = 0n
  let coin = 0
  void closings.look()
  coins.begin()
  while (!signal.aborted) {
    const { promise, resolve } = Promise.withResolvers<void>()
    const wake = () => resolve()
    // Taken before reading, so that news between the two is not lost.
    const stops = [received.onNews(wake), closings.onNews(wake), coins.onNews(wake)]
    signal.addEventListener('abort', wake)
    try {
      const rows = readOn(ROWS_PER_READ)
      for (const { row, cursor } of rows) {
        if (signal.aborted) return
        place = cursor
        yield settlementOf(row, cursor, asset)
      }
      const closed = closings.after(closing)
      // From the first on at each start: the books have claimed those that they know.
      for (const row of closed) {
        yield* closingSettlements(row, place, asset)
        closing = row.seq
      }
      const effects = coins.effects().slice(coin)
      for (const effect of effects) yield coinSettlement(effect, { cursor: place, asset, at: clock.now() })
      coin += effects.length
      if (rows.length + closed.length + effects.length === 0)
        await Promise.race([promise, sleep(READ_AGAIN_MS, undefined, { ref: false, signal }).catch(() => undefined)])
    } finally {
      for (const stop of stops) stop()
      signal.removeEventListener('abort', wake)
    }
  }
}

/** Money that came in; the payment hash is its id, because a hash is paid once. */
function settlementOf(row: SettledRow, cursor: Cursor, asset: Asset): Settlement {
  return {
    kind: 'received',
    id: row.paymentHash,
    cursor,
    rail: 'lightning',
    place: PLACE,
    amount: money(asset, row.amountMsat),
    at: msOf(row.at),
    reference: row.paymentHash,
    proof: row.preimage,
    ...(row.records.length > 0 ? { records: row.records } : {}),
  }
}
