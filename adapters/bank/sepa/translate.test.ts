import { describe, expect, test } from 'vitest'
import { EUR } from '../../../gateway/money/asset.ts'
import type { BookedEntry } from '../files/bankFile.ts'
import { BankFileRefused } from '../files/bankFileRefused.ts'
import { creditorReferenceOf } from './creditorReference.ts'
import { openFileReader, readBankFile } from './translate.ts'

const IBAN = 'DE93999999990000000001'
const HEAD = '<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-20T10:00:00Z</CreDtTm></GrpHdr>'
const ACCOUNT = `<Acct><Id><IBAN>${IBAN}</IBAN></Id></Acct>`

const document = (message: string, body: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:${message}">${body}</Document>`
const notification = (entries: string, account = ACCOUNT) =>
  document('camt.054.001.08', `<BkToCstmrDbtCdtNtfctn>${HEAD}<Ntfctn><Id>N1</Id>${account}${entries}</Ntfctn></BkToCstmrDbtCdtNtfctn>`)
const balance = (code: string, amount: string, side = 'CRDT') =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${side}</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>`
const statement = (opening: string, closing: string, entries: string, paging = '') =>
  document(
    'camt.053.001.08',
    `<BkToCstmrStmt>${HEAD}<Stmt><Id>S1</Id>${paging}${ACCOUNT}${balance('OPBD', opening)}${balance('CLBD', closing)}${entries}</Stmt></BkToCstmrStmt>`,
  )
const summary = (of: string, count: string, sum: string) =>
  `<TxsSummry><${of}><NbOfNtries>${count}</NbOfNtries><Sum>${sum}</Sum></${of}></TxsSummry>`
const status = (body: string) => document('pain.002.001.10', `<CstmrPmtStsRpt>${HEAD}${body}</CstmrPmtStsRpt>`)

type Parts = { amount?: string; currency?: string; side?: string; sts?: string; ref?: string; details?: string; extra?: string }
function entry({
  amount = '1.00',
  currency = 'EUR',
  side = 'CRDT',
  sts = 'BOOK',
  ref = 'A1',
  details = '',
  extra = '',
}: Parts = {}): string {
  return (
    `<Ntry><Amt Ccy="${currency}">${amount}</Amt><CdtDbtInd>${side}</CdtDbtInd><Sts><Cd>${sts}</Cd></Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt>` +
    `${ref ? `<AcctSvcrRef>${ref}</AcctSvcrRef>` : ''}<BkTxCd></BkTxCd>${extra}<NtryDtls>${details}</NtryDtls></Ntry>`
  )
}

const read = (text: string | Uint8Array) => readBankFile(typeof text === 'string' ? Buffer.from(text) : text, { iban: IBAN, asset: EUR })
function entriesOf(text: string) {
  const file = read(text)
  if (file.kind !== 'notification') throw new Error('expected a notification')
  return [...file.entries]
}

const good = notification(entry())

const REFUSED: readonly [string, string | Uint8Array, RegExp][] = [
  ['it is empty', '', /./],
  ['it is cut in half', good.slice(0, good.length / 2), /well-formed/],
  ['it is cut by one character', good.slice(0, -1), /well-formed/],
  ['it is not XML', '{"a":1}', /./],
  ['it has two roots', `${good}<Document/>`, /./],
  ['it is not UTF-8', Buffer.concat([Buffer.from(good.slice(0, -20)), Buffer.from([0xe9]), Buffer.from(good.slice(-20))]), /UTF-8/],
  ['it says it is Latin 1', good.replace('UTF-8', 'ISO-8859-1'), /ISO-8859-1/],
  ['a text in it has no end', `${good.slice(0, -20)}${'x'.repeat(3 * 1024 * 1024)}`, /longer than 1048576/],
  ['a comment in it has no end', `<!--${'x'.repeat(3 * 1024 * 1024)}`, /longer than 1048576/],
  ['it has text between elements', good.replace('<Ntfctn>', '<Ntfctn>hello'), /text between/],
  [
    'it names an external entity',
    good.replace('?>', '?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>').replace('N1', '&x;'),
    /DOCTYPE/,
  ],
  ['it defines entities in entities', good.replace('?>', '?><!DOCTYPE d [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>'), /DOCTYPE/],
  ['it uses an entity nobody defined', good.replace('N1', '&lol;'), /entity/],
  ['it holds an impossible character', good.replace('N1', '&#0;'), /character/],
  ['it has CDATA', good.replace('N1', '<![CDATA[N1]]>'), /CDATA/],
  ['it is nested without end', notification('<x>'.repeat(200) + '</x>'.repeat(200)), /./],
  ['it is another message', good.replace('camt.054.001.08', 'camt.060.001.05'), /camt.060/],
  ['it is of the first version', good.replace('camt.054.001.08', 'camt.054.001.01'), /camt.054.001.01/],
  ['its content is of another message', good.replace('camt.054.001.08', 'camt.053.001.08'), /BkToCstmrStmt/],
  ['it is of another account', notification(entry(), ACCOUNT.replace('DE93', 'DE92')), /account/],
  ['one of two accounts is another', notification(`${entry()}</Ntfctn><Ntfctn><Id>N2</Id>${ACCOUNT.replace('DE93', 'DE92')}`), /account/],
  ['its currency is not ours', notification(entry() + entry({ currency: 'USD' })), /USD/],
  ['its currency is unknown', notification(entry({ currency: 'XYZ' })), /XYZ/],
  ['an amount has no currency', good.replace(' Ccy="EUR"', ''), /Amt/],
  ['an amount is negative', notification(entry({ amount: '-1.00' })), /positive/],
  ['an amount is zero', notification(entry({ amount: '0.00' })), /zero/],
  ['an amount is more precise than a cent', notification(entry({ amount: '1.001' })), /cent/],
  ['an amount has an exponent', notification(entry({ amount: '1e3' })), /decimal/],
  ['an amount has a comma', notification(entry({ amount: '1,00' })), /decimal/],
  ['an amount is beyond all money', notification(entry({ amount: '1000000000000.00' })), /large/],
  ['a side is unknown', notification(entry({ side: 'BOTH' })), /CdtDbtInd/],
  ['a status is unknown', notification(entry({ sts: 'MAYB' })), /MAYB/],
  ['an element is there twice', good.replace('<AcctSvcrRef>', '<AcctSvcrRef>A0</AcctSvcrRef><AcctSvcrRef>'), /AcctSvcrRef/],
  ['a statement does not add up', statement('10.00', '12.00', entry()), /closing balance/],
  ['a statement has no closing balance', statement('10.00', '11.00', entry()).replace('CLBD', 'CLAV'), /CLBD/],
  [
    'a statement is one of several pages',
    statement('1.00', '2.00', entry(), '<StmtPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>'),
    /page/,
  ],
  [
    'its account is in another currency',
    notification(entry(), ACCOUNT.replace('</Id></Acct>', '</Id><Ccy>USD</Ccy></Acct>')),
    /Acct\/Ccy USD/,
  ],
  ['a day is none of the calendar', notification(entry().replace('2026-11-20', '2026-02-31')), /BookgDt\/Dt: it is no day/],
  [
    'its entries are fewer than it says',
    notification(entry(), `${ACCOUNT}${summary('TtlNtries', '2', '1.00')}`),
    /TtlNtries\/NbOfNtries says 2, there are 1/,
  ],
  [
    'its entries sum to less than it says',
    notification(entry(), `${ACCOUNT}${summary('TtlCdtNtries', '1', '1.01')}`),
    /TtlCdtNtries\/Sum says 1.01/,
  ],
  [
    'its debits sum to more than it says',
    notification(entry({ side: 'DBIT' }), `${ACCOUNT}${summary('TtlDbtNtries', '1', '0.99')}`),
    /TtlDbtNtries\/Sum says 0.99/,
  ],
  [
    'a batch has more transactions than it says',
    notification(entry({ details: '<Btch><NbOfTxs>1</NbOfTxs></Btch><TxDtls/><TxDtls/>' })),
    /Btch\/NbOfTxs says 1, there are 2/,
  ],
  [
    'a batch sums to another amount than it says',
    notification(entry({ details: '<Btch><TtlAmt Ccy="EUR">1.00</TtlAmt></Btch><TxDtls><Amt Ccy="EUR">0.99</Amt></TxDtls>' })),
    /Btch\/TtlAmt says 1.00/,
  ],
  ['a status report has no status', status('<OrgnlGrpInfAndSts><OrgnlMsgId>x</OrgnlMsgId></OrgnlGrpInfAndSts>'), /no status/],
  ['a payment status is unknown', status('<OrgnlGrpInfAndSts><OrgnlMsgId>x</OrgnlMsgId><GrpSts>HUHU</GrpSts></OrgnlGrpInfAndSts>'), /HUHU/],
]

describe('a file is refused whole when', () => {
  test.each(REFUSED)('%s', (_why, text, reason) => {
    expect(() => read(text)).toThrow(BankFileRefused)
    expect(() => read(text)).toThrow(reason)
  })
})

test('a refusal names the line and the element', () => {
  const lines = notification(`\n${entry()}\n${entry({ ref: 'A2', amount: '1.001' })}`)
  expect(() => read(lines)).toThrow('line 3, Ntry: amount "1.001" is more precise than a cent')
  const shape = notification(`\n${entry()}\n\n${entry({ ref: 'A2', side: 'BOTH' })}`)
  expect(() => read(shape)).toThrow('line 4, Ntry: CdtDbtInd: ')
})

function list() {
  const kept: BookedEntry[] = []
  return { add: (one: BookedEntry) => kept.push(one), [Symbol.iterator]: () => kept[Symbol.iterator]() }
}

test('a file is the same in pieces of any size, also cut within a character', () => {
  const details = '<TxDtls><RltdPties><Dbtr><Pty><Nm>Zoë &amp; Ülo</Nm></Pty></Dbtr></RltdPties></TxDtls>'
  const bytes = Buffer.from(statement('1.00', '3.00', entry({ details }) + entry({ ref: 'A2' })))
  const whole = readBankFile(bytes, { iban: IBAN, asset: EUR })
  for (const size of [1, 2, 7, 64]) {
    const reader = openFileReader({ iban: IBAN, asset: EUR, keep: list })
    for (let at = 0; at < bytes.length; at += size) reader.write(bytes.subarray(at, at + size))
    const file = reader.end()
    if (file.kind !== 'statement' || whole.kind !== 'statement') throw new Error('expected a statement')
    expect([...file.statements[0]!.entries]).toEqual([...whole.statements[0]!.entries])
  }
})

test('entries are handed over as they come, so that a statement may be larger than memory', () => {
  const kept = list()
  const reader = openFileReader({ iban: IBAN, asset: EUR, keep: () => kept })
  const [head = '', ...rest] = statement(
    '0.00',
    '1000.00',
    Array.from({ length: 1_000 }, (_, n) => entry({ ref: `A${n}` })).join(''),
  ).split(/(?=<Ntry>)/)
  reader.write(Buffer.from(head))
  for (const [n, one] of rest.entries()) {
    reader.write(Buffer.from(one))
    expect([...kept].length).toBeGreaterThanOrEqual(n)
  }
  expect(reader.end()).toMatchObject({ kind: 'statement', statements: [{ closing: 1_000_000_000n }] })
})

test('pending and informational entries are not booked', () => {
  expect(entriesOf(notification(entry({ sts: 'PDNG' }) + entry({ sts: 'INFO' }) + entry({ ref: 'A2' }))).map(({ key }) => key)).toEqual([
    'A2/CRDT/1000000',
  ])
})

test('an entry has the same key in a notification and in a statement, with and without a reference of the bank', () => {
  for (const ref of ['A1', '']) {
    const details = '<TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs><RmtInf><Ustrd>hello</Ustrd></RmtInf></TxDtls>'
    const file = read(statement('1.00', '2.00', entry({ ref, details })))
    if (file.kind !== 'statement') throw new Error('expected a statement')
    expect([...(file.statements[0]?.entries ?? [])]).toEqual(entriesOf(notification(entry({ ref, details }))))
  }
})

test('equal entries in one report are told apart', () => {
  const keys = entriesOf(notification(entry({ ref: '' }) + entry({ ref: '' }) + entry({ ref: '', amount: '2.00' }))).map(({ key }) => key)
  expect(new Set(keys).size).toBe(3)
})

test('a batch is booked part by part when its parts add up, and as one unnamed entry when they do not', () => {
  const [a, b] = [creditorReferenceOf('0x01'), creditorReferenceOf('0x02')]
  const part = (amount: string, reference: string) =>
    `<TxDtls><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><RmtInf><Strd><CdtrRefInf><Ref>${reference}</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>`
  const batch = (first: string) => entriesOf(notification(entry({ amount: '3.00', details: part(first, a) + part('2.00', b) })))[0]?.parts
  expect(batch('1.00')).toMatchObject([
    { units: 1_000_000n, reference: a },
    { units: 2_000_000n, reference: b },
  ])
  expect(batch('1.01')).toMatchObject([{ units: 3_000_000n }])
  expect(batch('1.01')?.[0]).not.toHaveProperty('reference')
})

test('a charge inside a debit is told apart from the payment', () => {
  const extra = '<Chrgs><Rcrd><Amt Ccy="EUR">0.20</Amt><CdtDbtInd>DBIT</CdtDbtInd><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>'
  const details = '<TxDtls><Refs><EndToEndId>at1</EndToEndId></Refs></TxDtls>'
  expect(entriesOf(notification(entry({ amount: '10.20', side: 'DBIT', extra, details })))[0]?.parts).toMatchObject([
    { units: 10_000_000n, charge: false, endToEndId: 'at1' },
    { units: 200_000n, charge: true, endToEndId: 'at1' },
  ])
})

test('a name with entities is read as it was meant', () => {
  const details = '<TxDtls><RltdPties><Dbtr><Pty><Nm>A &amp; B &#xE9; &#233; &lt;C&gt;</Nm></Pty></Dbtr></RltdPties></TxDtls>'
  expect(entriesOf(notification(entry({ details })))[0]?.parts[0]?.payer).toBe('A & B é é <C>')
})

test('a status is read at the level that speaks, and a duplicate is no rejection', () => {
  const group = (body = '') => `<OrgnlGrpInfAndSts><OrgnlMsgId>m</OrgnlMsgId>${body}</OrgnlGrpInfAndSts>`
  const reason = (code: string) => `<StsRsnInf><Rsn><Cd>${code}</Cd></Rsn></StsRsnInf>`
  const statuses = (text: string) => {
    const file = read(status(text))
    return file.kind === 'status' ? file.statuses : []
  }
  expect(statuses(group(`<GrpSts>RJCT</GrpSts>${reason('FF01')}`))).toEqual([{ state: 'rejected', code: 'FF01' }])
  expect(statuses(group(`<GrpSts>RJCT</GrpSts>${reason('DU01')}`))).toEqual([{ state: 'duplicate', code: 'DU01' }])
  const transaction = `<TxInfAndSts><OrgnlEndToEndId>e</OrgnlEndToEndId><TxSts>RJCT</TxSts>${reason('AC04')}</TxInfAndSts>`
  expect(
    statuses(`${group('<GrpSts>PART</GrpSts>')}<OrgnlPmtInfAndSts><OrgnlPmtInfId>p</OrgnlPmtInfId>${transaction}</OrgnlPmtInfAndSts>`),
  ).toEqual([{ state: 'rejected', code: 'AC04', endToEndId: 'e' }])
})

test('a return names the payment by whichever of its names the bank repeats, and why it came back', () => {
  const back = (refs: string) =>
    entriesOf(notification(entry({ details: `<TxDtls><Refs>${refs}</Refs><RtrInf><Rsn><Cd>AC01</Cd></Rsn></RtrInf></TxDtls>` })))[0]!
      .parts[0]
  expect(back('<EndToEndId>at1</EndToEndId>')).toMatchObject({ returned: true, endToEndId: 'at1', reason: 'AC01' })
  expect(back('<MsgId>at1</MsgId><EndToEndId>NOTPROVIDED</EndToEndId>')).toMatchObject({ returned: true, ourIds: ['at1'] })
  expect(back('<MsgId>THEIRS</MsgId><PmtInfId>at1</PmtInfId>')).toMatchObject({ ourIds: ['THEIRS', 'at1'] })
})
