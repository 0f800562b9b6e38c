import { mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Outbox, openOutbox } from './outbox.ts'
import { type BankStore, openStore, type Payment } from './store.ts'

let folder: string
let store: BankStore
let outbox: Outbox

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bank-outbox-'))
  store = openStore(join(folder, 'bank.db'), 'DE93999999990000000001')
  outbox = await openOutbox(folder, store, { since: 0, write })
  add('1')
})
afterEach(async () => {
  store.close()
  await rm(folder, { recursive: true, force: true })
})

/** What a file says: which orders. */
const write = (id: string, payments: readonly Payment[]) => `${id}: ${payments.map(({ endToEndId }) => endToEndId).join(' ')}`
function add(n: string): void {
  const about = { units: 10_000n, fee: 0n, iban: 'X', name: 'Y', document: '', createdAt: 1 }
  store.addPayment({ attemptId: `at_${n}`, endToEndId: `at${n}`, ...about })
}
const payment = (n = '1') => store.payment(`at_${n}`)!
const three = () => ['1', '2', '3'].map(payment)
const states = () => three().map(({ state }) => state)
const files = async (name: string) => await readdir(join(folder, name))

test('a payment leaves by one file, and its row says so', async () => {
  await outbox.dispatch([payment()])
  expect(payment().state).toBe('sent')
  expect(await files('outbox')).toEqual(['at1.xml'])
  expect(await files('staging')).toEqual([])
})

test('a crash before the file was complete: it never left, and can be sent or taken back', async () => {
  await writeFile(join(folder, 'staging', 'at1.xml'), '<Docu')
  await outbox.dispatch([payment()])
  expect(await files('outbox')).toEqual(['at1.xml'])
})

test('a crash after the rename, with the file already taken by the bank: nothing is written again', async () => {
  store.setStaged('at_1', 'at1')
  await outbox.dispatch([payment()])
  expect(await outbox.withdraw(payment())).toBe(false)
  expect(payment().state).toBe('sent')
  expect(await files('outbox')).toEqual([])
})

test('what never left is taken back for good', async () => {
  await writeFile(join(folder, 'staging', 'at1.xml'), 'at1: at1')
  store.setStaged('at_1', 'at1')
  expect(await outbox.withdraw(payment())).toBe(true)
  expect(payment().state).toBe('withdrawn')
  expect(await files('staging')).toEqual([])
  await outbox.dispatch([payment()])
  expect([payment().state, await files('outbox')]).toEqual(['withdrawn', []])
})

test('what has left is not taken back, even when its row does not say so yet', async () => {
  await writeFile(join(folder, 'staging', 'at1.xml'), 'at1: at1')
  store.setStaged('at_1', 'at1')
  await rename(join(folder, 'staging', 'at1.xml'), join(folder, 'outbox', 'at1.xml'))
  expect(await outbox.withdraw(payment())).toBe(false)
  expect(payment().state).toBe('sent')
  expect(await files('outbox')).toEqual(['at1.xml'])
})

test('the name of an order that left is kept for so long, and one that was taken back has none', async () => {
  await outbox.dispatch([payment()])
  expect(await outbox.mayHaveLeft('at1')).toBe(true)
  add('2')
  await writeFile(join(folder, 'handed', 'at2'), '')
  await writeFile(join(folder, 'staging', 'at2.xml'), '<Document/>')
  store.setStaged('at_2', 'at2')
  expect(await outbox.withdraw(store.payment('at_2')!)).toBe(true)
  expect(await files('handed')).toEqual(['at1'])
  await utimes(join(folder, 'handed', 'at1'), 1, 1)
  await rename(join(folder, 'outbox', 'at1.xml'), join(folder, 'taken.xml'))
  const later = await openOutbox(folder, store, { since: 2_000, write })
  expect(await later.mayHaveLeft('at1')).toBe(false)
})

test('several leave in one file, each under its own name, and one that may have left before does not', async () => {
  for (const n of ['2', '3']) add(n)
  await writeFile(join(folder, 'handed', 'at2'), '')
  await outbox.dispatch(three())
  expect(states()).toEqual(['sent', 'sent', 'sent'])
  const [name, ...others] = await files('outbox')
  expect([others, await files('handed'), await files('staging')]).toEqual([[], ['at1', 'at2', 'at3'], []])
  expect(await readFile(join(folder, 'outbox', name!), 'utf8')).toBe(`${name!.slice(0, -'.xml'.length)}: at1 at3`)
  expect(name).not.toBe('at1.xml')
  await outbox.dispatch(three())
  expect(await files('outbox')).toEqual([name])
})

test('a crash before a file of several left: the first that is asked about takes back all, and none leaves', async () => {
  for (const n of ['2', '3']) add(n)
  for (const n of ['1', '2']) store.setStaged(`at_${n}`, 'file1')
  await writeFile(join(folder, 'staging', 'file1.xml'), 'file1: at1 at2')
  await writeFile(join(folder, 'handed', 'at1'), '')
  expect(await outbox.withdraw(payment('2'))).toBe(true)
  expect(states()).toEqual(['withdrawn', 'withdrawn', 'prepared'])
  expect([await files('staging'), await files('handed')]).toEqual([[], []])
  await outbox.dispatch(three())
  expect([states(), await files('outbox')]).toEqual([['withdrawn', 'withdrawn', 'sent'], ['at3.xml']])
})

test('a crash after a file of several left: none is taken back', async () => {
  for (const n of ['2', '3']) add(n)
  for (const n of ['1', '2']) store.setStaged(`at_${n}`, 'file1')
  expect(await outbox.withdraw(payment('2'))).toBe(false)
  expect(states()).toEqual(['sent', 'sent', 'prepared'])
})
