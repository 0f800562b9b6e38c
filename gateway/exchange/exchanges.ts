import { GatewayError, isGatewayError } from '../errors/gatewayError.ts'
import { invariant, unreachable } from '../errors/invariant.ts'
import { createRounds } from '../ledger/process/rounds.ts'
import type { HoldInvoices } from '../ports/holdInvoices.ts'
import type { ExchangeContext } from './context.ts'
import { type CreateExchange, createExchange } from './createExchange.ts'
import type { Exchange, HeldPay, IntentPay } from './exchange.ts'
import { toFact } from './facts.ts'
import { type ExchangeEffect, nextEffect } from './nextEffect.ts'
import { createPayIn } from './payIn.ts'
import { createPayOut } from './payOut.ts'
import { submitStep } from './submitStep.ts'
import { type ExchangeView, viewExchange } from './view.ts'

const LIST_MAX = 100
/** More steps than any exchange takes without waiting; what is left comes in the next round. */
const STEPS_MAX = 12
const LISTEN_AGAIN_MS = 1_000

export type ExchangeOptions = ExchangeContext &
  Readonly<{
    /** Told of an error that no step expects; by default it is thrown, which stops the process. */
    onFatal?: (error: unknown) => void
  }>

export type Exchanges = Readonly<{
  /** Resolves when the exchange is durable; its payment can be made then. */
  create(command: CreateExchange): Promise<ExchangeView>
  get(id: string): ExchangeView
  /** Newest first, at most 100, after the id `after` when given. */
  list(o: { limit: number; after?: string | undefined }): ExchangeView[]
  /** Those that a person should look at, the newest first. */
  exceptions(): ExchangeView[]
  /** After the payouts have been taken up: goes on with every open exchange and listens to the node. */
  start(): void
  /** Starts no more steps; resolves when those under way are recorded. */
  close(): Promise<void>
}>

/** Drives exchanges to their end. Its store must have been made before the books started. */
export function createExchanges(options: ExchangeOptions): Exchanges {
  const { store, policy, log, clock, onFatal = throwLater } = options
  const payIn = createPayIn(options)
  const payOut = createPayOut(options)
  const rounds = createRounds({ width: policy.lanes, run, onError })
  const stopping = new AbortController()
  let started = false
  store.onChange((id) => {
    if (started) rounds.wake(id)
  })

  async function run(id: string): Promise<number | undefined> {
    for (let step = 0; step < STEPS_MAX; step++) {
      if (stopping.signal.aborted) return undefined
      const againMs = await busyAsWait(() => advance(store.get(id)!))
      if (againMs !== undefined) return againMs === 'wait' ? undefined : againMs
    }
    return policy.retryMs
  }

  /** One step: how long to wait for the next, `wait` when a fact must come first, undefined when one was written. */
  function advance(x: Exchange): Promise<number | 'wait' | undefined> {
    const { marginMs, graceMs } = policy
    const effect = nextEffect(x, { now: clock.now(), marginMs, graceMs, decideBy: payIn.decideBy(x) })
    const { pay } = x
    return pay.kind === 'hold' ? stepOfHeld(x, pay, effect) : stepOfIntent(x, pay, effect)
  }

  async function stepOfHeld(x: Exchange, pay: HeldPay, effect: ExchangeEffect): Promise<number | 'wait' | undefined> {
    switch (effect.kind) {
      case 'watch':
        return payIn.watch(x, pay)
      case 'guard':
        return payIn.guard(x, pay, effect.byMs)
      case 'give':
        return payIn.give(x, pay, effect.reason)
      case 'take':
        return payIn.take(x, pay)
      case 'pay':
        return (await payOut.pay(x, effect.sendBy)) === 'refused' ? payIn.give(x, pay, 'payout_failed') : undefined
      case 'doubt':
        return doubt(x, effect.decideBy)
      case 'cover':
        return payOut.cover(x, pay)
      case 'forget':
        return payOut.forget(x, pay)
      case 'credit':
        return payOut.credit(x)
      case 'refund':
      case 'none':
      case 'wait':
        return 'wait'
      default:
        return unreachable(effect)
    }
  }

  async function stepOfIntent(x: Exchange, pay: IntentPay, effect: ExchangeEffect): Promise<'wait' | undefined> {
    if (effect.kind !== 'pay' && effect.kind !== 'refund') return 'wait'
    const made = effect.kind === 'pay' ? await payOut.pay(x, undefined) : await payOut.refund(x, pay)
    if (made === 'refused') await payOut.credit(x)
    return undefined
  }

  /** The time to decide is over. It is written before it is done, so that the books say why a payment was taken without a certain payout. */
  async function doubt(x: Exchange, decideBy: number): Promise<undefined> {
    await submitStep(options, { facts: [toFact({ type: 'exchange.doubted', id: x.id, at: clock.now(), data: { decideBy } })] })
    log.error({ exchange: x.id, payout: x.leg.payout }, 'the payout has no outcome in time, and may have moved: its payment is taken')
  }

  /** What did not answer, or had no room, took nothing: the step is taken again later, from the facts as they stand then. */
  async function busyAsWait<T>(step: () => Promise<T>): Promise<T | number> {
    try {
      return await step()
    } catch (error) {
      if (!isGatewayError(error)) throw error
      log.warn({ code: error.code, detail: error.shortMessage }, 'a step of an exchange is tried again')
      return policy.retryMs
    }
  }

  function onError(id: string, error: unknown): void {
    log.error({ exchange: id, error: String(error) }, 'an exchange cannot go on; it is taken up again at the next start')
    onFatal(error)
  }

  /** Payments that arrive are told by the node, which is quicker than asking; what it does not tell is asked for. */
  async function listen(holds: HoldInvoices): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        for await (const { hash } of holds.held({ signal: stopping.signal })) {
          const x = store.byHash(hash)
          if (x) rounds.wake(x.id)
        }
      } catch (error) {
        log.warn({ error: String(error) }, 'the stream of held payments broke, taking it up again')
      }
      if (!stopping.signal.aborted) await new Promise((resolve) => setTimeout(resolve, LISTEN_AGAIN_MS).unref())
    }
  }

  function known(id: string): Exchange {
    const x = store.get(id)
    if (!x) throw new GatewayError('not_found', `There is no exchange ${id.slice(0, 60)}`)
    return x
  }

  return {
    create: async (command) => viewExchange(await createExchange(options, command)),
    get: (id) => viewExchange(known(id)),
    list({ limit, after }) {
      invariant(Number.isInteger(limit) && limit >= 1, 'a page has at least one row')
      if (after !== undefined) known(after)
      return store.list({ limit: limit < LIST_MAX ? limit : LIST_MAX, after }).map(viewExchange)
    },
    exceptions: () => store.exceptions().map(viewExchange),
    start() {
      started = true
      for (const { id } of store.open()) rounds.wake(id)
      log.info({ open: store.openCount() }, 'exchanges taken up')
      if (options.holds) void listen(options.holds)
    },
    async close() {
      stopping.abort()
      await rounds.close()
    },
  }
}

function throwLater(error: unknown): void {
  setImmediate(() => {
    throw error
  })
}
