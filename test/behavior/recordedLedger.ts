import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import type {
  AccountFilter,
  AccountInit,
  CreateResult,
  LedgerEngine,
  LedgerQueries,
  QueryFilter,
  TransferInit,
} from '../../gateway/ports/ledger.ts'
import type { EngineUnderTest } from './engineUnderTest.ts'

// What a real TigerBeetle 0.17.9 answered. Cases 1 to 125 are the state machine; the later ones are about its client and network.
type Row = Readonly<Record<string, string | number>>
type Step = Readonly<{ op: string; input: readonly Row[] & readonly string[] & Row & number; result?: readonly Row[]; error?: Row }>
type Case = Readonly<{ case: number; title: string; steps: readonly Step[] }>

const LAST_STATE_MACHINE_CASE = 125
const fixture = new URL('../fixtures/tigerbeetle-observed.json', import.meta.url)
const NS_PER_MS = 1_000_000n
/** How far before a call the server's background expiry ran at the latest. */
const BACKGROUND_NS = 1_000_000n

const BIG_FIELDS = new Set(
  (
    'id account_id debit_account_id credit_account_id amount pending_id user_data_128 user_data_64 timestamp timestamp_min timestamp_max ' +
    'debits_pending debits_posted credits_pending credits_posted'
  ).split(' '),
)
const TIMES = new Set(['timestamp', 'timestamp_min', 'timestamp_max'])

export type Tally = { steps: number; statuses: number; rows: number; refused: number }

/** The recorded cases of the state machine. */
export function recordedCases(): readonly Case[] {
  // The shape is described in the file's `meta`; the counts that the suite asserts fail when it is not read as meant.
  const { cases } = JSON.parse(readFileSync(fixture, 'utf8')) as { cases: readonly Case[] }
  return cases.filter((c) => c.case <= LAST_STATE_MACHINE_CASE)
}

/** Plays every recorded case against an engine and expects the recorded answers. */
export async function playRecorded(
  under: EngineUnderTest,
  options: Readonly<{ reopening: boolean; without: readonly number[] }>,
): Promise<Tally> {
  const tally: Tally = { steps: 0, statuses: 0, rows: 0, refused: 0 }
  const times = createTimes(under.exact)
  let now = 0n
  for (const { case: number, title, steps } of recordedCases()) {
    if (options.without.includes(number)) continue
    for (const [s, step] of steps.entries()) {
      const where = `#${number} ${title}, step ${s}`
      tally.steps += 1
      if (step.op === 'sleep_ms') {
        now += BigInt(step.input) * NS_PER_MS
        await under.moveTo(now)
      } else if (step.op === 'createAccounts' || step.op === 'createTransfers') {
        now = clockFor(step, now)
        await under.moveTo(now - BACKGROUND_NS)
        await under.moveTo(now)
        compareResults(await create(under.engine(), step, times), step, { where, times })
        tally.statuses += step.result!.length
        if (options.reopening) await under.reopen()
      } else if (step.error) {
        await expect(read(under.engine(), step, times), where).rejects.toThrow()
        tally.refused += 1
      } else {
        const rows = await read(under.engine(), step, times)
        expect(rows, where).toEqual(step.result!.map((row) => times.translate(row)))
        tally.rows += rows.length
      }
    }
  }
  return tally
}

/** The clock that makes a create get exactly the recorded timestamps, read from a result that carries its event's own one. */
function clockFor(step: Step, before: bigint): bigint {
  const results = step.result ?? []
  const imports = step.input.some((event) => event.timestamp !== undefined)
  const i = results.findIndex((r) => r.status !== 'exists' && !(imports && (r.status === 'created' || r.status === 'linked_event_failed')))
  const own = results[i]
  return own ? BigInt(own.timestamp!) - BigInt(i) - 1n : imports ? before + NS_PER_MS : before
}

function create(engine: LedgerEngine, step: Step, times: Times): Promise<CreateResult<string>[]> {
  const events = step.input.map((row) => ({
    id: 0n,
    ledger: 0,
    code: 0,
    reserved: 0,
    ...times.translate(row),
    ...(row.reserved && { reserved: row.reserved }),
  }))
  // The recorded rows are events of exactly this kind.
  return step.op === 'createAccounts'
    ? engine.createAccounts(events as unknown as AccountInit[])
    : engine.createTransfers(events as unknown as TransferInit[])
}

function compareResults(got: readonly CreateResult<string>[], step: Step, context: Readonly<{ where: string; times: Times }>): void {
  const { where, times } = context
  const wanted = step.result!
  expect(
    got.map(({ status }) => status),
    where,
  ).toEqual(wanted.map(({ status }) => status))
  for (const [i, { timestamp }] of got.entries()) times.meet(BigInt(wanted[i]!.timestamp!), timestamp, `${where}: timestamp ${i}`)
}

async function read(engine: LedgerEngine & LedgerQueries, step: Step, times: Times): Promise<object[]> {
  // A filter of the step's own kind.
  const filter = () => ({ accountId: 0n, limit: 0, ...times.translate(step.input) }) as unknown as AccountFilter & QueryFilter
  switch (step.op) {
    case 'lookupAccounts':
      return (await engine.lookupAccounts(step.input.map(BigInt))).filter((found) => found !== undefined)
    case 'lookupTransfers':
      return (await engine.lookupTransfers(step.input.map(BigInt))).filter((found) => found !== undefined)
    case 'getAccountTransfers':
      return engine.accountTransfers(filter())
    case 'getAccountBalances':
      return engine.accountBalances(filter())
    case 'queryAccounts':
      return engine.queryAccounts(filter())
    case 'queryTransfers':
      return engine.queryTransfers(filter())
    default:
      throw new Error(`the recording has an operation that is not known: ${step.op}`)
  }
}

/** Recorded timestamps and the engine's own: the same where the clock is ours, else each recorded one stands for what the engine gave instead. */
type Times = Readonly<{
  /** Expects a timestamp to be what this recorded one stands for, or lets it stand for it from now on. */
  meet(recorded: bigint, actual: bigint, where: string): void
  /** A recorded row in the engine's words and times. `ts` is the recorder's note, `reserved` is not in ours. */
  translate(row: Row): Record<string, bigint | number>
}>

/** A recorded time that was never answered is as far from the engine's as the nearest one that was, when it lies within this. */
const NEAR_NS = 60_000_000_000n

function createTimes(exact: boolean): Times {
  const actual = new Map<bigint, bigint>()

  function actualOf(recorded: bigint): bigint {
    const known = actual.get(recorded)
    if (exact || known !== undefined) return known ?? recorded
    let nearest: bigint | undefined
    const distance = (time: bigint) => (time > recorded ? time - recorded : recorded - time)
    for (const time of actual.keys()) if (nearest === undefined || distance(time) < distance(nearest)) nearest = time
    if (nearest === undefined || distance(nearest) > NEAR_NS) return recorded
    return actual.get(nearest)! + (recorded - nearest)
  }

  return {
    meet(recorded, given, where) {
      const known = actual.get(recorded) ?? (exact ? recorded : undefined)
      if (known !== undefined) expect(given, where).toBe(known)
      actual.set(recorded, given)
    },
    translate(row) {
      const fields = Object.entries(row).filter(([name]) => name !== 'ts' && name !== 'reserved')
      return Object.fromEntries(fields.map(([name, value]) => [camel(name), fieldValue(name, value)]))
    },
  }

  function fieldValue(name: string, value: string | number): bigint | number {
    if (!BIG_FIELDS.has(name)) return Number(value)
    return TIMES.has(name) ? actualOf(BigInt(value)) : BigInt(value)
  }
}

function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
