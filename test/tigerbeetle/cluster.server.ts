// Needs a TigerBeetle server, which is in no package registry: SWITCHYARD_TIGERBEETLE is its address, or those of a cluster, joined by commas.
// Queries by user data alone want a new data file: `tigerbeetle format --cluster=0 --replica=0 --replica-count=1 FILE`, then `tigerbeetle start`.
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openTigerBeetle } from '../../adapters/ledger/tigerbeetle/openTigerBeetle.ts'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import { createDistributedBooks } from '../../gateway/ledger/distributed/createDistributedBooks.ts'
import { USD } from '../../gateway/money/asset.ts'
import type { Block } from '../../gateway/ports/journal.ts'
import type { EngineUnderTest } from '../behavior/engineUnderTest.ts'
import { ledgerEngineBehavior } from '../behavior/ledgerEngine.ts'
import { clusterUnderTest } from './clusterUnderTest.ts'

const addresses = (process.env.SWITCHYARD_TIGERBEETLE ?? '').split(',')
function onCluster(): Promise<EngineUnderTest> {
  return clusterUnderTest({ open: () => openTigerBeetle({ clusterId: 0n, addresses, deadlineMs: 30_000 }), pass: (ms) => pause(ms) })
}

ledgerEngineBehavior('a TigerBeetle cluster', onCluster)

test('the distributed books on a TigerBeetle cluster pay, hold, decline and go on after a restart', async () => {
  const clock = { now: () => Date.now() }
  const ids = uuidIds(clock)
  const blocks: Block[] = []
  const open = async () => {
    const engine = await openTigerBeetle({ clusterId: 0n, addresses })
    const books = createDistributedBooks({ journal: memoryJournal(blocks), engine, clock })
    await books.start()
    return books
  }
  // Accounts of this run alone, because the cluster keeps those of earlier ones.
  const run = ids.next('run_')
  const [payer, seller] = [`party:payer-${run}`, `party:seller-${run}`]
  const move = (debit: string, credit: string, units: bigint) => ({ kind: 'move', debit, credit, asset: USD, units }) as const
  const books = await open()
  const entry = (...legs: ReturnType<typeof move>[]) => ({ id: ids.entry(), payment: run, legs })
  expect(await books.submit({ entry: entry(move(`rail:book:${run}`, payer, 100n)) })).toMatchObject({ kind: 'applied' })
  const payment = { entry: entry(move(payer, seller, 60n), move(payer, `fee:${run}`, 1n)) }
  expect(await books.submit(payment)).toMatchObject({ kind: 'applied' })
  expect(await books.submit(payment)).toMatchObject({ kind: 'replayed' })
  expect(await books.submit({ entry: entry(move(payer, seller, 60n)) })).toMatchObject({ kind: 'declined', status: 'exceeds_credits' })
  await books.close()
  const again = await open()
  expect(again.balance(payer, USD)).toMatchObject({ debitsPosted: 61n, creditsPosted: 100n })
  expect(await again.verify()).not.toHaveProperty('broken')
  await again.close()
})
