import { stat } from 'node:fs/promises'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { min } from '../../gateway/money/integers.ts'
import type { Money } from '../../gateway/money/money.ts'
import type { BankDays } from '../../gateway/ports/bankDays.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import type { Receiver } from '../../gateway/ports/receiver.ts'
import type { Sender } from '../../gateway/ports/sender.ts'
import type { Statement } from '../../gateway/ports/statement.ts'
import { bankBalance, missingStatement } from './files/bankBalance.ts'
import type { BankNetwork } from './files/bankNetwork.ts'
import { createBell } from './files/bell.ts'
import { streamSettlements } from './files/entryStream.ts'
import { exclusive } from './files/exclusive.ts'
import { gatherOrders } from './files/gathering.ts'
import { ifThere } from './files/ifThere.ts'
import { openInbox } from './files/inbox.ts'
import { openOutbox } from './files/outbox.ts'
import { startReader } from './files/reader.ts'
import { overdueRecalls } from './files/recallAnswers.ts'
import { type BankStore, openStore, type Problem } from './files/store.ts'
import { beginPayment, lookupPayment, type PaymentOptions } from './payments.ts'

const POLL_MS = 1000
/** Orders leave in one file with those that come within so long; nobody waits longer than ten times that. */
const GATHER_MS = 1000
const RETRY_MS = 60_000
/**
 * What only tells a lost or older file from this one is forgotten so long before the bank's last statement: announcements that the books declined, names of
 * orders that left.
 */
const ANNOUNCED_MS = 90 * 24 * 3_600_000

/**
 * `folder` holds `outbox/`, `inbox/`, `archive/`, `staging/` and `handed/`, on one file system; `setting` is what the configuration calls it. `feeOf`:
 * what our bank charges a transfer. `days`: those of the network. `settlementSeconds`: how long a transfer takes; without it, as `days` say.
 */
export type FileRailOptions = Readonly<{
  folder: string
  setting: string
  dataFile: string
  clock: Clock
  feeOf: (amount: Money) => Money
  days: BankDays
  pollMs?: number
  /** How long an order waits for another one. */
  gatherMs?: number
  settlementSeconds?: bigint
}>

/** A way of the same account with days, fees and a name of its own. */
type Lane = Readonly<{ days: BankDays; feeOf: (amount: Money) => Money; lane?: string; network?: BankNetwork }>

/** What is not certain is unknown: an error while sending or looking up says nothing about the money. */
async function orUnknown(work: Promise<Outcome>): Promise<Outcome> {
  try {
    return await work
  } catch (error) {
    return { kind: 'unknown', checkAfterMs: RETRY_MS, silent: true, detail: error instanceof Error ? error.message : String(error) }
  }
}

/** The bank's files lie in it: a folder made by mistake would be one that no bank looks into. */
async function checkFolder(folder: string, setting: string): Promise<void> {
  const found = await ifThere(stat(folder))
  if (found?.isDirectory()) return
  throw new GatewayError('rail_unavailable', `The folder ${folder} of the bank is not there: make it, or correct ${setting}`)
}

/** The bank's own word says how late it is: a clock that is ahead would forget what is needed yet. */
function forgottenBefore(store: BankStore, clock: Clock): number {
  return min(clock.now(), store.lastStatement()?.at ?? 0) - ANNOUNCED_MS
}

/** Rounded down, as what is told in whole seconds. */
function wholeSeconds(ms: number): bigint {
  return BigInt(ms) / 1000n
}

/**
 * The part of a bank's rail that all networks have, and begins to read the inbox: orders that leave once, what the bank says of them, bookings, the balance.
 * Throws `rail_unavailable` when the folder or the data file is not usable.
 */
export async function openFileRail(options: FileRailOptions, network: BankNetwork) {
  const { clock, folder } = options
  const { asset, rail, ending, meaningOf } = network
  const pollMs = options.pollMs ?? POLL_MS
  await checkFolder(folder, options.setting)
  const store = openStore(options.dataFile, network.own)
  const since = forgottenBefore(store, clock)
  store.forgetAnnounced(since)
  store.forgetStrays(since)
  const outbox = await openOutbox(folder, store, { since, ending, write: (id, of) => network.file(id, of, clock.now(), store) })
  const inTurn = exclusive()
  const inbox = await openInbox(folder, store, { read: () => network.read(store), meaningOf, inTurn, now: () => clock.now() })
  const bell = createBell()
  const reader = startReader(() => inbox.scan(), { pollMs, bell })
  const { check } = reader
  const gathering = gatherOrders((orders) => inTurn(() => outbox.dispatch(orders)), options.gatherMs ?? min(pollMs, GATHER_MS))
  let closing: Promise<void> | undefined

  const secondsOf = (days: BankDays) => options.settlementSeconds ?? wholeSeconds(days.goodFundsAt(clock.now()) - clock.now())

  /** Sending by one way of the account. */
  function sending({ days, feeOf, ...lane }: Lane): Pick<Sender, 'send' | 'lookup' | 'railKey'> {
    const settlementMs = () => Number(secondsOf(days) * 1000n)
    const payments: PaymentOptions = { store, outbox, gathering, network, feeOf, clock, days, pollMs, settlementMs, ...lane }
    return {
      send(attempt, { signal, acknowledged }) {
        return orUnknown(
          inTurn(() => beginPayment(attempt, payments, signal)).then(async ({ outcome, left }) => {
            if (left) acknowledged?.()
            await left
            return outcome
          }),
        )
      },
      railKey(_, id) {
        store.announce(id, clock.now())
        return store.fileName()
      },
      lookup: (id, sent) => orUnknown(inTurn(() => lookupPayment(id, sent, payments))),
    }
  }

  const settlements: Receiver['settlements'] = (after, { signal }) =>
    streamSettlements({ store, asset, rail, meaningOf, bell, check }, after, AbortSignal.any([signal, reader.stopped]))
  const balances: Statement['balances'] = async () => {
    check()
    return [bankBalance(store, asset)]
  }
  return {
    store,
    check,
    pollMs,
    /** Lets a file leave that is no order, once by its name. */
    handOver: (name: string, text: string) => inTurn(() => outbox.handOver(name, text)),
    sending,
    secondsOf,
    settlements,
    balances,
    problems: (): readonly Problem[] => [
      ...missingStatement(store, clock.now()),
      ...overdueRecalls(store, clock.now()),
      ...inbox.problems(),
      ...store.problems(),
    ],
    close() {
      closing ??= Promise.all([reader.stop(), gathering.end()]).then(() => inTurn(async () => store.close()))
      return closing
    },
  }
}
