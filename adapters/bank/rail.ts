import { setTimeout as sleep } from 'node:timers/promises'
import { GatewayError, isGatewayError } from '../../gateway/errors/gatewayError.ts'
import { invariant } from '../../gateway/errors/invariant.ts'
import type { Asset } from '../../gateway/money/asset.ts'
import { type Money, showMoney } from '../../gateway/money/money.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import type { OfferTerms, Receiver } from '../../gateway/ports/receiver.ts'
import type { Estimate, PayoutQuery, Sender } from '../../gateway/ports/sender.ts'
import type { Statement } from '../../gateway/ports/statement.ts'
import { bankBalance } from './bankBalance.ts'
import { isTransferable } from './cents.ts'
import { creditorReferenceOf } from './creditorReference.ts'
import { compactIban, refuseDestination } from './destination.ts'
import { createBell, streamSettlements } from './entryStream.ts'
import { exclusive } from './exclusive.ts'
import { openInbox } from './inbox.ts'
import { openOutbox } from './outbox.ts'
import type { OwnAccount } from './pain001.ts'
import { lookupPayment, type PaymentOptions, sendPayment } from './payments.ts'
import { openStore, type Problem } from './store.ts'
import { secondsToFunds } from './targetCalendar.ts'

const POLL_MS = 1000
/** Nearly every SCT to a checked IBAN settles; EPC figures put R-transactions below 1 %. Used until the router has learnt better. */
const SUCCESS_PPM = 995_000n
const RETRY_MS = 60_000

/**
 * `folder` holds `outbox/`, `inbox/`, `archive/` and `staging/`, on one file system. `fee` is what our bank charges a transfer.
 * `settlementSeconds`: how long a transfer takes; without it, until the end of the TARGET day after its execution.
 */
export type BankRailOptions = Readonly<{
  folder: string
  account: OwnAccount
  asset: Asset
  dataFile: string
  clock: Clock
  fee: Money
  pollMs?: number
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
  const { account, asset, fee } = options
  invariant(asset.code === 'EUR' && fee.asset.id === asset.id, 'SEPA credit transfers are in euros')
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

/** Opens the bank rail and starts reading the inbox. Throws `rail_unavailable` when the account or the data file is not usable. */
export async function openBankRail(options: BankRailOptions): Promise<BankRail> {
  const account = checkOptions(options)
  const { asset, clock, fee } = options
  const pollMs = options.pollMs ?? POLL_MS
  const store = openStore(options.dataFile, account.iban)
  const outbox = await openOutbox(options.folder, store)
  const inbox = await openInbox(options.folder, store, { iban: account.iban, asset, now: () => clock.now() })
  const settlement = () => options.settlementSeconds ?? secondsToFunds(clock.now())
  const payments: PaymentOptions = { store, outbox, account, asset, fee, clock, pollMs, settlementMs: () => Number(settlement() * 1000n) }
  const inTurn = exclusive()
  const bell = createBell()
  const stop = new AbortController()
  let fault: unknown

  function check(): void {
    if (fault !== undefined) throw new GatewayError('rail_unavailable', 'reading the bank’s files has stopped', { cause: fault })
  }

  async function poll(): Promise<void> {
    while (!stop.signal.aborted) {
      if (await inTurn(() => inbox.scan())) bell.ring()
      await sleep(pollMs, undefined, { signal: stop.signal }).catch(() => undefined)
    }
  }
  const polling = poll().catch((error: unknown) => {
    fault = error
    bell.ring()
  })

  /** What is not certain is unknown: an error while sending or looking up says nothing about the money. */
  async function certainly(work: () => Promise<Outcome>): Promise<Outcome> {
    try {
      return await inTurn(work)
    } catch (error) {
      return { kind: 'unknown', checkAfterMs: RETRY_MS, detail: error instanceof Error ? error.message : String(error) }
    }
  }

  function available(): Money {
    const balance = bankBalance(store, asset)
    const leaving = balance.inFlight.reduce((sum, one) => sum + one.amount.units + fee.units, fee.units)
    return { asset, units: balance.amount.units > leaving ? balance.amount.units - leaving : 0n }
  }

  return {
    rail: 'bank',
    asset,
    serves: ['iban'],
    feesComeBy: 'stream',
    check: (destination) => refuseDestination(destination, account.iban),

    async offer(request): Promise<OfferTerms> {
      check()
      if (!isTransferable(request.amount)) {
        throw new GatewayError('invalid_amount', `${showMoney(request.amount)} can not be paid by bank transfer`, {
          hint: 'Round it up to whole cents, at least 0.01 and at most 999999999.99.',
        })
      }
      const reference = creditorReferenceOf(request.ref)
      const wire = { kind: 'bank' as const, iban: account.iban, name: account.name, remittance: reference }
      return { rail: 'bank', amount: request.amount, expiresAt: request.expiresAt, reference, wire }
    },

    settlements: (after, { signal }) => {
      const both = AbortSignal.any([signal, stop.signal])
      return streamSettlements({ store, asset, bell, check }, after, both)
    },

    async estimate(query: PayoutQuery): Promise<Estimate> {
      const refused = refuseDestination(query.destination, account.iban)
      if (refused) return { kind: 'impossible', reason: 'invalid_destination', detail: refused }
      if (!isTransferable(query.amount)) {
        return { kind: 'impossible', reason: 'rejected_by_rail', detail: `${showMoney(query.amount)} is not an amount of whole cents` }
      }
      try {
        check()
        const failureFee = { asset, units: 0n }
        const seconds = settlement()
        const times = { secondsToFunds: seconds, secondsToFail: seconds }
        return { kind: 'possible', fee, feeMax: fee, failureFee, successPpm: SUCCESS_PPM, ...times, available: available() }
      } catch (error) {
        if (!isGatewayError(error, 'rail_unavailable')) throw error
        return { kind: 'impossible', reason: 'insufficient_liquidity', detail: error.shortMessage }
      }
    },

    send: (attempt, { signal }) =>
      certainly(async () => {
        if (signal.aborted && !store.payment(attempt.id)) return { kind: 'failed', reason: 'never_sent', detail: 'the deadline had passed' }
        return sendPayment(attempt, payments)
      }),
    lookup: (id) => certainly(() => lookupPayment(id, payments)),

    async balances() {
      check()
      return [bankBalance(store, asset)]
    },
    problems: () => store.problems(),
    async close() {
      stop.abort()
      bell.ring()
      await polling
      await inTurn(async () => store.close())
    },
  }
}
