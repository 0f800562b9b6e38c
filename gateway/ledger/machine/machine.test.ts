import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AccountFlags, AMOUNT_MAX, TransferFlags, type TransferInit } from '../../ports/ledger.ts'
import type { LedgerRecord } from '../rows/record.ts'
import { decodeRecords, encodeRecords } from '../rows/recordBytes.ts'
import { BATCH_MAX, createMachine, type Machine } from './machine.ts'

const SECOND = 1_000_000_000n
const ACCOUNTS = 6n
/** Ids are few, so that retries and resolved holds happen; holds take the first of them. */
const IDS = 60
const HOLDS = 10

type Action = { kind: 'batch'; events: TransferInit[] } | { kind: 'wait'; seconds: bigint }

const accountFlags = fc.constantFrom(0, AccountFlags.debits_must_not_exceed_credits, AccountFlags.credits_must_not_exceed_debits)
const transferId = fc.integer({ min: 1, max: IDS }).map(BigInt)
const holdId = fc.integer({ min: 1, max: HOLDS }).map(BigInt)
const amount = fc.oneof({ weight: 8, arbitrary: fc.bigInt(0n, 100n) }, { weight: 1, arbitrary: fc.constant(AMOUNT_MAX) })
const flagsOf = (...names: (keyof typeof TransferFlags)[]) => names.reduce((flags, name) => flags | TransferFlags[name], 0)
const linked = fc.constantFrom(0, 0, TransferFlags.linked)

const moved: fc.Arbitrary<TransferInit> = fc.record({
  id: transferId,
  debitAccountId: fc.bigInt(1n, ACCOUNTS),
  creditAccountId: fc.bigInt(1n, ACCOUNTS),
  amount,
  ledger: fc.constantFrom(1, 1, 1, 2),
  code: fc.constant(1),
  flags: fc
    .tuple(linked, fc.constantFrom(0, 0, flagsOf('balancing_debit'), flagsOf('balancing_credit', 'balancing_debit')))
    .map(([a, b]) => a | b),
})
const held: fc.Arbitrary<TransferInit> = fc
  .tuple(moved, holdId, fc.constantFrom(0, 0, 0, flagsOf('closing_debit'), flagsOf('closing_credit')), fc.constantFrom(0, 0, 1, 2))
  .map(([event, id, closing, timeout]) => ({ ...event, id, timeout, flags: event.flags! | TransferFlags.pending | closing }))
const resolved: fc.Arbitrary<TransferInit> = fc.record({
  id: transferId,
  pendingId: holdId,
  amount,
  flags: fc.tuple(linked, fc.constantFrom(flagsOf('post_pending_transfer'), flagsOf('void_pending_transfer'))).map(([a, b]) => a | b),
})
const batch = fc.array(fc.oneof(moved, held, resolved), { minLength: 1, maxLength: 8 })
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: batch.map((events): Action => ({ kind: 'batch', events })) },
  { weight: 1, arbitrary: fc.bigInt(1n, 2n).map((seconds): Action => ({ kind: 'wait', seconds })) },
)
const scenario = fc.tuple(
  fc.array(accountFlags, { minLength: Number(ACCOUNTS), maxLength: Number(ACCOUNTS) }), // not money: how many accounts
  fc.array(action, { maxLength: 40 }),
)

function open(flags: readonly number[]): Machine {
  const machine = createMachine()
  // The last account is on another ledger, so that mixing ledgers is tried too.
  machine.createAccounts(
    flags.map((f, i) => ({ id: BigInt(i + 1), ledger: i === flags.length - 1 ? 2 : 1, code: 1, flags: f })),
    SECOND,
  )
  return machine
}

/** All that can be asked about the machine. */
function dump(machine: Machine): unknown {
  const ids = Array.from({ length: IDS }, (_, i) => BigInt(i + 1))
  return {
    accounts: [...machine.accounts()],
    transfers: ids.map((id) => [machine.transfer(id), machine.pendingStatus(id)]),
    sums: machine.sums(),
  }
}

function play(machine: Machine, actions: readonly Action[], afterEach: () => void): bigint {
  let now = SECOND
  for (const step of actions) {
    if (step.kind === 'wait') {
      now += step.seconds * SECOND
      machine.expire(now)
    } else machine.createTransfers(step.events, now)
    afterEach()
  }
  return now
}

describe('whatever is asked of the machine', () => {
  test('debits equal credits in each ledger, no balance is negative and no limit is broken', () => {
    fc.assert(
      fc.property(scenario, ([flags, actions]) => {
        const machine = open(flags)
        play(machine, actions, () => expect(machine.check()).toEqual([]))
      }),
      { numRuns: 300 },
    )
  })

  test('its records, written as bytes and applied to an empty machine, give the same state and the same answers after', () => {
    fc.assert(
      fc.property(scenario, batch, ([flags, actions], more) => {
        const machine = open(flags)
        const records: LedgerRecord[] = []
        const now = play(machine, actions, () => records.push(...machine.takeRecords()))
        records.push(...machine.takeRecords())
        const replayed = createMachine()
        for (const record of decodeRecords(encodeRecords(records))) replayed.apply(record)
        expect(dump(replayed)).toEqual(dump(machine))
        const statuses = (m: Machine) => m.createTransfers(more, now + SECOND).map((r) => r.status)
        expect(statuses(replayed)).toEqual(statuses(machine))
      }),
      { numRuns: 300 },
    )
  })

  test('a rollback leaves nothing but burned ids', () => {
    fc.assert(
      fc.property(scenario, batch, ([flags, actions], undone) => {
        const machine = open(flags)
        const now = play(machine, actions, () => undefined)
        const before = dump(machine)
        const savepoint = machine.savepoint()
        const results = machine.createTransfers(undone, now)
        machine.rollback(savepoint)
        expect(dump(machine)).toEqual(before)
        const burned = results.flatMap(({ status }, i) => (/exceeds_(credits|debits)|not_found|closed/.test(status) ? [undone[i]!.id] : []))
        const again = burned.map(
          (id) => machine.createTransfers([{ id, debitAccountId: 1n, creditAccountId: 2n, ledger: 1, code: 1 }], now)[0]!.status,
        )
        expect(again.filter((status) => status !== 'id_already_failed')).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('the scenarios above reach the interesting answers', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(scenario, ([flags, actions]) => {
        const machine = open(flags)
        let now = SECOND
        for (const step of actions) {
          if (step.kind === 'wait') now += step.seconds * SECOND
          else for (const { status } of machine.createTransfers(step.events, now)) seen.add(status)
        }
      }),
      { numRuns: 2000, seed: 1 },
    )
    for (const status of [
      'created',
      'exceeds_credits',
      'exceeds_debits',
      'id_already_failed',
      'linked_event_failed',
      'pending_transfer_expired',
      'pending_transfer_already_voided',
      'pending_transfer_already_posted',
      'debit_account_already_closed',
      'overflows_debits',
    ]) {
      expect(seen).toContain(status)
    }
  })
})

describe('the machine', () => {
  test('stops on a value that its field can not hold, and on a batch that is too large', () => {
    const machine = open([0, 0, 0])
    const event = { id: 1n, debitAccountId: 1n, creditAccountId: 2n, ledger: 1, code: 1 }
    for (const wrong of [
      { amount: -1n },
      { amount: AMOUNT_MAX + 1n },
      { ledger: 2 ** 32 },
      { timeout: -1 },
      { code: 1.5 },
      { userData64: 2n ** 64n },
    ]) {
      expect(() => machine.createTransfers([{ ...event, ...wrong }], SECOND)).toThrow('range')
    }
    expect(() => machine.createTransfers(Array(BATCH_MAX + 1).fill(event), SECOND)).toThrow('at most 8189')
    expect(machine.createTransfers([], SECOND)).toEqual([])
    expect(machine.transfer(1n)).toBeUndefined()
  })

  test('gives timestamps that never repeat, also when the clock is set back', () => {
    const machine = open([0, 0, 0])
    const event = { debitAccountId: 1n, creditAccountId: 2n, ledger: 1, code: 1, amount: 1n }
    const [first] = machine.createTransfers([{ ...event, id: 1n }], 9n * SECOND)
    const [second] = machine.createTransfers([{ ...event, id: 2n }], 2n * SECOND)
    expect(second!.timestamp).toBeGreaterThan(first!.timestamp)
  })

  test('resolves a hold until the nanosecond before it expires, also when its units are not released yet', () => {
    const machine = open([0, 0, 0])
    const hold = { debitAccountId: 1n, creditAccountId: 2n, amount: 1n, timeout: 1, ledger: 1, code: 1, flags: TransferFlags.pending }
    const [first] = machine.createTransfers([{ ...hold, id: 1n }], SECOND)
    const [second] = machine.createTransfers([{ ...hold, id: 2n }], SECOND + SECOND / 2n)
    // The machine gives an event the nanosecond after the time it is told.
    const post = (id: bigint, pendingId: bigint, at: bigint) =>
      machine.createTransfers([{ id, pendingId, flags: TransferFlags.post_pending_transfer, amount: 1n }], at - 1n)[0]
    const early = first!.timestamp + SECOND - 1n
    expect(post(3n, 1n, early)).toEqual({ status: 'created', timestamp: early })
    const late = second!.timestamp + SECOND
    expect(post(4n, 2n, late)).toEqual({ status: 'pending_transfer_expired', timestamp: late })
    expect(machine.pendingStatus(2n)).toBe('pending')
  })

  test('releases expired holds in the order of their expiry', () => {
    const machine = open([0, 0, 0])
    const hold = (id: bigint, timeout: number) => ({
      id,
      timeout,
      debitAccountId: 1n,
      creditAccountId: 2n,
      amount: 1n,
      ledger: 1,
      code: 1,
      flags: 2,
    })
    machine.createTransfers([hold(1n, 3), hold(2n, 1), hold(3n, 2), hold(4n, 9), hold(5n, 1)], SECOND)
    machine.takeRecords()
    expect(machine.hasDue(SECOND)).toBe(false)
    machine.expire(5n * SECOND)
    expect(machine.takeRecords().map((r) => r.kind === 'expired' && r.pendingId)).toEqual([2n, 5n, 3n, 1n])
    expect(machine.pendingStatus(4n)).toBe('pending')
  })
})
