import { expect, test } from 'vitest'
import { createBooks } from './books.ts'
import { openRecallDesk } from './recalls.ts'

const OWN = 'DE93999999990000000001'
const PAYEE = 'DE89370400440532013000'
const REFUSES = 'DE02120300000000202051'
const SILENT = 'DE02500105170137075030'
const transaction = (id: string, cents: string) =>
  `<CxlId>${id}</CxlId><OrgnlGrpInf><OrgnlMsgId>m</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInf>` +
  `<OrgnlEndToEndId>e1</OrgnlEndToEndId><OrgnlIntrBkSttlmAmt Ccy="EUR">${cents}</OrgnlIntrBkSttlmAmt><OrgnlIntrBkSttlmDt>2026-11-20</OrgnlIntrBkSttlmDt>` +
  '<CxlRsnInf><Rsn><Cd>CUST</Cd></Rsn></CxlRsnInf>' +
  `<OrgnlTxRef><Dbtr><Pty><Nm>Us</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>${OWN}</IBAN></Id></DbtrAcct>` +
  '<DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt><Cdtr><Pty><Nm>P</Nm></Pty></Cdtr>' +
  `<CdtrAcct><Id><IBAN>${PAYEE}</IBAN></Id></CdtrAcct></OrgnlTxRef>`
const question = (id = 'C1', cents = '12.30') =>
  '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.056.001.08"><FIToFIPmtCxlReq>' +
  `<Assgnmt><Id>${id}</Id><Assgnr><Pty><Nm>Us</Nm></Pty></Assgnr><Assgne><Agt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></Agt></Assgne>` +
  `<CreDtTm>2026-11-20T10:00:00Z</CreDtTm></Assgnmt><Case><Id>${id}</Id><Cretr><Pty><Nm>Us</Nm></Pty></Cretr></Case>` +
  `<CtrlData><NbOfTxs>1</NbOfTxs><CtrlSum>12.30</CtrlSum></CtrlData><Undrlyg><TxInf>${transaction(id, cents)}</TxInf></Undrlyg></FIToFIPmtCxlReq></Document>`

function desk(iban: string, { recallDays = 2, has = true } = {}) {
  const books = createBooks([['own', 0n]], { own: 'own', startDate: '2026-11-20', now: () => new Date(0) })
  const rules = { refusesRecallsIban: REFUSES, ignoresRecallsIban: SILENT, recallDays }
  const given: bigint[] = []
  const opened = openRecallDesk({ books, rules, iban: OWN }, ({ order }) => {
    if (has) given.push(order.cents)
    return has
  })
  const order = { messageId: 'm', instructionId: 'i', endToEndId: 'e1', cents: 1230n, name: 'P', iban, remittance: {} }
  opened.note({ order, reference: 'B1', transactionId: 'T1' })
  return { ...opened, books, given, order }
}
const said = (texts: readonly string[]) => texts.map((text) => [/<Conf>(\w+)/.exec(text)?.[1], /<Cd>(\w+)/.exec(text)?.[1]])

test('what is asked for is given back on its day, and a copy of the question is not heard', () => {
  const d = desk(PAYEE)
  expect(said(d.hear(question(), []).answers)).toEqual([['PDCR', undefined]])
  expect(d.hear(question(), [])).toEqual({ answers: [] })
  for (const given of [[], [], [1230n], [1230n]]) {
    expect([d.cycle(), d.given]).toEqual([[], given])
    d.books.closeDay()
  }
})

test('a payee refuses, has nothing, or is never heard of; an order that waits is not executed', () => {
  const refuses = desk(REFUSES, { recallDays: 0 })
  expect(refuses.hear(question(), []).answers).toEqual([])
  expect(said(refuses.cycle())).toEqual([['RJCR', 'CUST']])
  const poor = desk(PAYEE, { recallDays: 0, has: false })
  poor.hear(question(), [])
  expect(said(poor.cycle())).toEqual([['RJCR', 'AM04']])
  const silent = desk(SILENT, { recallDays: 0 })
  expect([silent.hear(question(), []).answers, silent.cycle()]).toEqual([[], []])
  const waits = desk(PAYEE)
  const heard = waits.hear(question(), [waits.order])
  expect([said(heard.answers), heard.canceled]).toEqual([[['CNCL', undefined]], waits.order])
})

test.each<[string, string | RegExp, string, string]>([
  ['another version', 'camt.056.001.08"><FIToFIPmtCxlReq>', 'camt.056.001.08"><Other>', 'FF01'],
  ['an unknown reason', '<Cd>CUST</Cd>', '<Cd>ZZZZ</Cd>', 'FF01'],
  ['elements in the wrong order', /(<CxlId>C1<\/CxlId>)(<OrgnlGrpInf>.*<\/OrgnlGrpInf>)/, '$2$1', 'FF01'],
  ['two transactions', '<NbOfTxs>1</NbOfTxs>', '<NbOfTxs>2</NbOfTxs>', 'FF01'],
  ['a wrong control sum', '<CtrlSum>12.30', '<CtrlSum>12.31', 'AM10'],
  ['another currency', 'Ccy="EUR"', 'Ccy="USD"', 'AM03'],
  ['an account of somebody else', OWN, PAYEE, 'AC02'],
])('%s is refused', (_, from, to, code) => {
  const text = question().replace(from, to)
  expect(text).not.toBe(question())
  expect(desk(PAYEE).hear(text, [])).toMatchObject({ answers: [], refusal: { code } })
})

test('a payment that there is not, or of another amount, was never received', () => {
  const d = desk(PAYEE)
  const other = question('C2', '9.00').replace('<CtrlSum>12.30', '<CtrlSum>9.00')
  expect(said(d.hear(other, []).answers)).toEqual([['RJCR', 'NOOR']])
  expect(said(d.hear(question('C3').replace('>e1<', '>e2<'), []).answers)).toEqual([['RJCR', 'NOOR']])
})
