import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { faultTable, judgeFortnight } from '../fortnight/judge.ts'

// Needs npm only, and half a minute.
const DOCS = join(import.meta.dirname, '../../docs/reconciliation.md')

test('in a fortnight of a thousand payments every planted fault is found, typed and ended, and the books are exact', async () => {
  const { planted } = await judgeFortnight({ payments: 1_000, faults: 40, seed: 1 })
  // The table in the docs is this one.
  expect(await readFile(DOCS, 'utf8')).toContain(faultTable(planted))
}, 240_000)
