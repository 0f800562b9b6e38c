import { GatewayError } from '../errors/gatewayError.ts'
import { invariant } from '../errors/invariant.ts'
import { drive } from '../ledger/process/drive.ts'
import { createUnderWay } from '../ledger/process/underWay.ts'
import { min } from '../money/integers.ts'
import type { ExchangeContext } from './context.ts'
import { ALL, type CreateExchange, createExchange, requireRoom } from './createExchange.ts'
import type { Exchange } from './exchange.ts'
import { exchangeSteps } from './exchangeSteps.ts'
import { hearHeld } from './hearHeld.ts'
import { type ExchangeEffect, nextEffect } from './nextEffect.ts'
import { createPayIn } from './payIn.ts'
import { type ExchangeView, viewExchange } from './view.ts'

const LIST_MAX = 100
/** More steps than any exchange takes without waiting; what is left comes in the next round. */
const STEPS_MAX = 12

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

/** Drives exchanges to their end. Its records must have been made before the books started. */
export function createExchanges(options: ExchangeOptions): Exchanges {
  const { records, policy, log, clock } = options
  const payIn = createPayIn(options)
  const { marginMs, graceMs } = policy
  const driven = drive<Exchange, ExchangeEffect>({
    name: 'exchange',
    records,
    next: (x) => nextEffect(x, { now: clock.now(), marginMs, graceMs, decideBy: payIn.decideBy(x) }),
    steps: exchangeSteps(options, payIn),
    width: policy.lanes,
    retryMs: policy.retryMs,
    stepsMax: STEPS_MAX,
    log,
    clock,
    onFatal: options.onFatal,
  })
  const stopping = new AbortController()
  const making = createUnderWay()

  function known(id: string): Exchange {
    const x = records.get(id)
    if (!x) throw new GatewayError('not_found', `There is no exchange ${id.slice(0, 60)}`)
    return x
  }

  return {
    async create(command) {
      requireRoom(options, making, command.party)
      return viewExchange(await making.during([command.party, ALL], () => createExchange(options, command)))
    },
    get: (id) => viewExchange(known(id)),
    list({ limit, after }) {
      invariant(Number.isInteger(limit) && limit >= 1, 'a page has at least one row')
      if (after !== undefined) known(after)
      return records.list({ limit: min(limit, LIST_MAX), after }).map(viewExchange)
    },
    exceptions: () => records.exceptions().map(viewExchange),
    start() {
      records.onChange(driven.wake)
      void driven.resume()
      log.info({ open: records.openCount() }, 'exchanges taken up')
      if (options.holds) void hearHeld(options.holds, { records, log, wake: driven.wake, stop: stopping.signal })
    },
    async close() {
      stopping.abort()
      await driven.close()
    },
  }
}
