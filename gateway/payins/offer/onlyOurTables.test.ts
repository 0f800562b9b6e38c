import { expect, test } from 'vitest'
import { uuidIds } from '../../../app/open/uuidIds.ts'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { BTC } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { createParties } from '../../parties/party/parties.ts'
import { createSplits } from '../../parties/party/splits.ts'
import type { Hex } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import type { OfferTerms, Receiver } from '../../ports/receiver.ts'
import { onlyOurTables } from './onlyOurTables.ts'

const clock = { now: () => 1_800_000_000_000 }
const [BEFORE, NOW, OTHER]: Hex[] = [`0x${'0a'.repeat(20)}`, `0x${'0b'.repeat(20)}`, `0x${'0c'.repeat(20)}`]
const terms = { amount: money(BTC, 1n) } as OfferTerms // Nothing here reads more of it.

function railOf(rail: RailName): Receiver {
  return { rail, asset: BTC, offer: async () => terms, settlements: async function* () {} }
}

/** A table whose second payee is in the books, made when the gateway's account was `BEFORE`; and one without such. */
async function tablesSeenBy(operator: Hex) {
  const journal = memoryJournal()
  const first = createBooks({ journal, clock })
  const [ids, made] = [uuidIds(clock), { books: first, clock, ids: uuidIds(clock) }]
  const [parties, before] = [createParties(made), createSplits({ ...made, operator: BEFORE! })]
  await first.start()
  const { party } = await parties.create({ name: 'payee' })
  const rows = [{ party: party.id, account: OTHER!, shares: 1n }]
  const plain = await before.create({ payees: rows, label: 'plain' })
  const mixed = await before.create({ payees: [...rows, { party: party.id, shares: 1n }], label: 'mixed' })
  const books = createBooks({ journal, clock })
  const now = createSplits({ books, clock, ids, operator })
  createParties({ books, clock, ids })
  await books.start()
  const asking = (rail: RailName, splitId: Hex) =>
    onlyOurTables(railOf(rail), now).offer({ amount: money(BTC, 1n), ref: '0x', splitId, expiresAt: 0, description: '' })
  return { plain: plain.splitId, mixed: mixed.splitId, asking }
}

test('while the account is ours, each rail makes offers for every table', async () => {
  const { plain, mixed, asking } = await tablesSeenBy(BEFORE!)
  for (const rail of ['evm:1', 'lightning'] as const) for (const splitId of [plain, mixed]) expect(await asking(rail, splitId)).toBe(terms)
})

test('when it is another, a chain makes none for a table that would pay the old one, and other rails do', async () => {
  const { plain, mixed, asking } = await tablesSeenBy(NOW!)
  await expect(asking('evm:1', mixed)).rejects.toMatchObject({ code: 'rail_unavailable', meta: { split: expect.stringMatching(/^sp_/) } })
  expect(await asking('evm:1', plain)).toBe(terms)
  expect(await asking('lightning', mixed)).toBe(terms)
})
