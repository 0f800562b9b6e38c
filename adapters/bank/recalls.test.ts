import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { EUR } from '../../gateway/money/asset.ts'
import { daysOf } from '../../gateway/payouts/calendar/schemes.ts'
import type { RecallReason } from '../../gateway/ports/recaller.ts'
import { distrustBankCopy } from './files/distrustCopy.ts'
import { openOutbox } from './files/outbox.ts'
import { overdueRecalls } from './files/recallAnswers.ts'
import { openStore } from './files/store.ts'
import { sepaRecaller } from './recalls.ts'

const ACCOUNT = { iban: 'DE93999999990000000001', bic: 'SWYDDEF0XXX', name: 'Switchyard', townName: 'Berlin', country: 'DE' }
/** A Friday at noon in Berlin. */
const NOW = Date.parse('2026-11-20T11:00:00Z')
const DAY = 86_400_000
const order = { id: 'rcl_01', attempt: 'at_1', reason: 'CUST' } as const

/** A payment of 12.30 that the bank has debited, and the folder that files leave in. */
async function world() {
  const folder = await mkdtemp(join(tmpdir(), 'bank-recalls-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const store = openStore(join(folder, 'bank.db'), ACCOUNT.iban)
  onTestFinished(() => store.close())
  let now = NOW
  const outbox = await openOutbox(folder, store, { since: 0, write: () => '' })
  const payee = { iban: 'DE89370400440532013000', name: 'Payee & Co' }
  store.addPayment({ attemptId: 'at_1', endToEndId: 'at1', units: 12_300_000n, fee: 0n, ...payee, document: '', createdAt: NOW })
  const open = (handOver = outbox.handOver) =>
    sepaRecaller({
      store,
      account: ACCOUNT,
      asset: EUR,
      clock: { now: () => now },
      days: daysOf('sepa'),
      bankingDays: daysOf('sepa'),
      pollMs: 1,
      check: () => undefined,
      handOver,
    })
  const files = async () => (await readdir(join(folder, 'outbox'))).toSorted()
  return { folder, store, outbox, open, files, later: (ms: number) => (now += ms) }
}

type World = Awaited<ReturnType<typeof world>>
function debited({ store }: World): void {
  store.setStaged('at_1', 'file1')
  store.setFileSent('file1')
  const unset = { payer: null, payerIban: null, reason: null, remittance: null, batch: null, reference: null }
  const entry = { key: 'B1', side: 'debit', kind: 'paid', units: 12_300_000n, bookedOn: '2026-11-20', at: NOW, attemptId: 'at_1' } as const
  store.addEntry({ id: 'B1', ...entry, proof: 'hash', endToEndId: 'at1', ...unset })
  store.setBooked('at_1', 'B1', NOW, 'hash')
}

test('a payment that has not left, or that the bank never made, is not asked back', async () => {
  const w = await world()
  const recaller = w.open()
  expect(recaller.recallable('at_2', 'CUST')).toEqual({ refused: expect.stringContaining('does not know') })
  expect(recaller.recallable('at_1', 'CUST')).toEqual({ refused: 'its file has not left yet' })
  expect(await recaller.recall(order)).toMatchObject({ word: { kind: 'impossible' } })
  w.store.setRejected('at_1', 'AC04', null)
  expect(recaller.recallable('at_1', 'CUST')).toEqual({ refused: 'the bank has never made it' })
  expect(await w.files()).toEqual([])
})

test.each<[RecallReason, string, string]>([
  // Ten days of TARGET after Friday 20 November are those until Friday 4 December.
  ['DUPL', '2026-12-04T22:00:00Z', '2026-12-05T12:00:00Z'],
  ['TECH', '2026-12-04T22:00:00Z', '2026-12-05T12:00:00Z'],
  ['FRAD', '2027-12-20T22:00:00Z', '2027-12-21T01:00:00Z'],
  ['AC03', '2027-12-20T22:00:00Z', '2027-12-21T01:00:00Z'],
  ['AM09', '2027-12-20T22:00:00Z', '2027-12-21T01:00:00Z'],
  ['CUST', '2027-12-20T22:00:00Z', '2027-12-21T01:00:00Z'],
])('%s is asked until %s', async (reason, last, late) => {
  const w = await world()
  debited(w)
  const at = (time: string) => w.later(Date.parse(time) - w.later(0))
  at(last)
  expect(w.open().recallable('at_1', reason)).toMatchObject({ kind: ['DUPL', 'TECH', 'FRAD'].includes(reason) ? 'recall' : 'request' })
  at(late)
  expect(w.open().recallable('at_1', reason)).toEqual({ refused: expect.stringContaining('2026-11-20') })
})

test('the file names the payment, and leaves once however often it is asked for', async () => {
  const w = await world()
  debited(w)
  w.store.setTransactionId('at_1', 'TX 7')
  const recaller = w.open()
  const asked = { ...order, reason: 'FRAD', details: 'Invoice "7" is forged' } as const
  expect(await recaller.recall(asked)).toMatchObject({ word: { kind: 'sent' } })
  expect(await w.files()).toEqual(['rcl01.xml'])
  const text = await readFile(join(w.folder, 'outbox', 'rcl01.xml'), 'utf8')
  expect(text).toContain('urn:iso:std:iso:20022:tech:xsd:camt.056.001.08')
  expect(text.replace(/>\s+</g, '><')).toContain(
    '<OrgnlGrpInf><OrgnlMsgId>file1</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInf><OrgnlInstrId>at1</OrgnlInstrId>' +
      '<OrgnlEndToEndId>at1</OrgnlEndToEndId><OrgnlTxId>TX 7</OrgnlTxId><OrgnlIntrBkSttlmAmt Ccy="EUR">12.30</OrgnlIntrBkSttlmAmt>' +
      '<OrgnlIntrBkSttlmDt>2026-11-20</OrgnlIntrBkSttlmDt><CxlRsnInf><Orgtr><Id><OrgId><AnyBIC>SWYDDEF0XXX</AnyBIC></OrgId></Id></Orgtr>' +
      '<Rsn><Cd>FRAD</Cd></Rsn><AddtlInf>Invoice .7. is forged</AddtlInf></CxlRsnInf>',
  )
  await rm(join(w.folder, 'outbox', 'rcl01.xml'))
  expect(await w.open().recall(asked)).toMatchObject({ word: { kind: 'sent' } })
  expect(await w.files()).toEqual([])
})

test('a crash at any step between the row and the leaving writes the file once', async () => {
  const w = await world()
  debited(w)
  const died = () => Promise.reject(new Error('the machine stopped'))
  const noted = join(w.folder, 'handed', 'rcl01')
  const staged = join(w.folder, 'staging', 'rcl01.xml')
  // The row alone.
  await expect(w.open(died).recall(order)).rejects.toThrow('stopped')
  expect(await w.files()).toEqual([])
  // Half a file in staging, and no name.
  await writeFile(staged, '<half')
  await w.open().recall(order)
  const first = await readFile(join(w.folder, 'outbox', 'rcl01.xml'), 'utf8')
  expect(first).toContain('</Document>')
  // Complete and named, and not left.
  const second = { ...order, id: 'rcl_02' } as const
  await expect(w.open(died).recall(second)).rejects.toThrow('stopped')
  await mkdir(join(w.folder, 'handed'), { recursive: true })
  await writeFile(noted.replace('01', '02'), '')
  await writeFile(staged.replace('01', '02'), w.store.recall('rcl_02')!.document)
  await w.open().recall(second)
  expect(await w.files()).toEqual(['rcl01.xml', 'rcl02.xml'])
  // Left, and the row does not say so: taken by the bank meanwhile.
  const third = { ...order, id: 'rcl_03' } as const
  await expect(
    w
      .open(async (name, text) => {
        await w.outbox.handOver(name, text)
        await rm(join(w.folder, 'outbox', 'rcl03.xml'))
        throw new Error('the machine stopped')
      })
      .recall(third),
  ).rejects.toThrow('stopped')
  expect(await w.open().recall(third)).toMatchObject({ word: { kind: 'sent' } })
  expect(await w.files()).toEqual(['rcl01.xml', 'rcl02.xml'])
})

test('a folder that can not be written to is a rail that is not there now, and the file leaves once when it can', async () => {
  const w = await world()
  debited(w)
  const places = ['staging', 'handed', 'outbox'].map((name) => join(w.folder, name))
  for (const path of places) {
    await rm(path, { recursive: true })
    await writeFile(path, 'no folder')
    await expect(w.open().recall(order)).rejects.toMatchObject({
      code: 'rail_unavailable',
      shortMessage: expect.stringContaining('ENOTDIR'),
    })
    await rm(path)
    await mkdir(path)
  }
  expect(await w.open().recall(order)).toMatchObject({ word: { kind: 'sent' } })
  expect(await w.open().recall(order)).toMatchObject({ word: { kind: 'sent' } })
  expect([await w.files(), w.store.recallsOf('at_1').length]).toEqual([['rcl01.xml'], 1])
})

test('a data file that does not take a row is a rail that is not there now', async () => {
  const w = await world()
  debited(w)
  const db = new DatabaseSync(join(w.folder, 'bank.db'))
  onTestFinished(() => db.close())
  db.exec("CREATE TRIGGER full BEFORE INSERT ON recalls BEGIN SELECT raise(ABORT, 'disk full'); END")
  await expect(w.open().recall(order)).rejects.toMatchObject({
    code: 'rail_unavailable',
    shortMessage: expect.stringContaining('disk full'),
  })
  expect(await w.files()).toEqual([])
  db.exec("DROP TRIGGER full; CREATE TRIGGER full BEFORE UPDATE ON recalls BEGIN SELECT raise(ABORT, 'disk full'); END")
  await expect(w.open().recall(order)).rejects.toMatchObject({ code: 'rail_unavailable' })
  await rm(join(w.folder, 'outbox', 'rcl01.xml'))
  db.exec('DROP TRIGGER full')
  expect(await w.open().recall(order)).toMatchObject({ word: { kind: 'sent' } })
  expect(await w.files()).toEqual([])
})

test('what has no answer after fifteen days of banks, or no money after a good one, is for a person', async () => {
  const w = await world()
  debited(w)
  const { recallable, recall } = w.open()
  const { answerBy } = recallable('at_1', 'CUST') as { answerBy: number }
  // 11 December is the fifteenth day of TARGET.
  expect(new Date(answerBy).toISOString()).toBe('2026-12-11T23:00:00.000Z')
  await recall(order)
  expect(w.store.overdueRecalls(answerBy)).toEqual([])
  expect(w.store.overdueRecalls(answerBy + DAY)).toMatchObject([{ id: 'rcl_01' }])
  w.store.setRecallReturned('at_1', NOW)
  expect(w.store.overdueRecalls(answerBy + DAY)).toEqual([])
})

test('of what was asked back and then rejected nothing is to come, so nobody waits for an answer', async () => {
  const w = await world()
  w.store.setStaged('at_1', 'file1')
  w.store.setFileSent('file1')
  await w.open().recall(order)
  const late = NOW + 60 * DAY
  expect(overdueRecalls(w.store, late)).toMatchObject([{ what: 'a recall has no answer' }])
  w.store.setRejected('at_1', 'AC04', null)
  expect(overdueRecalls(w.store, late)).toEqual([])
})

test('a recall that had not left when a copy was made is told to a person once the copy is back, until the bank answers', async () => {
  const w = await world()
  debited(w)
  const died = () => Promise.reject(new Error('the machine stopped'))
  await expect(w.open(died).recall(order)).rejects.toThrow('stopped')
  await w.open().recall({ ...order, id: 'rcl_02' })
  expect(overdueRecalls(w.store, NOW)).toEqual([])
  distrustBankCopy(join(w.folder, 'bank.db'))
  expect(await w.open().recall(order)).toMatchObject({ word: { kind: 'sent' } })
  expect(await w.files()).toEqual(['rcl02.xml'])
  expect(overdueRecalls(w.store, NOW)).toMatchObject([
    {
      id: 'overdue:rcl_01',
      what: 'a recall may never have left',
      detail: expect.stringMatching(/^rcl_01 of at_1, rcl01 at the bank: .*backup.*Ask the bank/),
    },
  ])
  w.store.setRecallAnswer('rcl_01', { answer: 'pending', code: 'PDCR', detail: 'we look', at: NOW })
  expect(overdueRecalls(w.store, NOW)).toEqual([])
  expect(overdueRecalls(w.store, NOW + 60 * DAY).map(({ what }) => what)).toEqual(['a recall has no answer', 'a recall has no answer'])
})
