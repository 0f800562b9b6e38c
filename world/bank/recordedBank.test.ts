import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openRecord, type WorldRecord } from '../record.ts'
import { openCounter } from './counter.ts'
import { type BankRow, recordedBank } from './recordedBank.ts'

const OWN = { id: 'own', name: 'Yard', iban: 'DE93999999990000000001' }
const CUSTOMER = { id: 'customer-1', name: 'Customer 1', iban: 'DE89370400440532013000' }
const SETUP = {
  own: OWN,
  customers: [CUSTOMER],
  openingCents: 50_000n,
  customerCents: 100_000n,
  chargeCents: 2n,
  startDate: '2026-11-20',
  closedIban: 'DE11999999990000000901',
  silentIban: '',
  refusesRecallsIban: '',
  ignoresRecallsIban: '',
  recallDays: 1,
  returnedIban: 'DE81999999990000000902',
}
const ORDER = `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-20T10:00:00Z</CreDtTm><NbOfTxs>1</NbOfTxs><CtrlSum>12.30</CtrlSum><InitgPty><Nm>Payer</Nm></InitgPty></GrpHdr>
<PmtInf><PmtInfId>P1</PmtInfId><PmtMtd>TRF</PmtMtd><NbOfTxs>1</NbOfTxs><CtrlSum>12.30</CtrlSum>
<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf><ReqdExctnDt><Dt>2026-11-20</Dt></ReqdExctnDt>
<Dbtr><Nm>Payer</Nm><PstlAdr><TwnNm>Berlin</TwnNm><Ctry>DE</Ctry></PstlAdr></Dbtr><DbtrAcct><Id><IBAN>${OWN.iban}</IBAN></Id></DbtrAcct>
<DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt><ChrgBr>SLEV</ChrgBr>
<CdtTrfTxInf><PmtId><EndToEndId>E1</EndToEndId></PmtId><Amt><InstdAmt Ccy="EUR">12.30</InstdAmt></Amt>
<Cdtr><Nm>Payee</Nm></Cdtr><CdtrAcct><Id><IBAN>${CUSTOMER.iban}</IBAN></Id></CdtrAcct><RmtInf><Ustrd>thanks</Ustrd></RmtInf></CdtTrfTxInf>
</PmtInf></CstmrCdtTrfInitn></Document>`

/** One process of the bank after the other, on one folder. */
function bankFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bank-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  let record: WorldRecord<BankRow> | undefined
  const next = async () => {
    // The process before has ended.
    record?.close()
    record = openRecord<BankRow>(join(folder, 'told.jsonl'))
    const recorded = recordedBank(SETUP, record)
    const counter = await openCounter(folder, recorded)
    await counter.open()
    return { ...counter, ...recorded.bank }
  }
  const inbox = () => readdirSync(join(folder, 'inbox')).map((name) => [name, readFileSync(join(folder, 'inbox', name), 'utf8')])
  return { folder, next, inbox, rows: () => readFileSync(join(folder, 'told.jsonl'), 'utf8').split('\n').length - 1 }
}

test('accounts, orders that wait and the names of reports go on where they stood', async () => {
  const { folder, next, inbox } = bankFolder()
  const first = await next()
  first.order({ customer: CUSTOMER.id, cents: 1_000n, remittance: 'waits' })
  mkdirSync(join(folder, 'outbox'), { recursive: true })
  writeFileSync(join(folder, 'outbox', 'a.xml'), ORDER)
  await first.collect()
  const second = await next()
  const before = inbox()
  await second.cycle()
  const cents = (bank: { accounts: typeof first.accounts }, id: string) => bank.accounts().find((a) => a.id === id)?.cents
  expect([cents(second, 'own'), cents(second, CUSTOMER.id)]).toEqual([50_000n + 1_000n - 1_230n - 2n, 100_000n - 1_000n + 1_230n])
  const third = await next()
  expect(third.accounts()).toEqual(second.accounts())
  expect(inbox().slice(0, before.length)).toEqual(before)
  expect(inbox().map(([name]) => name)).toEqual([
    '00000001-camt053.xml',
    '00000002-pain002.xml',
    '00000003-pain002.xml',
    '00000004-camt054.xml',
  ])
})

test('what a kill kept from being written is written by the next process, and no order file is taken twice', async () => {
  const { folder, next, inbox } = bankFolder()
  const first = await next()
  writeFileSync(join(folder, 'outbox', 'a.xml'), ORDER)
  // As far as a process comes that is killed before it moves the file and reports.
  first.take(ORDER)
  const second = await next()
  await second.collect()
  expect(inbox().map(([name]) => name)).toEqual(['00000001-camt053.xml', '00000002-pain002.xml'])
  expect(inbox()[1]![1]).toContain('ACSP')
  expect(readdirSync(join(folder, 'outbox'))).toEqual([])
})

test('cycles with nothing to do leave nothing on record', async () => {
  const { next, rows } = bankFolder()
  const bank = await next()
  await bank.cycle()
  const before = rows()
  for (let i = 0; i < 5; i++) await bank.cycle()
  expect(rows()).toBe(before)
})
