import { mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Outbox, openOutbox } from './outbox.ts'
import { type BankStore, openStore } from './store.ts'

let folder: string
let store: BankStore
let outbox: Outbox

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bank-outbox-'))
  store = openStore(join(folder, 'bank.db'), 'DE93999999990000000001')
  outbox = await openOutbox(folder, store, 0)
  const row = { attemptId: 'at_1', endToEndId: 'at1', units: 10_000n, iban: 'X', name: 'Y', document: '<Document/>', createdAt: 1 }
  store.addPayment(row)
})
afterEach(async () => {
  store.close()
  await rm(folder, { recursive: true, force: true })
})

const payment = () => store.payment('at_1')!
const files = async (name: string) => await readdir(join(folder, name))

test('a payment leaves by one file, and its row says so', async () => {
  await outbox.dispatch(payment())
  expect(payment().state).toBe('sent')
  expect(await files('outbox')).toEqual(['at1.xml'])
  expect(await files('staging')).toEqual([])
})

test('a crash before the file was complete: it never left, and can be sent or taken back', async () => {
  await writeFile(join(folder, 'staging', 'at1.xml'), '<Docu')
  await outbox.dispatch(payment())
  expect(await files('outbox')).toEqual(['at1.xml'])
})

test('a crash before the rename: the staged file still leaves once', async () => {
  await writeFile(join(folder, 'staging', 'at1.xml'), payment().document)
  store.setState('at_1', 'staged')
  await outbox.dispatch(payment())
  expect(payment().state).toBe('sent')
  expect(await files('outbox')).toEqual(['at1.xml'])
})

test('a crash after the rename, with the file already taken by the bank: nothing is written again', async () => {
  store.setState('at_1', 'staged')
  await outbox.dispatch(payment())
  expect(payment().state).toBe('sent')
  expect(await files('outbox')).toEqual([])
})

test('what never left is taken back for good', async () => {
  await writeFile(join(folder, 'staging', 'at1.xml'), payment().document)
  store.setState('at_1', 'staged')
  expect(await outbox.withdraw(payment())).toBe(true)
  expect(payment().state).toBe('withdrawn')
  expect(await files('staging')).toEqual([])
  await expect(outbox.dispatch(payment())).rejects.toThrow('invariant')
})

test('what has left is not taken back, even when its row does not say so yet', async () => {
  await writeFile(join(folder, 'staging', 'at1.xml'), payment().document)
  store.setState('at_1', 'staged')
  await rename(join(folder, 'staging', 'at1.xml'), join(folder, 'outbox', 'at1.xml'))
  expect(await outbox.withdraw(payment())).toBe(false)
  expect(payment().state).toBe('sent')
  expect(await files('outbox')).toEqual(['at1.xml'])
})

test('the name of an order that left is kept for so long, and one that was taken back has none', async () => {
  await outbox.dispatch(payment())
  expect(await outbox.mayHaveLeft('at1')).toBe(true)
  const row = { attemptId: 'at_2', endToEndId: 'at2', units: 10_000n, iban: 'X', name: 'Y', document: '<Document/>', createdAt: 1 }
  store.addPayment(row)
  await writeFile(join(folder, 'handed', 'at2'), '')
  await writeFile(join(folder, 'staging', 'at2.xml'), '<Document/>')
  store.setState('at_2', 'staged')
  expect(await outbox.withdraw(store.payment('at_2')!)).toBe(true)
  expect(await files('handed')).toEqual(['at1'])
  await utimes(join(folder, 'handed', 'at1'), 1, 1)
  await rename(join(folder, 'outbox', 'at1.xml'), join(folder, 'taken.xml'))
  const later = await openOutbox(folder, store, 2_000)
  expect(await later.mayHaveLeft('at1')).toBe(false)
})
