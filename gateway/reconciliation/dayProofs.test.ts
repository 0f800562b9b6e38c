import { expect, test } from 'vitest'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { rates } from '../../test/payout/payoutWorld.ts'
import type { SignedProof } from '../audit/reconcile/threeWay.ts'
import { memoryJournal } from '../ledger/books/memoryJournal.ts'
import { openLedger } from '../ledger/openLedger.ts'
import { USD } from '../money/asset.ts'
import { createDayProofs, createProofRecords } from './dayProofs.ts'

const MINUTE_MS = 60_000

/** Books, and legs of which a test says whether they agree. */
async function openProofWorld() {
  let now = Date.parse('2027-01-16T00:01:00Z')
  const clock = { now: () => now }
  const ground = { clock, ids: uuidIds(clock), rates, usd: USD, bookAsset: USD, assets: [USD], assetOf: () => USD }
  const { books } = openLedger(ground, { journal: memoryJournal() })
  const records = createProofRecords(books)
  const legs = { taken: 0, silent: [] as string[], wait: Promise.resolve() }
  async function proofNow(day: string): Promise<SignedProof> {
    legs.taken++
    const at = new Date(now).toISOString()
    await legs.wait
    const proof = { day, at, journal: { seq: 1, hash: 'ab' }, rails: [], assets: [], silent: legs.silent }
    return { proof, key_id: 'key', signature: 'signature' }
  }
  const log = { warn: () => undefined, error: () => undefined }
  const proofs = createDayProofs({ books, records, clock, proofNow, log })
  await books.start()
  return { proofs, records, legs, to: (at: string) => (now = Date.parse(at)), later: (ms: number) => (now += ms) }
}

test('a day has one proof, taken after its end; a clock that was ahead for a while leaves no day without one', async () => {
  const w = await openProofWorld()
  await w.proofs.keep()
  await w.proofs.keep()
  expect([w.legs.taken, (await w.proofs.of('2027-01-15')).proof.day]).toEqual([1, '2027-01-15'])
  w.to('2031-05-05T00:01:00Z')
  await w.proofs.keep()
  w.to('2027-01-17T00:01:00Z')
  await w.proofs.keep()
  expect((await w.proofs.of('2027-01-16')).proof.at).toBe('2027-01-17T00:01:00.000Z')
  await w.proofs.keep()
  expect(w.legs.taken).toBe(3)
})

test('where the three do not agree, they are read again for an hour, and what stands then is kept', async () => {
  const w = await openProofWorld()
  w.legs.silent = ['lightning']
  await w.proofs.keep()
  expect(w.records.get('2027-01-15')).toBeUndefined()
  w.legs.silent = []
  w.later(MINUTE_MS)
  await w.proofs.keep()
  expect(w.records.get('2027-01-15')?.proof).toMatchObject({ at: '2027-01-16T00:02:00.000Z', silent: [] })
  w.to('2027-01-17T01:00:00Z')
  w.legs.silent = ['bank']
  await w.proofs.keep()
  expect(w.records.get('2027-01-16')?.proof.silent).toEqual(['bank'])
})

test('who asks for today while it is read has the same one', async () => {
  const w = await openProofWorld()
  let end = () => undefined as undefined
  w.legs.wait = new Promise((resolve) => {
    end = () => void resolve()
  })
  const asked = Array.from({ length: 50 }, () => w.proofs.of('2027-01-16'))
  end()
  const all = await Promise.all(asked)
  expect([w.legs.taken, new Set(all).size]).toEqual([1, 1])
  await w.proofs.of('2027-01-16')
  expect(w.legs.taken).toBe(2)
})
