import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openEmbeddedEngine } from '../../gateway/ledger/books/embeddedEngine.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import type { Block } from '../../gateway/ports/journal.ts'
import { createModel, type LedgerModel } from '../ledgerModel/createModel.ts'
import { embeddedUnderTest } from './embeddedUnderTest.ts'
import type { EngineUnderTest } from './engineUnderTest.ts'
import { ACCOUNT_IDS, type LedgerAction, ledgerScenario, SCENARIO_START, TRANSFER_IDS } from './ledgerScenarios.ts'
import { machineUnderTest } from './machineUnderTest.ts'
import { memoryState } from './memoryState.ts'

// Fixed, so that a failure is the same for everybody; the paths of a failure are in its message.
const SEED = 20_261_121
const RUNS = 300
const REOPEN_NS = 1_000_000n

const accountIds = Array.from({ length: ACCOUNT_IDS + 1 }, (_, i) => BigInt(i + 1))
const transferIds = Array.from({ length: TRANSFER_IDS }, (_, i) => BigInt(i + 1))

/** Does the same to the model and to an engine, and expects the same answers and the same ledger after each step. */
async function playBoth(actions: readonly LedgerAction[], under: EngineUnderTest, seen: Set<string>): Promise<void> {
  const model = createModel()
  let now = SCENARIO_START
  await under.moveTo(now)
  for (const [i, action] of actions.entries()) {
    if (action.kind === 'wait') now += action.ns
    if (action.kind === 'reopen') {
      // A refused event takes a timestamp that no record keeps, and opening takes longer than what those of a call add up to.
      now += REOPEN_NS
      await under.reopen()
    }
    // Both release what is due at the same moment, as they take a timestamp for each release.
    model.expire(now)
    await under.moveTo(now)
    if (action.kind === 'accounts') {
      expect(await under.engine().createAccounts(action.events), `step ${i}`).toEqual(noted(model.createAccounts(action.events, now), seen))
    } else if (action.kind === 'transfers') {
      expect(await under.engine().createTransfers(action.events), `step ${i}`).toEqual(
        noted(model.createTransfers(action.events, now), seen),
      )
    }
  }
  expect(await stateOf(under)).toEqual(modelState(model))
  expect(under.check()).toEqual([])
}

function noted<R extends { status: string }>(results: readonly R[], seen: Set<string>): readonly R[] {
  for (const { status } of results) seen.add(status)
  return results
}

async function stateOf(under: EngineUnderTest): Promise<unknown> {
  return { accounts: await under.engine().lookupAccounts(accountIds), transfers: await under.engine().lookupTransfers(transferIds) }
}

function modelState(model: LedgerModel): unknown {
  return { accounts: accountIds.map((id) => model.account(id)), transfers: transferIds.map((id) => model.transfer(id)) }
}

function engineUnderTest(): Promise<EngineUnderTest> {
  const blocks: Block[] = []
  const state = memoryState()
  let opened = 0
  // Every other time it is opened from a snapshot, else by replaying its whole journal.
  return embeddedUnderTest((nowNs) => openEmbeddedEngine({ journal: memoryJournal(blocks), nowNs, ...(opened++ % 2 === 1 && { state }) }))
}

describe.each([
  ['the machine', machineUnderTest],
  ['the embedded engine', engineUnderTest],
] as const)('whatever is asked of %s', (_, open) => {
  test('it answers what the model in plain bigints answers, and has the same accounts and transfers', async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(ledgerScenario, async (actions) => {
        const under = await open()
        try {
          await playBoth(actions, under, seen)
        } finally {
          await under.dispose()
        }
      }),
      { numRuns: RUNS, seed: SEED },
    )
    expect([...seen].sort()).toEqual(expect.arrayContaining(INTERESTING))
  }, 240_000)
})

/** What the scenarios have to reach, so that the comparison is worth something. */
const INTERESTING = [
  'accounts_must_have_the_same_ledger',
  'created',
  'credit_account_already_closed',
  'debit_account_already_closed',
  'debit_account_not_found',
  'exceeds_credits',
  'exceeds_debits',
  'exceeds_pending_transfer_amount',
  'exists',
  'exists_with_different_amount',
  'exists_with_different_user_data_128',
  'id_already_failed',
  'imported_event_expected',
  'imported_event_timestamp_must_not_regress',
  'imported_event_timestamp_out_of_range',
  'linked_event_chain_open',
  'linked_event_failed',
  'overflows_debits',
  'overflows_debits_posted',
  'pending_transfer_already_posted',
  'pending_transfer_already_voided',
  'pending_transfer_expired',
  'pending_transfer_not_pending',
  'transfer_must_have_the_same_ledger_as_accounts',
]
