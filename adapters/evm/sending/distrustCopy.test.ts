import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createAnnouncements } from './announcements.ts'
import { distrustEvmCopy } from './distrustCopy.ts'
import { openStore } from './store.ts'

const clock = { now: () => 5 }

test('a copy knows no more of what it held for unsent, and keeps what is signed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-distrust-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'evm-1.db')
  const before = openStore(file, 'of chain 1')
  const railKey = createAnnouncements(before, clock).announce('at_announced')
  const insert = before.database.prepare('INSERT INTO actions (id, request, state, opened_at) VALUES (?, ?, ?, 5)')
  insert.run('at_open', '{"kind":"payout"}', 'open')
  insert.run('at_signed', '{"kind":"payout"}', 'sent')
  before.close()

  distrustEvmCopy(file, clock)
  const after = openStore(file, 'of chain 1')
  onTestFinished(() => after.close())
  const { isLost } = createAnnouncements(after, clock)
  for (const id of ['at_announced', 'at_open'] as const) expect(isLost({ id, railKey })).toBe(true)
  expect(after.database.prepare('SELECT id FROM actions').all()).toEqual([{ id: 'at_signed' }])
})
