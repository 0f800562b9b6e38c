import { stat } from 'node:fs/promises'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { invariant } from '../../gateway/errors/invariant.ts'
import type { Asset } from '../../gateway/money/asset.ts'
import { min } from '../../gateway/money/integers.ts'
import type { Money } from '../../gateway/money/money.ts'
import type { BankDays } from '../../gateway/ports/bankDays.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import type { Receiver } from '../../gateway/ports/receiver.ts'
import type { Sender } from '../../gateway/ports/sender.ts'
import type { Statement } from '../../gateway/ports/statement.ts'
import { bankBalance, missingStatement } from './files/bankBalance.ts'
import { createBell } from './files/bell.ts'
import { streamSettlements } from './files/entryStream.ts'
import { exclusive } from './files/exclusive.ts'
import { gatherOrders } from './files/gathering.ts'
import { ifThere } from './files/ifThere.ts'
import { openInbox } from './files/inbox.ts'
import { openOutbox } from './files/outbox.ts'
import { startReader } from './files/reader.ts'
import { type BankStore, openStore, type Payment, type Problem } from './files/store.ts'
import { beginPayment, lookupPayment, writeFileOf } from './payments.ts'
import { compactIban, ownIban, refuseDestination } from './sepa/destination.ts'
import { estimateTransfer } from './sepa/estimate.ts'
import { offerTransfer } from './sepa/offerTransfer.ts'
import type { OwnAccount } from './sepa/pain001.ts'
import { readBankFile } from './sepa/translate.ts'

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
 * `folder` holds `outbox/`, `inbox/`, `archive/`, `staging/` and `handed/`, on one file system. `feeOf`: what our bank charges a transfer.
 * `days`: those of SEPA. `settlementSeconds`: how long a transfer takes; without it, as `days` say.
 */
type BankRailOptions = Readonly<{
  folder: string
  account: OwnAccount
  asset: Asset
  dataFile: string
  clock: Clock
  feeOf: (amount: Money) => Money
  days: BankDays
  pollMs?: number
  /** How long an order waits for another one. */
  gatherMs?: number
  settlementSeconds?: bigint
}>

/** The bank's charges come as `spent` settlements, never inside an outcome, so a settled outcome has the fee zero. */
export type BankRail = Receiver &
  Sender &
  Statement &
  Readonly<{
    feesComeBy: 'stream'
    /** What a person should look at, newest first: refused files, debits that are not ours, reports that contradict each other. */
    problems(): readonly Problem[]
    close(): Promise<void>
  }>

function checkOptions(options: BankRailOptions): OwnAccount {
  const { account, asset } = options
  invariant(asset.code === 'EUR', 'SEPA credit transfers are in euros')
  const iban = compactIban(account.iban)
  const refused = refuseDestination({ kind: 'iban', iban, name: account.name }, '')
  const address = /^[A-Z]{2}$/.test(account.country) && account.townName.trim() !== ''
  if (refused || !address) {
    throw new GatewayError(
      'rail_unavailable',
      `the bank account is not usable: ${refused ?? 'a town and a two-letter country are needed'}`,
      {
        hint: 'Correct the account in the configuration.',
      },
    )
  }
  return { ...account, iban }
}

/** What is not certain is unknown: an error while sending or looking up says nothing about the money. */
async function orUnknown(work: Promise<Outcome>): Promise<Outcome> {
  try {
    return await work
  } catch (error) {
    return { kind: 'unknown', checkAfterMs: RETRY_MS, silent: true, detail: error instanceof Error ? error.message : String(error) }
  }
}

/** The bank's files lie in it: a folder made by mistake would be one that no bank looks into. */
async function checkFolder(folder: string): Promise<void> {
  const found = await ifThere(stat(folder))
  if (found?.isDirectory()) return
  throw new GatewayError('rail_unavailable', `The folder ${folder} of the bank is not there: make it, or correct bank.folder`)
}

/** The bank's own word says how late it is: a clock that is ahead would forget what is needed yet. */
function forgottenBefore(store: BankStore, clock: Clock): number {
  return min(clock.now(), store.lastStatement()?.at ?? 0) - ANNOUNCED_MS
}

/** Rounded down, as what is told in whole seconds. */
function wholeSeconds(ms: number): bigint {
  return BigInt(ms) / 1000n
}

/** Opens the bank rail and starts reading the inbox. Throws `rail_unavailable` when the account, the folder or the data file is not usable. */
export async function openBankRail(options: BankRailOptions): Promise<BankRail> {
  const account = checkOptions(options)
  const { asset, clock, days, feeOf } = options
  const { iban } = account
  const pollMs = options.pollMs ?? POLL_MS
  await checkFolder(options.folder)
  const store = openStore(options.dataFile, iban)
  const since = forgottenBefore(store, clock)
  store.forgetAnnounced(since)
  store.forgetStrays(since)
  const write = (id: string, payments: readonly Payment[]) => writeFileOf({ account, asset, clock, days }, id, payments)
  const outbox = await openOutbox(options.folder, store, { since, write })
  const inbox = await openInbox(options.folder, store, { read: (bytes) => readBankFile(bytes, { iban, asset }), now: () => clock.now() })
  const inTurn = exclusive()
  const bell = createBell()
  const reader = startReader(() => inTurn(() => inbox.scan()), { pollMs, bell })
  const { check } = reader
  const seconds = () => options.settlementSeconds ?? wholeSeconds(days.goodFundsAt(clock.now()) - clock.now())
  let closing: Promise<void> | undefined
  const gathering = gatherOrders((orders) => inTurn(() => outbox.dispatch(orders)), options.gatherMs ?? min(pollMs, GATHER_MS))
  const payments = { store, outbox, gathering, account, asset, feeOf, clock, days, pollMs, settlementMs: () => Number(seconds() * 1000n) }

  return {
    rail: 'bank',
    asset,
    serves: ['iban'],
    feesComeBy: 'stream',
    check: (destination) => refuseDestination(destination, iban),
    owns: (destination) => ownIban(destination, iban),
    estimate: async (query) => estimateTransfer(query, { store, iban, asset, feeOf, seconds, check }),
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
    secondsToFunds: () => seconds(),
    async offer(request) {
      check()
      return offerTransfer(request, account, clock.now() + payments.settlementMs())
    },
    settlements: (after, { signal }) => streamSettlements({ store, asset, bell, check }, after, AbortSignal.any([signal, reader.stopped])),
    async balances() {
      check()
      return [bankBalance(store, asset)]
    },
    problems: () => [...missingStatement(store, clock.now()), ...store.problems()],
    close() {
      closing ??= Promise.all([reader.stop(), gathering.end()]).then(() => inTurn(async () => store.close()))
      return closing
    },
  }
}
