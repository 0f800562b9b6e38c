import { describe, expect, test } from 'vitest'
import { USD } from '../../money/asset.ts'
import type { AccountBalance } from '../../ports/books.ts'
import type { Block } from '../../ports/journal.ts'
import { createBooks } from './createBooks.ts'
import { memoryJournal } from './memoryJournal.ts'
import { verifyBooks } from './verifyBooks.ts'

async function bookedWorld() {
  const blocks: Block[] = []
  const journal = memoryJournal(blocks)
  const books = createBooks({ journal, clock: { now: () => 1_800_000_000_000 } })
  await books.start()
  for (const digit of ['1', '2']) {
    const leg = { kind: 'move', debit: 'rail:book:house', credit: 'party:pa_a', asset: USD, units: 5n } as const
    await books.submit({ entry: { id: `en_${digit.repeat(32)}`, payment: 'pi_1', legs: [leg] } })
  }
  const live = { seq: 2, hash: blocks[1]!.hash, balances: books.accounts('') }
  return { books, blocks, journal, live }
}

describe('verify', () => {
  test('finds nothing wrong with books that agree with their journal', async () => {
    const { journal, live } = await bookedWorld()
    expect(await verifyBooks(journal, live)).toMatchObject({ blocks: 2, sums: [{ asset: 'USD', debits: 10n, credits: 10n }] })
    expect(await verifyBooks(journal, live)).not.toHaveProperty('broken')
  })

  test.each(['debitsPosted', 'creditsPosted', 'debitsPending', 'creditsPending'] as const)(
    'names the account whose live %s differs',
    async (field) => {
      const { journal, live } = await bookedWorld()
      const balances = live.balances.map((b): AccountBalance => (b.path === 'party:pa_a' ? { ...b, [field]: b[field] + 1n } : b))
      expect(await verifyBooks(journal, { ...live, balances })).toMatchObject({
        broken: expect.stringContaining('party:pa_a in USD differs'),
      })
    },
  )

  test('finds an account that only memory has', async () => {
    const { journal, live } = await bookedWorld()
    const balances = [...live.balances, { ...live.balances[0]!, path: 'party:pa_ghost' }]
    expect(await verifyBooks(journal, { ...live, balances })).toMatchObject({ broken: 'the journal has 2 accounts, the books 3' })
  })

  test('finds a journal that is shorter than the books, or has another head', async () => {
    const { blocks, live } = await bookedWorld()
    const cut = await verifyBooks(memoryJournal(blocks.slice(0, 1)), live)
    expect(cut.broken).toBe('the journal ends at block 1, the books are at 2')
    const { journal } = await bookedWorld()
    const other = await verifyBooks(journal, { ...live, hash: new Uint8Array(32) })
    expect(other.broken).toBe('block 2 is not the one that was written')
  })

  test('names the block of running books that was changed in the store', async () => {
    const { books, blocks } = await bookedWorld()
    const data = Uint8Array.from(blocks[1]!.data)
    data[data.byteLength - 1]! ^= 1
    blocks[1] = { ...blocks[1]!, data }
    expect((await books.verify()).broken).toContain('broken at block 2')
  })
})
