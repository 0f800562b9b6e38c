import { expect, test } from 'vitest'
import { uuidIds } from '../../../app/open/uuidIds.ts'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { USD } from '../../money/asset.ts'
import { max } from '../../money/integers.ts'
import { money } from '../../money/money.ts'
import { createDust } from './dust.ts'

const DAY_MS = 86_400_000

async function openDust(dayUnits: bigint) {
  const world = { now: DAY_MS, cost: 0n }
  const clock = { now: () => world.now }
  const books = createBooks({ journal: memoryJournal([]), clock })
  await books.start()
  const costOf = () => ({ inCompany: world.cost, alone: 2n * world.cost })
  const dust = createDust({ books, clock, ids: uuidIds(clock), usd: USD, dayUnits, costOf })
  let payments = 0
  return {
    world,
    /** Answers what tells how this payment ends. */
    async take(units: bigint, o: Readonly<{ alone?: boolean; metered?: boolean }> = {}) {
      const claimKey = `payment ${payments++}`
      await dust.take({ claimKey, rail: 'evm:1', price: money(USD, units), alone: false, metered: false, ...o })
      return (collected: bigint) => dust.end(claimKey, collected)
    },
    lost() {
      const { debitsPosted, creditsPosted } = books.balance('exposure:dust', USD)
      return debitsPosted - max(creditsPosted - dayUnits, 0n)
    },
    head: () => books.head().seq,
    close: () => books.close(),
  }
}

test('gas above what a payment brings is taken of the day, exactly, and the next is refused without a trace', async () => {
  const { world, take, lost, head, close } = await openDust(10_000n)
  world.cost = 5_000_001n
  await take(2_000n)
  expect(lost(), 'rounded up against the operator').toBe(3_001n)
  await take(2_000n)
  await take(2_000n)
  const before = head()
  await expect(take(2_000n)).rejects.toMatchObject({ code: 'collection_too_dear' })
  expect([lost(), head()]).toEqual([9_003n, before])
  world.now += DAY_MS
  await take(2_000n)
  await close()
})

test('what pays for its gas costs nothing, however little is left of the day', async () => {
  const { world, take, lost, close } = await openDust(0n)
  world.cost = 2_000_000n
  await take(2_000n)
  await expect(take(1_999n)).rejects.toMatchObject({ code: 'collection_too_dear' })
  expect(lost()).toBe(0n)
  await close()
})

test('of a hundred at once as many are taken as the day has, and the ledger decides', async () => {
  const { world, take, lost, close } = await openDust(10_000n)
  world.cost = 3_000_000n
  const taken = await Promise.allSettled(Array.from({ length: 100 }, () => take(2_000n)))
  expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
  expect(lost()).toBe(10_000n)
  await close()
})

test('what is not collected gives back what it took, once, and only to the day that it took it from', async () => {
  const { world, take, lost, close } = await openDust(10_000n)
  world.cost = 10_000_000n
  for (let n = 0; n < 10; n++) {
    const end = await take(2_000n)
    expect(lost()).toBe(8_000n)
    await end(0n)
    await end(0n)
    expect(lost()).toBe(0n)
  }
  const end = await take(2_000n)
  await end(2_000n)
  expect(lost(), 'what is collected is lost').toBe(8_000n)
  await close()
})

test('of a maximum the whole cost is taken, and what its charge brings is given back', async () => {
  const { world, take, lost, close } = await openDust(10_000n)
  world.cost = 5_000_000n
  const end = await take(50_000n, { alone: true, metered: true })
  expect(lost()).toBe(10_000n)
  await expect(take(50_000n, { metered: true })).rejects.toMatchObject({ code: 'collection_too_dear' })
  await end(400n)
  expect(lost()).toBe(9_600n)
  await close()
})
