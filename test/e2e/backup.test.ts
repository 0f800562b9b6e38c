import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { tokensOf } from './tokensOf.ts'
import { byLightning, byX402, carryOut, type Errand, fromBalance, payout } from './traffic.ts'
import { balanceOf, control, partyWith, startYard, until, type Yard } from './yard.ts'

const WORKERS = 3
const PAID_UNITS = 10_000n
const MAIN = fileURLToPath(new URL('../../app/cli/main.ts', import.meta.url))

let yard: Yard
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-backup-'))
  yard = await startYard()
}, 90_000)
afterAll(async () => {
  await yard?.close()
  rmSync(folder, { recursive: true, force: true })
}, 30_000)

const run = (...words: string[]) => promisify(execFile)(process.execPath, [...NODE_FLAGS, MAIN, ...words])

type Ready = { status: string; rails: { rail: string; state: string; detail?: string }[] }
type Payout = { status: string; attempts: { outcome: string; stuck?: boolean }[] }

test('what was acknowledged before a backup under load is there after a restore, nothing is paid twice, and a stale node stays closed', async () => {
  const [payer, worker] = await Promise.all([partyWith(yard, { name: 'payer', eur: '50.00' }), partyWith(yard, { name: 'worker' })])
  await fund(worker.id)
  const payees = new Map<string, `0x${string}`>()
  // Each payout has a payee of its own, so that what one has is what one payout paid.
  const payFresh = () => {
    const address = `0x${randomBytes(20).toString('hex')}` as const
    const errand = payout(yard, { party: worker.id, amount: '0.01', destination: { kind: 'evm_address', address } })
    payees.set(errand.id, address)
    return errand
  }
  const iban = () => ({ kind: 'iban', iban: yard.world.bank.customers[0]!.iban, name: 'Worker' })
  const errands = [
    () => fromBalance(yard, payer.key),
    () => byX402(yard),
    () => byLightning(yard),
    payFresh,
    () => payout(yard, { party: worker.id, amount: '0.05', destination: iban() }),
  ]
  const done: Errand[] = []
  let stopping = false
  let toBank = 0
  /** The restored node stays closed: who has paid over Lightning just before the kill is told to ask again until an operator opens it. */
  const lightningClosed = new AbortController()
  const workers = Array.from({ length: WORKERS }, async (_, w) => {
    for (let i = w; !stopping; i++) {
      const errand = errands[i % errands.length]!()
      if (i % errands.length === 4) toBank += 1
      await carryOut(errand, () => stopping || done.push(errand), errand.kind === 'lightning' ? lightningClosed.signal : undefined)
    }
  })
  await until('some of each', async () => new Set(done.map(({ kind }) => kind)).size === 4 && done.length > 10)

  const key = join(folder, 'key')
  writeFileSync(key, randomBytes(32).toString('hex'), { mode: 0o600 })
  const acknowledged = [...done]
  await run('backup', '--data', yard.dataDir, '--out', join(folder, 'backup'), '--key-file', key)
  const more = done.length + 8
  await until('more after the backup', async () => done.length > more)
  stopping = true
  await yard.kill()
  const restored = join(folder, 'data')
  const { stdout } = await run('restore', join(folder, 'backup'), '--data', restored, '--key-file', key)
  expect(stdout).toContain('verified: the journal is whole')
  await yard.start(restored)
  lightningClosed.abort()
  await Promise.all(workers)

  const { body: ready } = await yard.call<Ready>('GET', '/readyz')
  expect(ready.status).toBe('degraded')
  const closed = ready.rails.filter(({ state }) => state === 'closed')
  expect(closed).toMatchObject([{ rail: 'lightning', detail: expect.stringContaining('older copy') }])

  for (const errand of acknowledged.filter(({ kind }) => kind !== 'payout')) {
    const again = await errand.send()
    const is = { id: errand.id, status: again.status, receipt: again.headers.get('switchyard-receipt') }
    expect(is).toEqual({ id: errand.id, status: errand.status, receipt: errand.receipt })
    await again.text()
  }
  const payouts = acknowledged.filter(({ kind }) => kind === 'payout')
  const ends = await Promise.all(payouts.map((errand) => until(`payout ${errand.body}`, () => ended(errand), 60_000)))
  expect(ends.filter(({ status }) => status === 'settled').length).toBeGreaterThan(0)
  // Who has the money is never told that it failed.
  const failed = ends.flatMap(({ status, errand }) => (status === 'failed' ? (payees.get(errand) ?? []) : []))
  expect(await Promise.all(failed.map((address) => tokensOf(yard, address)))).toEqual(failed.map(() => 0n))

  // Each payout is paid once at most: those of after the backup, and those that nobody was told of, among them.
  const paid = await Promise.all([...payees.values()].map((address) => tokensOf(yard, address)))
  expect(paid.filter((units) => units > PAID_UNITS)).toEqual([])
  const orders = ['outbox', 'taken'].flatMap((name) => readdirSync(join(yard.world.bank.folder, name)))
  expect(orders.length).toBeLessThanOrEqual(toBank)
  // A gateway that lives: what is asked of it now is done.
  const fresh = fromBalance(yard, payer.key)
  await carryOut(fresh, () => undefined)
  expect(fresh.status).toBe(200)
}, 180_000)

/** Settled, failed, or waiting for a person. */
async function ended({ id: errand, body: said }: Errand): Promise<{ errand: string; status: string } | undefined> {
  const { id } = JSON.parse(said) as { id: string }
  const { body } = await yard.call<Payout>('GET', `/v1/payouts/${id}`)
  const stuck = body.attempts?.some((attempt) => attempt.outcome === 'unknown' && attempt.stuck)
  return body.status === 'settled' || body.status === 'failed' || stuck ? { errand, status: body.status } : undefined
}

async function fund(party: string): Promise<void> {
  const { body } = await yard.call<{ offers: { rail: string; pay: { invoice?: string } }[] }>('POST', '/v1/payment_intents', {
    body: { amount: { asset: 'USD', amount: '20' }, payee: party },
  })
  await control(yard.world.lightning.controlUrl, '/pay', { invoice: body.offers.find((o) => o.rail === 'lightning')!.pay.invoice })
  await until('the funds', async () => (await balanceOf(yard, party, 'USDC')) === '20')
}
