import { execFile } from 'node:child_process'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { NODE_FLAGS } from '../../ports/nodeFlags.ts'
import { createBudget } from './budget.ts'
import { fileStore, LOG_BYTES_MAX } from './fileStore.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-budget-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})
const open = () => fileStore(join(folder, 'spent'))
const logs = () => readdirSync(join(folder, 'spent')).filter((name) => name.endsWith('.log'))

/** Each process spends one micro-dollar after the other until its budget says no, and prints how many it had. */
const SPENDER = `
import { createBudget } from ${JSON.stringify(join(import.meta.dirname, 'budget.ts'))}
import { fileStore } from ${JSON.stringify(join(import.meta.dirname, 'fileStore.ts'))}
import { USD } from ${JSON.stringify(join(import.meta.dirname, '..', '..', 'money', 'asset.ts'))}
const usd = (units) => ({ asset: USD, units })
const budget = createBudget({ perRequest: usd(1n), perDay: usd(60n), sites: ['*'] }, { store: fileStore(process.argv[1]), now: Date.now, openIds: async () => new Set() })
let had = 0
for (;;) {
  try { await budget.reserve({ cost: usd(1n), origin: 'https://a.example' }); had++ }
  catch (error) { if (error.code === 'budget_exceeded') break; if (error.code !== 'too_busy') throw error }
}
console.log(had)
`

describe('a budget in files', () => {
  test('is not overspent by processes that share it', async () => {
    const run = promisify(execFile)
    const spend = () => run(process.execPath, [...NODE_FLAGS, '--input-type=module', '-e', SPENDER, join(folder, 'spent')])
    const had = (await Promise.all([spend(), spend(), spend(), spend()])).map(({ stdout }) => Number.parseInt(stdout, 10))
    expect(had.reduce((sum, one) => sum + one, 0)).toBe(60)
    const limits = { perRequest: money(USD, 1n), perDay: money(USD, 60n), sites: ['*'] }
    expect((await createBudget(limits, { store: open(), now: Date.now, openIds: async () => new Set() }).spent()).units).toBe(60n)
  })
})

describe('a store in files', () => {
  test('writes on condition, and is there for the next process', async () => {
    const store = open()
    expect(await store.get('a')).toBeUndefined()
    expect(await store.set('a', 'x', 'y')).toBe(false)
    expect(await store.set('a', 'x', undefined)).toBe(true)
    expect(await store.set('a', 'y', undefined)).toBe(false)
    expect(await open().set('a', 'y', 'x')).toBe(true)
    expect(await store.set('b', '1', undefined)).toBe(true)
    expect([await store.get('a'), await store.get('b')]).toEqual(['y', '1'])
  })
  test('lets one of many who write at once be first', async () => {
    const writes = Array.from({ length: 20 }, (_, i) => open().set('a', `${i}`, undefined))
    expect((await Promise.all(writes)).filter((done) => done)).toHaveLength(1)
  })
  test('stands after a write that a crash cut off', async () => {
    await open().set('a', 'x', undefined)
    appendFileSync(join(folder, 'spent', logs().at(-1)!), '\n{"id":"cut","key":"a","af')
    expect(await open().get('a')).toBe('x')
    expect(await open().set('a', 'y', 'x')).toBe(true)
    expect(await open().get('a')).toBe('y')
  })
  test('does not grow, and goes on in a new file also for whoever held the old one', async () => {
    const [store, other] = [open(), open()]
    let value: string | undefined
    const long = 'x'.repeat(LOG_BYTES_MAX / 8)
    await other.set('b', 'kept', undefined)
    for (let i = 0; i < 30; i++) {
      const next = `${i}${long}`
      expect(await (i % 2 ? store : other).set('a', next, value)).toBe(true)
      value = next
    }
    expect(await open().get('a')).toBe(value)
    expect(await open().get('b')).toBe('kept')
    expect(logs().length).toBeLessThanOrEqual(4)
    const bytes = logs().map((name) => readFileSync(join(folder, 'spent', name)).length)
    expect(Math.max(...bytes)).toBeLessThan(2 * LOG_BYTES_MAX)
  })
  test('in a place that is no folder is a store that failed', async () => {
    writeFileSync(join(folder, 'spent'), '')
    await expect(open().get('a')).rejects.toThrow('spent')
  })
})
