import { pbkdf2 } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { watchFileText } from './watchFileText.ts'

test('a change that comes before the first look is seen, and each text once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-watched-'))
  const file = join(folder, 'prices.json')
  writeFileSync(file, 'as it was')
  // A machine that is busy: what is asked of a file later than the change below.
  for (let n = 0; n < 16; n++) pbkdf2('', '', 100_000, 32, 'sha256', () => undefined)
  let changes = 0
  const unwatch = watchFileText(file, () => changes++)
  try {
    writeFileSync(file, 'as it is')
    await expect.poll(() => changes, { timeout: 30_000 }).toBe(1)
    writeFileSync(file, 'as it will be')
    await expect.poll(() => changes, { timeout: 30_000 }).toBe(2)
  } finally {
    unwatch()
    rmSync(folder, { recursive: true, force: true })
  }
})
