import { createHash } from 'node:crypto'
import { type AuthenticatedLnd, cancelHodlInvoice, createHodlInvoice, getInvoice, settleHodlInvoice } from 'lightning'
import { GatewayError } from '../../../../gateway/errors/gatewayError.ts'
import { invariant } from '../../../../gateway/errors/invariant.ts'
import { type Asset, sameAsset } from '../../../../gateway/money/asset.ts'
import { money } from '../../../../gateway/money/money.ts'
import type { Clock } from '../../../../gateway/ports/clock.ts'
import type { HeldPayment, HoldInvoices, HoldRequest, HoldState, HoldTerms } from '../../../../gateway/ports/holdInvoices.ts'
import { byOurClock, clientExpiry, isSameTime, noteClock } from '../node/clockSkew.ts'
import { faultOf, lndCall, railCall } from '../node/lndCall.ts'
import type { Network } from '../node/network.ts'
import type { LndStore } from '../node/store.ts'
import { CHECK_AFTER_MS } from '../paying/translate.ts'
import { heldOf, type Waiting } from './heldPayment.ts'
import { holdByHash, recordHold, recordHoldEnd } from './holdTable.ts'
import { cltvDeltaFor, decideBy, isLastChance } from './holdTimes.ts'
import type { HoldWatch } from './holdWatch.ts'
import { checkDescription, checkedLifeMs } from './receiver.ts'
import { standingOf } from './standing.ts'
import { reachBack } from './sweep.ts'

const CALL_DEADLINE_MS = 5_000
/** Invoices that wait for their payer, or payments that wait for us, at once: each is a stream, and a payment takes an HTLC slot. */
const HOLDS_OPEN_MAX = 1_000

type HoldParts = Readonly<{
  lnd: AuthenticatedLnd
  store: LndStore
  watch: HoldWatch
  asset: Asset
  clock: Clock
  network: Network
}>

/** Payments that wait at the node until we take them or give them back. */
export function createHoldInvoices(parts: HoldParts): HoldInvoices {
  const { lnd, asset } = parts
  return {
    rail: 'lightning',
    asset,
    hold: (request) => hold(parts, request),
    held: ({ signal }) => held(parts, signal),
    settle: async (hash, preimage) => {
      const opens = createHash('sha256').update(Buffer.from(preimage, 'hex')).digest('hex') === hash
      invariant(opens, 'the preimage opens the payment hash')
      const state = await lookUp(parts, hash)
      if (state.kind !== 'held') return state
      // What it throws is seen by the look-up: settled before, cancelled, nothing came, no such hash, or no answer.
      await lndCall('the settling', CALL_DEADLINE_MS, () => settleHodlInvoice({ lnd, secret: preimage })).catch(() => undefined)
      return lookUp(parts, hash)
    },
    cancel: (hash) => cancel(parts, hash),
    lookup: (hash) => lookUp(parts, hash),
  }
}

async function cancel(parts: HoldParts, hash: string): Promise<HoldState> {
  const { lnd, watch } = parts
  await lndCall('the cancelling', CALL_DEADLINE_MS, () => cancelHodlInvoice({ lnd, id: hash })).catch(() => undefined)
  const state = await lookUp(parts, hash)
  if (state.kind === 'cancelled') watch.forget(hash)
  return state
}

async function hold(parts: HoldParts, request: HoldRequest): Promise<HoldTerms> {
  const { lnd, store, asset, clock, network, watch } = parts
  const { hash, amount, expiresAt, holdableMs, description } = request
  invariant(sameAsset(amount.asset, asset), 'a held payment is in bitcoin')
  const terms = (invoice: string): HoldTerms => ({ hash, invoice, network, amount, expiresAt })
  const known = holdByHash(store, hash)
  if (known) {
    if (known.amountMsat === amount.units && known.expiresAt === BigInt(expiresAt)) return terms(known.invoice)
    throw new GatewayError('idempotency_key_reused', 'A held invoice with this payment hash stands on other terms')
  }
  if (watch.count() >= HOLDS_OPEN_MAX) throw new GatewayError('too_busy', `${HOLDS_OPEN_MAX} held invoices are open, which is the limit`)
  const cltvDelta = cltvDeltaFor(holdableMs)
  if (cltvDelta === undefined) throw new GatewayError('invalid_request', 'No payer would let a payment wait for so long')
  const lifeMs = checkedLifeMs(expiresAt, clock.now())
  reachBack(store, lifeMs + holdableMs)
  checkDescription(description)
  const wanted = { mtokens: amount.units.toString(), expires_at: clientExpiry(lifeMs), cltv_delta: cltvDelta, description }
  const invoice = await railCall('a held invoice', CALL_DEADLINE_MS, async () => {
    const made = await createHodlInvoice({ lnd, id: hash, ...wanted, is_including_private_channels: true })
    noteClock(store, made.request, clock.now())
    return made.request
  }).catch((error: unknown) => standing(parts, request, error))
  recordHold(store, { hash, amountMsat: amount.units, expiresAt: BigInt(expiresAt), holdableMs, description, invoice })
  await store.committed()
  watch.follow(hash)
  return terms(invoice)
}

/** The invoice that LND made for an earlier call whose answer was lost. Throws `error` where there is none, and `idempotency_key_reused` for other terms. */
async function standing({ lnd, store }: HoldParts, { hash, amount, expiresAt }: HoldRequest, error: unknown): Promise<string> {
  const found = await lndCall('the held invoice', CALL_DEADLINE_MS, () => getInvoice({ lnd, id: hash })).catch(() => undefined)
  if (!found?.request) throw error
  const sameTime = isSameTime(byOurClock(store, Date.parse(found.expires_at)), expiresAt)
  if (BigInt(found.tokens) * 1_000n !== amount.units - (amount.units % 1_000n) || !sameTime)
    throw new GatewayError('idempotency_key_reused', 'A held invoice with this payment hash stands on other terms')
  return found.request
}

async function lookUp(parts: HoldParts, hash: string): Promise<HoldState> {
  const { lnd, store, asset } = parts
  try {
    const found = await lndCall('the held invoice', CALL_DEADLINE_MS, () => getInvoice({ lnd, id: hash }))
    if (found.is_confirmed || found.is_canceled) recordHoldEnd(store, hash)
    if (found.is_confirmed) {
      return {
        kind: 'settled',
        amount: money(asset, BigInt(found.received_mtokens)),
        at: byOurClock(store, Date.parse(found.confirmed_at ?? found.created_at)),
      }
    }
    if (found.is_canceled) return { kind: 'cancelled' }
    const payment = heldOf(hash, found)
    return payment ? await heldState(parts, payment) : { kind: 'open' }
  } catch (error) {
    const fault = faultOf(error)
    if (/unable to locate invoice|there are no existing invoices/.test(fault.details)) return { kind: 'absent' }
    return { kind: 'unknown', checkAfterMs: CHECK_AFTER_MS, detail: fault.details || fault.message }
  }
}

/** What LND calls held is held where its HTLCs are on channels that are up. Throws `LndError`. */
async function heldState(parts: HoldParts, payment: Waiting): Promise<HoldState> {
  const { lnd, watch } = parts
  const { hash, timeoutHeight } = payment
  const standing = await standingOf(lnd, payment)
  if (standing === 'gone') return cancel(parts, hash)
  if (standing === 'unsteady' && !isLastChance(timeoutHeight, watch.height()))
    return { kind: 'unknown', checkAfterMs: CHECK_AFTER_MS, detail: 'a channel that carries the payment is not up, or has just come up' }
  return { kind: 'held', ...heldPayment(parts, payment) }
}

/** What waits, its times by our clock. */
function heldPayment({ store, watch, asset, clock }: HoldParts, { amountMsat, heldAt, timeoutHeight }: Waiting): Omit<HeldPayment, 'hash'> {
  const amount = money(asset, amountMsat)
  return { amount, heldAt: byOurClock(store, heldAt), decideBy: decideBy(timeoutHeight, watch.height(), clock.now()) }
}

async function* held(parts: HoldParts, signal: AbortSignal): AsyncGenerator<HeldPayment> {
  const { watch } = parts
  const waiting = new Map<string, Waiting>(watch.waiting().map((payment) => [payment.hash, payment]))
  let wake = () => {}
  const stop = watch.onHeld((payment) => {
    waiting.set(payment.hash, payment)
    wake()
  })
  const aborted = () => wake()
  signal.addEventListener('abort', aborted)
  try {
    while (!signal.aborted) {
      const [next] = waiting.values()
      if (next) {
        waiting.delete(next.hash)
        yield { hash: next.hash, ...heldPayment(parts, next) }
        continue
      }
      await new Promise<void>((resolve) => {
        wake = resolve
        if (signal.aborted || waiting.size > 0) resolve()
      })
    }
  } finally {
    stop()
    signal.removeEventListener('abort', aborted)
  }
}
