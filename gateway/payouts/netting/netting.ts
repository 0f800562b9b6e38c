import type { ErrorCode } from '../../errors/catalog.ts'
import { isGatewayError } from '../../errors/gatewayError.ts'
import { invariant, unreachable } from '../../errors/invariant.ts'
import { createEnds, type WaitLimits } from '../../ledger/process/ends.ts'
import { createRounds } from '../../ledger/process/rounds.ts'
import { submitSurely } from '../../ledger/process/submitSurely.ts'
import { money } from '../../money/money.ts'
import type { Leg } from '../../ports/books.ts'
import type { EntryId, NetId, PayoutId } from '../../ports/ids.ts'
import type { NanoUsd } from '../router/policy.ts'
import type { NetContext } from './context.ts'
import { closeLegs, endLegs, nettingPath } from './entries.ts'
import { type NetFact, toFact } from './facts.ts'
import { type JoinNet, joinNet, keyOf } from './joinNet.ts'
import { type CloseReason, type Net, totalOf } from './net.ts'
import type { Gain } from './netRecords.ts'
import { nextEffect } from './nextEffect.ts'
import { createSeats } from './seats.ts'
import { type MemberView, viewMember } from './view.ts'

/** More steps than any net takes without waiting. */
const STEPS_MAX = 6
/** Timers of Node end at 2^31 ms; a net is looked at long before. */
const LOOK_MS_MAX = 3_600_000
/** What a payout is refused with for good. */
const REFUSALS: readonly ErrorCode[] = ['invalid_request', 'invalid_amount', 'no_rail']
/** As long as a SEPA remittance text. */
const REFERENCE_MAX = 140

export type NetOptions = NetContext &
  Readonly<{
    /** Told of an error that no step expects; by default it is thrown, which stops the process. */
    onFatal?: (error: unknown) => void
  }>

export type Netting = Readonly<{
  /** Resolves when the payout and its hold are durable; it is paid with others, by the time that its bounds say. */
  join(command: JoinNet): Promise<MemberView>
  /** A payout that was netted, or undefined for any other. */
  find(id: string): MemberView | undefined
  /** The same when its net has its end, or as it is at the limits. */
  wait(id: string, limits: WaitLimits): Promise<MemberView | undefined>
  gainOf(source: string): Gain
  /** After the payouts have been taken up: goes on with every open net. */
  start(): void
  /** Starts no more steps; resolves when those under way are recorded. */
  close(): Promise<void>
}>

/** Collects payouts, pays them together, and books the end. Its store must have been made before the books started. */
export function createNetting(options: NetOptions): Netting {
  const { books, store, payouts, clock, ids, policy, log, onFatal = throwLater } = options
  const seats = createSeats(store.open, (net) => keyOf({ destination: net.destination, asset: totalOf(net).asset.id }))
  const rounds = createRounds({ width: policy.lanes, run, onError })
  let started = false
  let stopping = false
  const ends = createEnds()
  store.onChange((id) => {
    if (store.get(id)?.ended) ends.notify(id)
    if (started) rounds.wake(id)
  })

  async function run(id: string): Promise<number | undefined> {
    for (let step = 0; step < STEPS_MAX && !stopping; step++) {
      try {
        const againMs = await advance(store.get(id)!)
        if (againMs !== undefined) return againMs === 'wait' ? undefined : againMs
      } catch (error) {
        // What was too busy, or does not answer, took nothing: the step is taken again.
        if (!isGatewayError(error)) throw error
        log.warn({ net: id, code: error.code, detail: error.shortMessage }, 'a step of a net is tried again')
        return policy.retryMs
      }
    }
    return policy.retryMs
  }

  async function advance(net: Net): Promise<number | 'wait' | undefined> {
    const effect = nextEffect(net, clock.now())
    switch (effect.kind) {
      case 'none':
      case 'wait':
        return 'wait'
      case 'waitUntil': {
        const left = effect.at - clock.now()
        return left < LOOK_MS_MAX ? left : LOOK_MS_MAX
      }
      case 'close':
        return close(net.id, effect.reason)
      case 'pay':
        return pay(net)
      case 'end':
        return end(net, effect.outcome)
      default:
        return unreachable(effect)
    }
  }

  /** Those who are joining come first; then all holds are taken at once. */
  async function close(id: NetId, reason: CloseReason): Promise<undefined> {
    await seats.seal(id)
    const net = store.get(id)!
    const expected = await costs(net)
    const data = { pays: ids.next('po_') as PayoutId, reason, ...expected } // The prefix makes it one.
    await record(net, { type: 'netting.closed', id, at: clock.now(), data }, closeLegs(net))
  }

  /** What the members would cost one by one, reckoned by one of middling size, and together. Nothing rests on it but what is shown. */
  async function costs(net: Net): Promise<{ aloneNano?: string; togetherNano?: string }> {
    const total = totalOf(net)
    const count = BigInt(net.members.length)
    const middling = money(total.asset, (total.units + count - 1n) / count)
    const [alone, together] = [await costOf(net, middling.units), await costOf(net, total.units)]
    if (alone === undefined || together === undefined) return {}
    return { aloneNano: (alone * count).toString(), togetherNano: together.toString() }
  }

  async function costOf(net: Net, units: bigint): Promise<NanoUsd | undefined> {
    const amount = money(totalOf(net).asset, units)
    const quote = await payouts.quote({ source: nettingPath(net.id), amount, destinations: [net.destination] })
    return quote.kind === 'possible' ? quote.costNano : undefined
  }

  async function pay(net: Net): Promise<undefined> {
    const { payout: id } = net.closed!
    const [first] = net.members
    const reference = net.members.length === 1 ? first!.reference : `${net.members.length} payouts, ${net.id}`.slice(0, REFERENCE_MAX)
    const order = { source: nettingPath(net.id), amount: totalOf(net), destinations: [net.destination], reference }
    try {
      await payouts.create({ id, ...order, createdBy: 'netting' })
    } catch (error) {
      if (!isGatewayError(error) || !REFUSALS.includes(error.code)) throw error
      log.warn({ net: net.id, payout: id, code: error.code, detail: error.shortMessage }, 'the payment of a net is refused')
      await end(net, 'failed')
    }
  }

  async function end(net: Net, outcome: 'settled' | 'failed'): Promise<undefined> {
    const { creditsPosted, debitsPosted, debitsPending } = books.balance(nettingPath(net.id), totalOf(net).asset)
    invariant(debitsPending === 0n, `the payment of ${net.id} has its end, so it holds nothing`)
    const legs = endLegs(net, creditsPosted - debitsPosted)
    await record(net, { type: 'netting.ended', id: net.id, at: clock.now(), data: { outcome } }, legs)
    log.info({ net: net.id, payouts: net.members.length, outcome }, 'a net has its end')
  }

  async function record(net: Net, fact: NetFact, legs: readonly Leg[]): Promise<void> {
    const entry = { id: ids.next('en_') as EntryId, payment: net.id, legs } // The prefix makes it one.
    const claims = [{ key: `net:${net.id}:${fact.type}`, fingerprint: 'once' }]
    const outcome = await submitSurely(books, { claims, facts: [toFact(fact)], ...(legs.length > 0 && { entry }) })
    invariant(outcome.kind === 'applied' || outcome.kind === 'replayed', `${fact.type} of ${net.id} can be booked: ${outcome.kind}`)
  }

  function onError(id: string, error: unknown): void {
    log.error({ net: id, error: String(error) }, 'a net cannot go on; it is taken up again at the next start')
    onFatal(error)
  }

  function find(id: string): MemberView | undefined {
    const net = store.ofMember(id)
    return net && viewMember(net, id)
  }

  return {
    async join(command) {
      const { net, id } = await joinNet(options, seats, command)
      return viewMember(net, id)
    },
    find,
    async wait(id, limits) {
      const net = store.ofMember(id)
      if (net && !net.ended) await ends.wait(net.id, limits)
      return find(id)
    },
    gainOf: (source) => store.gainOf(source),
    start() {
      started = true
      for (const { id } of store.open()) rounds.wake(id)
    },
    async close() {
      stopping = true
      await rounds.close()
    },
  }
}

function throwLater(error: unknown): void {
  setImmediate(() => {
    throw error
  })
}
