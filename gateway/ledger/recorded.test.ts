import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { TransferInit } from '../ports/ledger.ts'
import type { AccountEvent } from './eventRows.ts'
import { createMachine, type Machine } from './machine.ts'
import type { LedgerRecord } from './record.ts'

// What a real TigerBeetle 0.17.9 answered. Cases 1 to 125 are the state machine; the later ones are about its client and network.
type Row = Readonly<Record<string, string | number>>
type Step = Readonly<{ op: string; input: readonly (Row & string)[] & number; result?: readonly Row[] }>
type Case = Readonly<{ case: number; title: string; steps: readonly Step[] }>

const LAST_STATE_MACHINE_CASE = 125
const fixture = new URL('../../test/fixtures/tigerbeetle-observed.json', import.meta.url)
// The shape is described in the file's `meta`; the counts asserted below fail when it is not read as meant.
const recorded = JSON.parse(readFileSync(fixture, 'utf8')) as { cases: readonly Case[] }
const cases = recorded.cases.filter((c) => c.case <= LAST_STATE_MACHINE_CASE)

const BIG_FIELDS = new Set(
  'id debit_account_id credit_account_id amount pending_id user_data_128 user_data_64 timestamp debits_pending debits_posted credits_pending credits_posted'.split(
    ' ',
  ),
)

function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

function eventOf(row: Row): Record<string, bigint | number> {
  const entries = Object.entries(row).map(([name, value]) => [camel(name), BIG_FIELDS.has(name) ? BigInt(value) : Number(value)])
  return Object.fromEntries(entries)
}

/** A row of a lookup as the machine would say it; the machine has no reserved field and `ts` is the recorder's note. */
function expectedRow(row: Row): Record<string, bigint | number> {
  const { ts, reserved, ...fields } = row
  return eventOf(fields)
}

/** The clock that makes a create get exactly the recorded timestamps, read from a result that carries its event's own one. */
function clockFor(step: Step, before: bigint): bigint {
  const results = step.result ?? []
  const imports = step.input.some((event) => event.timestamp !== undefined)
  const i = results.findIndex((r) => r.status !== 'exists' && !(imports && (r.status === 'created' || r.status === 'linked_event_failed')))
  const own = results[i]
  return own ? BigInt(own.timestamp!) - BigInt(i) - 1n : imports ? before + 1_000_000n : before
}

type Tally = { statuses: number; timestamps: number; rows: number; skipped: Map<string, number> }

function play(options: { reopen: boolean }): { tally: Tally; machine: Machine } {
  let machine = createMachine()
  const journal: LedgerRecord[] = []
  const tally: Tally = { statuses: 0, timestamps: 0, rows: 0, skipped: new Map() }
  let now = 0n
  for (const { case: number, title, steps } of cases) {
    for (const [s, step] of steps.entries()) {
      const where = `#${number} ${title}, step ${s}`
      if (step.op === 'sleep_ms') now += BigInt(step.input) * 1_000_000n
      else if (step.op === 'createAccounts' || step.op === 'createTransfers') {
        now = clockFor(step, now)
        // The server releases expired holds in the background, so before the call that is played.
        machine.expire(now - 1_000_000n)
        const events = step.input.map((row) => ({ id: 0n, ledger: 0, code: 0, ...eventOf(row) }))
        // The recorded rows are events of exactly this kind.
        const got =
          step.op === 'createAccounts'
            ? machine.createAccounts(events as unknown as AccountEvent[], now)
            : machine.createTransfers(events as unknown as TransferInit[], now)
        expect(
          got.map((r) => r.status),
          where,
        ).toEqual(step.result!.map((r) => r.status))
        tally.statuses += got.length
        const exact = step.result!.map((r) => BigInt(r.timestamp!))
        expect(
          got.map((r) => r.timestamp),
          `${where}: timestamps`,
        ).toEqual(exact)
        tally.timestamps += got.length
      } else if (step.op === 'lookupAccounts' || step.op === 'lookupTransfers') {
        machine.expire(now)
        const look = step.op === 'lookupAccounts' ? machine.account : machine.transfer
        const got = step.input.map((id) => look(BigInt(id))).filter((found) => found !== undefined)
        expect(got, where).toEqual(step.result!.map(expectedRow))
        tally.rows += got.length
      } else tally.skipped.set(step.op, (tally.skipped.get(step.op) ?? 0) + 1)
      journal.push(...machine.takeRecords())
      if (options.reopen && step.op.startsWith('create')) {
        machine = createMachine()
        for (const record of journal) machine.apply(record)
      }
    }
  }
  return { tally, machine }
}

describe('the recorded answers of a real server', () => {
  test('are given again, status for status and nanosecond for nanosecond', () => {
    const { tally, machine } = play({ reopen: false })
    expect(tally).toMatchInlineSnapshot(`
      {
        "rows": 123,
        "skipped": Map {
          "getAccountTransfers" => 38,
          "getAccountBalances" => 16,
          "queryAccounts" => 16,
          "queryTransfers" => 12,
        },
        "statuses": 930,
        "timestamps": 930,
      }
    `)
    expect(machine.check()).toEqual([])
  })

  test('are given again when the ledger is rebuilt from its records after every call', () => {
    expect(play({ reopen: true }).tally).toEqual(play({ reopen: false }).tally)
  })
})
