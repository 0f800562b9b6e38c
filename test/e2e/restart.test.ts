import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { byLightning, byX402, carryOut, type Errand, fromBalance, payout } from './traffic.ts'
import { control, partyWith, startYard, undividedUnits, until, verified, type Yard } from './yard.ts'

/** So few facts that every start of this test finds a snapshot that was taken under traffic. */
const SNAPSHOT_FACTS = 25
const KILLS = 2
const WORKERS = 5
const PRICE_UNITS = 2_000n
const ENDS = new Set(['settled', 'failed'])
/** Errands that are done at least between two kills. */
const DONE_BETWEEN = 20

let yard: Yard
beforeAll(async () => {
  yard = await startYard({ extra: { snapshotFacts: SNAPSHOT_FACTS } })
}, 90_000)
afterAll(() => yard?.close(), 30_000)

/** What the start said of the facts that it read, and of the block of its snapshot. */
function journalStep(): { facts: number; after: number; blocks: number } {
  const [, facts, after, blocks] = /^journal: (\d+) facts after block (\d+) of (\d+) replayed/.exec(
    yard
      .steps()
      .join('\n')
      .match(/^journal:.*$/m)?.[0] ?? '',
  )!
  return { facts: Number.parseInt(facts!, 10), after: Number.parseInt(after!, 10), blocks: Number.parseInt(blocks!, 10) }
}

/** The block after which the snapshot in the data folder was taken; 0 when there is none. */
function snapshotSeq(): number {
  const path = join(yard.dataDir, 'state', 'snapshot')
  if (!existsSync(path)) return 0
  const bytes = readFileSync(path)
  return (JSON.parse(bytes.toString('utf8', 4, 4 + bytes.readUInt32LE())) as { seq: number }).seq
}

/** What does not agree, in the journal or with a rail. */
async function allEqual(): Promise<string[]> {
  const { journal, rails, splits } = await verified(yard)
  const differing = [...rails, ...splits].filter(({ verdict }) => verdict !== 'equal').map(({ account }) => account)
  return journal.verdict === 'unbroken' ? differing : ['journal', ...differing]
}

/** All that the gateway's own pages say of what was, once nothing moves. */
async function told(parties: readonly string[]) {
  const pages = [
    '/v1/payment_intents',
    '/v1/payouts?limit=100',
    '/v1/parties?limit=200',
    '/v1/splits',
    '/v1/suspense',
    '/v1/balances?limit=200',
    '/v1/exchanges',
  ]
  const paths = [...pages, ...parties.map((id) => `/v1/parties/${id}`), `/v1/splits/${yard.split()}`]
  return Promise.all(paths.map(async (path) => ({ path, ...(await yard.call('GET', path)) }))).then((all) =>
    all.map(({ path, status, body }) => ({ path, status, body })),
  )
}

test('a gateway that is killed under traffic and starts from its snapshot knows what one knows that reads every fact', async () => {
  const [payer, worker] = await Promise.all([partyWith(yard, { name: 'payer', eur: '50.00' }), partyWith(yard, { name: 'worker' })])
  const { body: intent } = await yard.call<{ offers: { rail: string; pay: { invoice?: string } }[] }>('POST', '/v1/payment_intents', {
    body: { amount: { asset: 'USD', amount: '20' }, payee: worker.id },
  })
  await control(yard.world.lightning.controlUrl, '/pay', { invoice: intent.offers.find((o) => o.rail === 'lightning')!.pay.invoice })
  const destination = { kind: 'lightning_node', node_id: yard.world.lightning.customer.nodeId }
  const errands = [
    () => fromBalance(yard, payer.key),
    () => byX402(yard),
    () => byLightning(yard),
    () => payout(yard, { party: worker.id, amount: '0.05', destination }),
  ]
  const done: Errand[] = []
  let stopping = false
  const workers = Array.from({ length: WORKERS }, async (_, w) => {
    for (let i = w; !stopping; i++) await carryOut(errands[i % errands.length]!(), (errand) => done.push(errand))
  })
  const starts: ReturnType<typeof journalStep>[] = []
  for (let kill = 1; kill <= KILLS; kill++) {
    const last = starts.at(-1)?.blocks ?? 0
    await until(`${DONE_BETWEEN} more errands`, async () => done.length >= kill * DONE_BETWEEN, 120_000)
    await until('a snapshot that was taken since the start', async () => snapshotSeq() > last, 120_000)
    await yard.kill()
    await yard.start()
    starts.push(journalStep())
  }
  stopping = true
  await Promise.all(workers)
  for (const { after, blocks } of starts) expect([after > 0, after <= blocks]).toEqual([true, true])

  // Nothing moves any more, so that there is one thing to say.
  const collected = PRICE_UNITS * BigInt(done.filter(({ kind, status }) => kind === 'x402' && status === 200).length)
  await until('every authorization to be collected', async () => (await undividedUnits(yard)) === collected, 120_000)
  const made = done.filter(({ kind }) => kind === 'payout').map(({ body }) => (JSON.parse(body) as { id: string }).id)
  for (const id of made) {
    await until(
      `the end of ${id}`,
      async () => ENDS.has((await yard.call<{ status: string }>('GET', `/v1/payouts/${id}`)).body.status),
      90_000,
    )
  }
  expect(await allEqual()).toEqual([])
  const before = await told([payer.id, worker.id])
  await yard.kill()
  await yard.start()
  expect(journalStep().after).toBeGreaterThan(0)
  const restored = await told([payer.id, worker.id])
  await yard.kill()
  rmSync(join(yard.dataDir, 'state'), { recursive: true })
  await yard.start()
  expect(journalStep().after).toBe(0)
  expect(journalStep().facts).toBeGreaterThan(KILLS * DONE_BETWEEN)
  const replayed = await told([payer.id, worker.id])
  expect(restored.filter(({ status }) => status !== 200)).toEqual([])
  expect(restored).toEqual(replayed)
  expect(restored).toEqual(before)

  // What was paid once is answered again, and not done again.
  for (const errand of done.filter(({ status }) => status === 200)) {
    const again = await errand.send()
    expect({ id: errand.id, status: again.status, receipt: again.headers.get('switchyard-receipt') }).toEqual({
      id: errand.id,
      status: 200,
      receipt: errand.receipt,
    })
    await again.text()
  }
  expect(await allEqual()).toEqual([])
}, 600_000)
