import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openJournalReader } from '../../adapters/journal/sqliteReader/openJournalReader.ts'
import { openReadModelWriter } from '../../adapters/readModel/sqlite/openReadModelWriter.ts'
import { readings } from '../../app/projector/tellings.ts'
import { decodeHash, readCheckpoint } from '../../gateway/audit/log/checkpoint.ts'
import { verifyConsistency } from '../../gateway/audit/log/verifyProof.ts'
import { follow, readModelFollower } from '../../gateway/audit/projection/follower.ts'
import type { Block } from '../../gateway/ports/journal.ts'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { dumpReadModel } from '../projection/dumpReadModel.ts'
import { byLightning, byX402, carryOut, type Errand, fromBalance } from './traffic.ts'
import { trialBalanceOf } from './trialBalance.ts'
import { type Json, partyWith, startYard, units, until, type Yard } from './yard.ts'

const CLI = join(import.meta.dirname, '../../app/cli/main.ts')
const WORKERS = 4
const ERRANDS = 10

type Account = { account: string; asset_id: string; debits: string; credits: string; debits_pending: string; credits_pending: string }
type Lag = { block: number; head: number; blocks: number; money: unknown[]; failure: string | null }

let yard: Yard
let folder: string
let done: Errand[]
let firstCheckpoint: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-ledger-'))
  yard = await startYard({ chains: 1 })
  const payer = await partyWith(yard, { name: 'payer', eur: '20.00' })
  firstCheckpoint = await (await fetch(`${yard.url()}/v1/audit/checkpoint`)).text()
  done = []
  const errands = [() => fromBalance(yard, payer.key), () => byX402(yard), () => byLightning(yard)]
  const workers = Array.from({ length: WORKERS }, async (_, w) => {
    for (let i = 0; i < ERRANDS; i++) await carryOut(errands[(i + w) % errands.length]!(), (errand) => done.push(errand))
  })
  // The projections are torn off in the middle like everything else.
  await new Promise((resolve) => setTimeout(resolve, 500))
  await yard.kill()
  await yard.start()
  await Promise.all(workers)
}, 150_000)
afterAll(async () => {
  await yard?.close()
  rmSync(folder, { recursive: true, force: true })
}, 30_000)

function switchyard(...words: string[]): { code: number | null; text: string } {
  const run = spawnSync(process.execPath, [...NODE_FLAGS, CLI, ...words], { encoding: 'utf8', timeout: 60_000 })
  return { code: run.status, text: `${run.stdout}${run.stderr}` }
}

/** Trial balances of the books and of the read model, taken at the same block. */
async function bothBalances() {
  return until('a moment without new blocks', async () => {
    const headNow = async () => (await yard.call<{ head: { seq: number } }>('GET', '/v1/balances?limit=1')).body.head.seq
    const before = await headNow()
    const books = await trialBalanceOf<Account & { asset: string }>(yard)
    const reads = await yard.call<{ data: Account[] }>('GET', '/v1/ledger/balances?limit=1000')
    const lag = await yard.call<Lag>('GET', '/v1/ledger/lag')
    return lag.body.head === before && (await headNow()) === before && lag.body.blocks === 0 && { books, reads: reads.body.data }
  })
}

describe('after mixed traffic and a kill', () => {
  test('the read model has every balance of the books', async () => {
    const { books, reads } = await bothBalances()
    const scale = (b: Account) => (b.asset_id === 'BTC' ? 11 : b.asset_id === 'ETH' ? 18 : 6)
    const whole = (text: string, places: number) => {
      const [front = '', back = ''] = text.split('.')
      return BigInt(front + back.padEnd(places, '0')).toString()
    }
    const line = (b: Account, read: (text: string, places: number) => string) =>
      [b.account, b.asset_id, ...[b.debits, b.credits, b.debits_pending, b.credits_pending].map((t) => read(t, scale(b)))].join(' ')
    expect(reads.map((b) => line(b, whole)).sort()).toEqual(books.map((b) => line(b, (text) => text)).sort())
    expect(reads.length).toBeGreaterThan(5)
  })

  test('the balance sheet has in each asset as much held as owed and own, and shows what the accounts have', async () => {
    type Sheet = { assets: { asset_id: string; verdict: string; lines: { accounts: string; side: string; amount: string }[] }[] }
    const { reads } = await bothBalances()
    const { body } = await yard.call<Sheet>('GET', '/v1/balance_sheet')
    expect(body.assets.map(({ verdict }) => verdict)).toEqual(body.assets.map(() => 'equal'))
    const asset = reads.find((b) => b.account.startsWith('party:'))!.asset_id
    const parties = reads.filter((b) => b.account.startsWith('party:') && b.asset_id === asset)
    const owed = parties.reduce((sum, b) => sum + units(b.credits) - units(b.debits), 0n)
    const line = body.assets.find((a) => a.asset_id === asset)!.lines.find((l) => l.accounts === 'party')!
    expect([line.side, units(line.amount)]).toEqual(['owed', owed])
    expect(switchyard('ledger', 'balance-sheet', '--url', yard.url(), '--key', yard.key)).toMatchObject({ code: 0 })
  })

  test('verify and export of the data folder of the gateway that runs agree with everything that vouches for the journal', async () => {
    expect(switchyard('ledger', 'verify', '--data', yard.dataDir)).toMatchObject({ code: 0, text: expect.stringContaining('verified') })
    const file = join(folder, 'journal.ndjson')
    expect(switchyard('ledger', 'export', '--file', file, '--content', '--data', yard.dataDir).code).toBe(0)
    expect(switchyard('ledger', 'verify', '--file', file)).toMatchObject({ code: 0, text: expect.stringContaining('verified') })
  })

  test('every acknowledged payment can be read by its receipt at once, with its entries', async () => {
    const paid = done.filter((errand) => errand.status === 200)
    expect(new Set(paid.map((errand) => errand.kind))).toEqual(new Set(['book', 'x402', 'lightning']))
    for (const { receipt } of paid) {
      const trace = await yard.call<{ payment: Json; entries: { changes: Json[] }[] }>('GET', `/v1/ledger/payments/${receipt}`)
      expect(trace).toMatchObject({ status: 200, body: { payment: { kind: 'request', status: 'answered', receipt } } })
      expect(trace.body.entries[0]!.changes.length).toBeGreaterThan(0)
    }
  })

  test('each receipt proves itself offline with the public key alone, and not when it was changed', async () => {
    const { receipt } = done.find((errand) => errand.kind === 'book' && errand.status === 200)!
    const signed = await until('a checkpoint', async () => {
      const { body } = await yard.call<{ receipt: Json; inclusion?: string }>('GET', `/v1/receipts/${receipt}`, { key: null })
      return body.inclusion !== undefined && body
    })
    const key = join(folder, 'key.pem')
    writeFileSync(key, await (await fetch(`${yard.url()}/.well-known/switchyard/receipt-key.pem`)).text())
    const verify = (value: unknown) => {
      writeFileSync(join(folder, 'receipt.json'), JSON.stringify(value))
      return switchyard('verify', '--receipt', join(folder, 'receipt.json'), '--key', key)
    }
    expect(verify(signed)).toMatchObject({ code: 0, text: expect.stringMatching(/inclusion +holds/) })
    expect(verify({ ...signed, receipt: { ...signed.receipt, payee: 'pa_other' } })).toMatchObject({ code: 1 })
    const text = await (await fetch(`${yard.url()}/v1/audit/inclusion/${receipt}`)).text()
    expect(text.split('\n')[0]).toBe('c2sp.org/tlog-proof@v1')
  })

  test('the log has only grown over the kill: its newest checkpoint goes on from the first', async () => {
    const older = readCheckpoint(firstCheckpoint)!
    const newer = readCheckpoint(await (await fetch(`${yard.url()}/v1/audit/checkpoint`)).text())!
    const { body } = await yard.call<{ proof: string[] }>('GET', `/v1/audit/consistency?from=${older.size}&to=${newer.size}`, { key: null })
    expect(newer.size).toBeGreaterThan(older.size)
    expect(
      verifyConsistency(
        older,
        newer,
        body.proof.map((text) => decodeHash(text)!),
      ),
    ).toBe(true)
    const beyond = await yard.call('GET', `/v1/audit/consistency?from=0&to=${newer.size + 1000}`, { key: null })
    expect(beyond).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  })
})

describe('the ledger over HTTP', () => {
  test('finds an intent by its metadata as soon as it is acknowledged', async () => {
    const party = await partyWith(yard, { name: 'seller' })
    const body = { amount: { asset: 'USD', amount: '1' }, payee: party.id, metadata: { order: 'a-1' }, rails: ['lightning'] }
    const made = await yard.call<{ id: string }>('POST', '/v1/payment_intents', { body })
    const found = await yard.call('GET', '/v1/ledger/payments?key=order&value=a-1')
    expect(found.body).toEqual({ data: [made.body.id] })
    const trace = await yard.call('GET', `/v1/ledger/payments/${made.body.id}`)
    expect(trace.body).toMatchObject({ payment: { kind: 'intent', status: 'open', metadata: { order: 'a-1' } } })
  })

  test('tells a payout from its hold to its end', async () => {
    const party = await partyWith(yard, { name: 'payee', eur: '5.00' })
    const { iban } = yard.world.bank.customers[0]!
    const destinations = [{ kind: 'iban', iban, name: 'Payee' }]
    const made = await yard.call<{ id: string }>('POST', '/v1/payouts', {
      body: { party: party.id, amount: { asset: 'EUR', amount: '2' }, destinations },
    })
    type Trace = { payment: Json; facts: { type: string }[]; entries: { changes: { kind: string }[] }[] }
    const trace = await until('the payout', async () => {
      const { body } = await yard.call<Trace>('GET', `/v1/ledger/payments/${made.body.id}`)
      return body.payment.status === 'settled' && body
    })
    expect(trace.payment).toMatchObject({ kind: 'payout', rail: 'bank', asset: 'EUR', units: '2000000', party: party.id })
    // Until the bank reports, the outcome of an order is unknown, once or more often.
    const told = trace.facts.map((f) => f.type).filter((type) => type !== 'attempt.unknown')
    expect(told).toEqual(['payout.created', 'decision.made', 'attempt.sent', 'attempt.settled', 'payout.settled'])
    const kinds = trace.entries.flatMap((entry) => entry.changes.map((change) => change.kind))
    expect(kinds[0]).toBe('hold')
    expect(kinds).toContain('post')
  })

  test('tells what an account held at a past time, and how it came to what it holds', async () => {
    const { body } = await yard.call<{ data: (Account & { asset: string; changes: number })[] }>(
      'GET',
      '/v1/ledger/balances?prefix=rail:bank',
    )
    const account = body.data[0]!
    const query = `path=${encodeURIComponent(account.account)}&asset=${account.asset}`
    const history = await yard.call<{ data: { at: string; debit: string; debit_balance: string; credit_balance: string }[] }>(
      'GET',
      `/v1/ledger/history?${query}`,
    )
    expect(history.body.data).toHaveLength(account.changes)
    const oldest = history.body.data.at(-1)!
    const before = new Date(Date.parse(oldest.at) - 1000).toISOString()
    const then = await yard.call<{ data: Account[] }>('GET', `/v1/ledger/balances?prefix=${account.account}&at=${before}`)
    expect(then.body.data).toEqual([])
    const newest = history.body.data[0]!
    const balance = newest.debit === account.account ? newest.debit_balance : newest.credit_balance
    expect(units(balance.replace('-', ''))).toBe(units(account.debits) - units(account.credits))
  })

  test.each([
    ['an account that is not there', '/v1/ledger/history?path=party:none&asset=USD', 404, 'not_found'],
    ['an entry that is not there', '/v1/ledger/entries/en_none', 404, 'not_found'],
    ['a payment that is not there', '/v1/ledger/payments/pi_none', 404, 'not_found'],
    ['a time that is none', '/v1/ledger/balances?at=yesterday', 400, 'invalid_request'],
    ['a receipt that no checkpoint has', '/v1/audit/inclusion/rc_none', 404, 'not_found'],
    ['sizes that are none', '/v1/audit/consistency?from=-1&to=2', 400, 'invalid_request'],
    ['sizes the wrong way round', '/v1/audit/consistency?from=2&to=1', 400, 'invalid_request'],
  ])('refuses %s', async (_, path, status, code) => {
    expect(await yard.call('GET', path)).toMatchObject({ status, body: { code } })
  })

  test.each(['/v1/ledger/lag', '/v1/ledger/balances', '/v1/ledger/payments/pi_1', '/v1/ledger/entries/en_1'])(
    'shows %s to the operator only',
    async (path) => {
      expect(await yard.call('GET', path, { key: null })).toMatchObject({ status: 401 })
    },
  )
})

test('a read model built from zero is byte for byte the one that lived through all this', async () => {
  const { head } = (await yard.call<Lag>('GET', '/v1/ledger/lag')).body
  await yard.kill()
  const journal = openJournalReader(join(yard.dataDir, 'journal.db'))
  const blocks: Block[] = []
  for await (const block of journal.read(0)) blocks.push(block)
  await journal.close()
  expect(blocks.length).toBeGreaterThanOrEqual(head)
  const path = join(folder, 'again.db')
  const project = async (file: string) => {
    const writer = openReadModelWriter(file)
    await follow(
      [readModelFollower(writer, readings)],
      async (after) => blocks.slice(after, after + 16),
      () => undefined,
    )
    writer.close()
  }
  await project(path)
  // The gateway was killed: the one that lived has to catch up with what it had not shown yet.
  await project(join(yard.dataDir, 'read.db'))
  expect([...dumpReadModel(path)]).toEqual([...dumpReadModel(join(yard.dataDir, 'read.db'))])
  await yard.start()
}, 90_000)
