import fc from 'fast-check'
import { AccountFlags, type AccountInit, AMOUNT_MAX, TransferFlags, type TransferInit } from '../../gateway/ports/ledger.ts'

/** What is done to a ledger, one after the other. */
export type LedgerAction =
  | Readonly<{ kind: 'accounts'; events: readonly AccountInit[] }>
  | Readonly<{ kind: 'transfers'; events: readonly TransferInit[] }>
  | Readonly<{ kind: 'wait'; ns: bigint }>
  | Readonly<{ kind: 'reopen' }>

/** Ids are few, so that retries, conflicts and resolved holds happen; holds take the first of them. */
export const ACCOUNT_IDS = 8
export const TRANSFER_IDS = 60
const HOLDS = 12
/** The clock begins here; imports are of the time before. */
export const SCENARIO_START = 1_800_000_000_000_000_000n
const SECOND = 1_000_000_000n

const flagsOf = (...names: (keyof typeof TransferFlags)[]) => names.reduce((flags, name) => flags | TransferFlags[name], 0)
const idUpTo = (max: number) => fc.integer({ min: 1, max }).map(BigInt)
const linked = fc.constantFrom(0, 0, 0, TransferFlags.linked)
const ledger = fc.oneof({ weight: 19, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(2) })
const amount = fc.oneof(
  { weight: 8, arbitrary: fc.bigInt(0n, 100n) },
  { weight: 3, arbitrary: fc.constantFrom(AMOUNT_MAX, 2n ** 127n, 2n ** 64n, 2n ** 32n, 2n ** 96n - 1n, AMOUNT_MAX - 50n) },
)
const userData = fc.record({
  userData128: fc.constantFrom(0n, 0n, 7n, 2n ** 100n),
  userData64: fc.constantFrom(0n, 0n, 9n),
  userData32: fc.constantFrom(0, 0, 3),
})
const code = fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(2) })

const account: fc.Arbitrary<AccountInit> = fc.record({
  id: idUpTo(ACCOUNT_IDS),
  ledger,
  code,
  flags: fc
    .tuple(
      linked,
      fc.constantFrom(
        0,
        0,
        0,
        0,
        AccountFlags.debits_must_not_exceed_credits,
        AccountFlags.credits_must_not_exceed_debits,
        AccountFlags.closed,
      ),
      fc.constantFrom(0, AccountFlags.history),
    )
    .map(([a, b, c]) => a | b | c),
})

// One id in twenty names no account.
const accountId = fc.oneof({ weight: 19, arbitrary: idUpTo(ACCOUNT_IDS) }, { weight: 1, arbitrary: fc.constant(BigInt(ACCOUNT_IDS + 1)) })

/** What a transfer of this id looks like when nothing is changed in it: retries of it are honest ones. */
function usual(id: bigint): TransferInit {
  const debitAccountId = (id % 7n) + 1n
  return {
    id,
    debitAccountId,
    creditAccountId: (debitAccountId % 7n) + 1n,
    amount: id % 50n,
    ledger: 1,
    code: 1,
    userData128: id % 3n === 0n ? 2n ** 100n : 0n,
  }
}

const oneChange: fc.Arbitrary<Partial<TransferInit>> = fc.oneof(
  { weight: 8, arbitrary: fc.constant({}) },
  { weight: 3, arbitrary: amount.map((units) => ({ amount: units })) },
  { weight: 2, arbitrary: accountId.map((debitAccountId) => ({ debitAccountId })) },
  { weight: 2, arbitrary: accountId.map((creditAccountId) => ({ creditAccountId })) },
  { weight: 1, arbitrary: ledger.map((number) => ({ ledger: number })) },
  { weight: 1, arbitrary: code.map((number) => ({ code: number })) },
  { weight: 1, arbitrary: userData },
)
const balancing = fc.constantFrom(
  0,
  0,
  0,
  0,
  flagsOf('balancing_debit'),
  flagsOf('balancing_credit'),
  flagsOf('balancing_credit', 'balancing_debit'),
)

const moved: fc.Arbitrary<TransferInit> = fc
  .tuple(idUpTo(TRANSFER_IDS), oneChange, linked, balancing)
  .map(([id, change, link, flags]) => ({ ...usual(id), ...change, flags: link | flags }))

const held: fc.Arbitrary<TransferInit> = fc
  .tuple(
    idUpTo(HOLDS),
    oneChange,
    linked,
    fc.constantFrom(0, 0, 0, 0, 0, flagsOf('closing_debit'), flagsOf('closing_credit'), flagsOf('balancing_debit')),
    fc.constantFrom(0, 0, 0, 1, 2, 2 ** 32 - 1),
  )
  .map(([id, change, link, flags, timeout]) => ({ ...usual(id), ...change, timeout, flags: link | flags | TransferFlags.pending }))

const resolved: fc.Arbitrary<TransferInit> = fc
  .record({
    id: idUpTo(TRANSFER_IDS),
    pendingId: idUpTo(HOLDS),
    amount: fc.oneof({ weight: 2, arbitrary: fc.constantFrom(0n, AMOUNT_MAX) }, { weight: 1, arbitrary: amount }),
    ledger: fc.constantFrom(0, 0, 0, 1),
    code: fc.constantFrom(0, 0, 0, 1),
    flags: fc.tuple(linked, fc.constantFrom(flagsOf('post_pending_transfer'), flagsOf('void_pending_transfer'))).map(([a, b]) => a | b),
  })
  .chain((event) => userData.map((data) => ({ ...event, ...data })))

const imported: fc.Arbitrary<TransferInit> = fc.tuple(moved, fc.bigInt(0n, 2000n)).map(([event, at]) => ({
  ...event,
  flags: event.flags! | TransferFlags.imported,
  timestamp: at === 0n ? 0n : SCENARIO_START - SECOND + at,
}))

const importedAccount: fc.Arbitrary<AccountInit> = fc.tuple(account, fc.bigInt(0n, 1000n)).map(([event, at]) => ({
  ...event,
  flags: event.flags! | AccountFlags.imported,
  timestamp: at === 0n ? 0n : SCENARIO_START - SECOND + at,
}))

const batchOf = <E>(event: fc.Arbitrary<E>) => fc.array(event, { minLength: 1, maxLength: 8, size: 'max' })
const accounts = batchOf(account).map((events): LedgerAction => ({ kind: 'accounts', events }))
const transfers = batchOf(fc.oneof(moved, held, resolved)).map((events): LedgerAction => ({ kind: 'transfers', events }))
const imports = fc.oneof(
  batchOf(importedAccount).map((events): LedgerAction => ({ kind: 'accounts', events })),
  batchOf(fc.oneof(imported, imported, moved)).map((events): LedgerAction => ({ kind: 'transfers', events })),
)

const going: fc.Arbitrary<LedgerAction> = fc.oneof(
  { weight: 1, arbitrary: accounts },
  { weight: 8, arbitrary: transfers },
  { weight: 1, arbitrary: imports },
  { weight: 1, arbitrary: fc.bigInt(1n, 4n).map((half): LedgerAction => ({ kind: 'wait', ns: (half * SECOND) / 2n })) },
  { weight: 1, arbitrary: fc.constant<LedgerAction>({ kind: 'reopen' }) },
)

/** Accounts, perhaps imported ones before them, and then anything. */
export const ledgerScenario: fc.Arbitrary<readonly LedgerAction[]> = fc
  .tuple(
    fc.array(imports, { maxLength: 6 }),
    fc.array(account, { minLength: ACCOUNT_IDS, maxLength: ACCOUNT_IDS }),
    fc.array(going, { maxLength: 40, size: 'max' }),
  )
  .map(([before, first, rest]) => [...before, { kind: 'accounts', events: first.map(standing) }, ...rest])

const NOT_AT_FIRST = AccountFlags.linked | AccountFlags.closed

/** The account that stands under number i + 1 from the beginning: open, and all but the last on one ledger. */
function standing(event: AccountInit, i: number): AccountInit {
  return { ...event, id: BigInt(i + 1), ledger: i < ACCOUNT_IDS - 1 ? 1 : 2, flags: (event.flags ?? 0) & ~NOT_AT_FIRST }
}
