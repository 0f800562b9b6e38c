import { describe, expect, test } from 'vitest'
import { type AccountInit, AMOUNT_MAX, LEDGER_BATCH_MAX, TransferFlags, type TransferInit } from '../../gateway/ports/ledger.ts'
import type { EngineUnderTest } from './engineUnderTest.ts'
import { playRecorded } from './recordedLedger.ts'

export type LedgerBehaviorOptions = Readonly<{
  /** Reopens after every create call of the recorded cases. */
  reopening?: boolean
  /** Recorded cases whose input this engine's client can not express, such as a reserved field. */
  without?: readonly number[]
}>

const START = 1_800_000_000_000_000_000n
const SECOND = 1_000_000_000n

/** What every ledger engine does: the recorded answers of a real TigerBeetle, and what no recording can hold. */
export function ledgerEngineBehavior(name: string, open: () => Promise<EngineUnderTest>, options: LedgerBehaviorOptions = {}): void {
  describe(`${name} as a ledger engine`, () => {
    test('gives every recorded answer of a real server again', async () => {
      const under = await open()
      try {
        const { without = [], reopening = false } = options
        const tally = await playRecorded(under, { reopening, without })
        if (without.length === 0) expect(tally).toEqual({ steps: 707, statuses: 930, rows: 236, refused: 3 })
        expect(under.check()).toEqual([])
      } finally {
        await under.dispose()
      }
    }, 240_000)

    const withAccounts = accountsOn(open)
    booking(withAccounts)
    refusing(withAccounts)

    test('pages through transfers by timestamp, in both directions', () =>
      withAccounts(async (under) => {
        await under.engine().createTransfers(Array.from({ length: 50 }, (_, i) => move(i + 1, BigInt(i))))
        const first = await under.engine().queryTransfers({ ledger: 7, limit: 20 })
        const rest = await under.engine().queryTransfers({ ledger: 7, limit: 100, timestampMin: first.at(-1)!.timestamp + 1n })
        const back = await under.engine().accountTransfers({ accountId: id(1), limit: 100, flags: 1 | 4 })
        expect([...first, ...rest].map((t) => t.id)).toEqual(Array.from({ length: 50 }, (_, i) => id(101 + i)))
        expect(back.map((t) => t.id).reverse()).toEqual([...first, ...rest].map((t) => t.id))
      }))
  })
}

type WithAccounts = (run: (under: EngineUnderTest) => Promise<void>, accounts?: Partial<AccountInit>[]) => Promise<void>

/** Two accounts on ledger 7 and an engine at `START`. */
function accountsOn(open: () => Promise<EngineUnderTest>): WithAccounts {
  return async (run, accounts = [{}, {}]) => {
    const under = await open()
    try {
      await under.moveTo(START)
      const created = await under.engine().createAccounts(accounts.map((a, i) => ({ id: id(i + 1), ledger: 7, code: 1, ...a })))
      expect(created.map(({ status }) => status)).toEqual(accounts.map(() => 'created'))
      await run(under)
      expect(under.check()).toEqual([])
    } finally {
      await under.dispose()
    }
  }
}

function booking(withAccounts: WithAccounts): void {
  test('answers a batch densely, in order, with consecutive timestamps, and knows it again after it was opened again', () =>
    withAccounts(async (under) => {
      const results = await under.engine().createTransfers([move(1, 5n), move(1, 6n), move(2, 7n)])
      expect(results.map(({ status }) => status)).toEqual(['created', 'exists_with_different_amount', 'created'])
      expect(results[2]!.timestamp - results[0]!.timestamp).toBe(2n)
      await under.reopen()
      const [first] = await under.engine().createTransfers([move(1, 5n)])
      expect(first).toEqual({ status: 'exists', timestamp: results[0]!.timestamp })
      expect(await under.engine().lookupTransfers([id(101), id(999), id(102)])).toMatchObject([{ amount: 5n }, undefined, { amount: 7n }])
    }))

  test('books amounts of 2^127 and refuses the sum that does not fit, also after it was opened again', () =>
    withAccounts(async (under) => {
      const half = 2n ** 127n
      const statuses = async (...events: TransferInit[]) => (await under.engine().createTransfers(events)).map(({ status }) => status)
      expect(await statuses(move(1, half), move(2, half), move(3, half - 1n))).toEqual(['created', 'overflows_debits_posted', 'created'])
      await under.reopen()
      expect(await statuses(move(4, 1n), move(5, 0n))).toEqual(['overflows_debits_posted', 'created'])
      const [debit] = await under.engine().lookupAccounts([id(1)])
      expect(debit).toMatchObject({ debitsPosted: AMOUNT_MAX, creditsPosted: 0n })
    }))

  test('holds, posts a part, and releases the rest; what is late has expired', () =>
    withAccounts(async (under) => {
      const { engine } = under
      await engine().createTransfers([hold(1, 100n, 0), hold(2, 50n, 1)])
      await under.reopen()
      const [posted] = await engine().createTransfers([
        { id: id(103), pendingId: id(101), amount: 30n, flags: TransferFlags.post_pending_transfer },
      ])
      expect(posted!.status).toBe('created')
      await under.moveTo(START + 10n * SECOND)
      const [late] = await engine().createTransfers([{ id: id(104), pendingId: id(102), flags: TransferFlags.void_pending_transfer }])
      expect(late!.status).toBe('pending_transfer_expired')
      await under.reopen()
      expect(await engine().lookupAccounts([id(1)])).toMatchObject([{ debitsPending: 0n, debitsPosted: 30n }])
    }))
}

function refusing(withAccounts: WithAccounts): void {
  test('burns the id of what was refused for want of funds, for ever', () =>
    withAccounts(
      async (under) => {
        const statuses = async (...events: TransferInit[]) => (await under.engine().createTransfers(events)).map(({ status }) => status)
        expect(await statuses(move(1, 1n))).toEqual(['exceeds_credits'])
        await under.reopen()
        const back = { debitAccountId: id(2), creditAccountId: id(1) }
        expect(await statuses({ ...move(2, 9n), ...back }, move(1, 1n), move(3, 1n))).toEqual(['created', 'id_already_failed', 'created'])
      },
      [{ flags: 2 }, {}],
    ))

  test('keeps no balances of what was undone', () =>
    withAccounts(
      async (under) => {
        const chain = [
          { ...move(1, 5n), flags: TransferFlags.linked },
          { ...move(2, 1n), ledger: 8 },
        ]
        const undone = await under.engine().createTransfers([...chain, move(3, 7n)])
        expect(undone.map(({ status }) => status)).toEqual([
          'linked_event_failed',
          'transfer_must_have_the_same_ledger_as_accounts',
          'created',
        ])
        await under.reopen()
        const rows = await under.engine().accountBalances({ accountId: id(1), limit: 10, flags: 3 })
        expect(rows).toEqual([
          { debitsPending: 0n, debitsPosted: 7n, creditsPending: 0n, creditsPosted: 0n, timestamp: undone[2]!.timestamp },
        ])
      },
      [{ flags: 8 }, {}],
    ))

  test('refuses a call that is too large, whole', () =>
    withAccounts(async (under) => {
      const many = Array.from({ length: LEDGER_BATCH_MAX + 1 }, (_, i) => move(i + 1, 1n))
      await expect(under.engine().createTransfers(many)).rejects.toThrow()
      expect(await under.engine().lookupTransfers([id(101)])).toEqual([undefined])
      const full = await under.engine().createTransfers(many.slice(1))
      expect(new Set(full.map(({ status }) => status))).toEqual(new Set(['created']))
      await expect(under.engine().queryTransfers({ limit: LEDGER_BATCH_MAX + 1 })).rejects.toThrow()
      expect(await under.engine().queryTransfers({ ledger: 7, limit: LEDGER_BATCH_MAX })).toHaveLength(LEDGER_BATCH_MAX)
    }))

  test('refuses a value that its field can not hold, and applies nothing of the call', () =>
    withAccounts(async (under) => {
      for (const wrong of [{ amount: -1n }, { amount: AMOUNT_MAX + 1n }, { ledger: 2 ** 32 }, { timeout: -1 }, { code: 1.5 }]) {
        await expect(under.engine().createTransfers([move(1, 1n), { ...move(2, 1n), ...wrong }])).rejects.toThrow()
      }
      expect(await under.engine().lookupTransfers([id(101), id(102)])).toEqual([undefined, undefined])
      expect((await under.engine().createTransfers([move(1, 1n)]))[0]!.status).toBe('created')
    }))
}

/** Ids that no recorded case has. */
function id(n: number): bigint {
  return (99n << 100n) + BigInt(n)
}

function move(n: number, amount: bigint): TransferInit {
  return { id: id(100 + n), debitAccountId: id(1), creditAccountId: id(2), amount, ledger: 7, code: 1 }
}

function hold(n: number, amount: bigint, timeout: number): TransferInit {
  return { ...move(n, amount), flags: TransferFlags.pending, timeout }
}
