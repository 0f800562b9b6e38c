import { expect, test } from 'vitest'
import { uuidIds } from '../../../app/open/uuidIds.ts'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { Block } from '../../ports/journal.ts'
import { createAgents } from './agents.ts'

const clock = { now: () => 1_800_000_000_000 }

async function open(blocks: Block[]) {
  const books = createBooks({ journal: memoryJournal(blocks), clock })
  const agents = createAgents({ books, clock, ids: uuidIds(clock), usd: USD })
  await books.start()
  return { books, agents }
}

test('of the agents of a party the newest 50 that were revoked are seen, and all that were not', async () => {
  const blocks: Block[] = []
  const { books, agents } = await open(blocks)
  const policy = { requestMax: money(USD, 1n), dayMax: money(USD, 1n), payees: undefined, endsAt: undefined }
  const make = async (name: string) => {
    const { agent, fact } = agents.begin({ party: 'pa_1', name, policy, by: 'pa_1' })
    await books.submit({ facts: [fact] })
    return agent.id
  }
  const kept = await make('kept')
  const revoked: string[] = []
  for (let n = 0; n < 60; n++) {
    const id = await make(`of a day ${n}`)
    revoked.push(id)
    await agents.change(id as `ag_${string}`, 'revoked', { by: 'pa_1', along: () => ({ claims: [], facts: [] }) })
  }
  const shown = [kept, ...revoked.slice(-50)]
  expect(agents.list('pa_1').map(({ id }) => id)).toEqual(shown)
  expect(() => agents.get(revoked[0]!)).toThrow('There is no agent')
  expect((await open(blocks)).agents.list('pa_1').map(({ id }) => id)).toEqual(shown)
})
