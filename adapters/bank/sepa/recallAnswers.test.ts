import { describe, expect, onTestFinished, test } from 'vitest'
import { EUR } from '../../../gateway/money/asset.ts'
import { applyBankFile } from '../files/apply.ts'
import { BankFileRefused } from '../files/bankFileRefused.ts'
import { BankFileToCome } from '../files/bankFileToCome.ts'
import { openStore } from '../files/store.ts'
import { reasonMeaning } from './reasonCodes.ts'
import { answerWords } from './recallAnswerCodes.ts'
import { readBankFile } from './translate.ts'

const IBAN = 'DE93999999990000000001'
const NOW = Date.parse('2026-11-24T12:00:00Z')
const CREATED = '<CreDtTm>2026-11-24T10:00:00Z</CreDtTm>'
const document = (message: string, body: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:${message}">${body}</Document>`
const resolution = (body: string, version = '09') =>
  document(`camt.029.001.${version}`, `<RsltnOfInvstgtn><Assgnmt><Id>A1</Id>${CREATED}</Assgnmt>${body}</RsltnOfInvstgtn>`)
const why = (code: string) => `<CxlStsRsnInf><Rsn><Cd>${code}</Cd></Rsn><AddtlInf>so it is</AddtlInf></CxlStsRsnInf>`
const transaction = (name: string, status: string, more = '') =>
  `<TxInfAndSts><CxlStsId>X1</CxlStsId>${more}<OrgnlEndToEndId>${name}</OrgnlEndToEndId><TxCxlSts>${status}</TxCxlSts>`
const answer = (name: string, status: string, code = '') =>
  resolution(`<Sts><Conf>RJCR</Conf></Sts><CxlDtls>${transaction(name, status)}${code ? why(code) : ''}</TxInfAndSts></CxlDtls>`)
const returned = (count: string, sum: string) =>
  document(
    'pacs.004.001.09',
    `<PmtRtr><GrpHdr><MsgId>M1</MsgId>${CREATED}<NbOfTxs>${count}</NbOfTxs><TtlRtrdIntrBkSttlmAmt Ccy="EUR">${sum}</TtlRtrdIntrBkSttlmAmt></GrpHdr>` +
      '<TxInf><OrgnlEndToEndId>at1</OrgnlEndToEndId><RtrdIntrBkSttlmAmt Ccy="EUR">12.30</RtrdIntrBkSttlmAmt>' +
      '<RtrRsnInf><Rsn><Cd>FOCR</Cd></Rsn></RtrRsnInf></TxInf></PmtRtr>',
  )
const entry = (reason: string) =>
  document(
    'camt.054.001.08',
    `<BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>M2</MsgId>${CREATED}</GrpHdr><Ntfctn><Id>N1</Id><Acct><Id><IBAN>${IBAN}</IBAN></Id></Acct>` +
      '<Ntry><Amt Ccy="EUR">12.30</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-24</Dt></BookgDt>' +
      '<AcctSvcrRef>B9</AcctSvcrRef><BkTxCd></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>at1</EndToEndId></Refs>' +
      `<RtrInf><Rsn><Cd>${reason}</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn>`,
  )

/** Two payments that the bank has booked; the first was asked back. */
function world() {
  const store = openStore(':memory:', IBAN)
  onTestFinished(() => store.close())
  for (const n of [1, 2]) {
    const about = { units: 12_300_000n, fee: 0n, iban: 'DE89370400440532013000', name: 'Y', document: '', createdAt: 1 }
    store.addPayment({ attemptId: `at_${n}`, endToEndId: `at${n}`, ...about })
    store.setBooked(`at_${n}`, `B${n}`, 1, 'hash')
  }
  const asked = { attemptId: 'at_1', reason: 'CUST', document: '', askedAt: 1, answerBy: 10 }
  store.addRecall({ id: 'rcl_1', name: 'rcl1', ...asked })
  store.setRecallSent('rcl_1', 1)
  let files = 0
  return {
    store,
    asked,
    says(text: string): void {
      const file = readBankFile(Buffer.from(text), { iban: IBAN, asset: EUR })
      store.transaction(() => applyBankFile(store, file, { hash: `hash${++files}`, meaningOf: reasonMeaning, now: NOW }))
    },
    stands: () => {
      const { answer: said, code } = store.recall('rcl_1')!
      return [said, code]
    },
    problems: () => store.problems().map(({ what }) => what),
  }
}

describe('an answer to a recall', () => {
  test.each([
    ['RJCR', 'refused'],
    ['PDCR', 'pending'],
    ['ACCR', 'accepted'],
  ])('of a transaction that is %s is %s', (status, said) => {
    const w = world()
    w.says(answer('at1', status, 'LEGL'))
    expect(w.stands()).toEqual([said, 'LEGL'])
    expect(w.store.recall('rcl_1')?.detail).toBe('so it is')
    expect(w.problems()).toEqual([])
  })

  test.each([
    ['of the case alone', `<RslvdCase><Id>rcl1</Id></RslvdCase><Sts><Conf>RJCR</Conf></Sts>`, '03'],
    [
      'of a group',
      `<RslvdCase><Id>rcl1</Id></RslvdCase><Sts><Conf>PDCR</Conf></Sts><CxlDtls><OrgnlGrpInfAndSts><OrgnlMsgId>m</OrgnlMsgId><GrpCxlSts>RJCR</GrpCxlSts></OrgnlGrpInfAndSts></CxlDtls>`,
      '09',
    ],
    [
      'inside the order that it was of',
      `<Sts><Conf>RJCR</Conf></Sts><CxlDtls><OrgnlPmtInfAndSts><OrgnlPmtInfId>p</OrgnlPmtInfId><TxInfAndSts><OrgnlEndToEndId>at1</OrgnlEndToEndId></TxInfAndSts></OrgnlPmtInfAndSts></CxlDtls>`,
      '12',
    ],
  ])('%s is read', (_, body, version) => {
    const w = world()
    w.says(resolution(body, version))
    expect(w.stands()).toEqual(['refused', null])
  })

  test('goes on from pending, ends once, and a later word is for a person alone where it says otherwise', () => {
    const w = world()
    w.says(answer('at1', 'PDCR'))
    w.says(answer('at1', 'RJCR', 'NOAS'))
    expect(w.stands()).toEqual(['refused', 'NOAS'])
    w.says(answer('at1', 'RJCR', 'NOAS'))
    w.says(answer('at1', 'PDCR'))
    expect(w.problems()).toEqual([])
    w.says(answer('at1', 'ACCR'))
    expect(w.stands()).toEqual(['refused', 'NOAS'])
    expect(w.problems()).toEqual(['the bank answers a recall twice, and otherwise'])
  })

  test('to what nobody asked is for a person, and changes nothing', () => {
    const w = world()
    w.says(answer('at2', 'RJCR'))
    w.says(answer('at77', 'RJCR'))
    w.says(resolution('<RslvdCase><Id>rcl77</Id></RslvdCase><Sts><Conf>CNCL</Conf></Sts>'))
    expect(w.stands()).toEqual([null, null])
    expect(w.problems()).toEqual(Array.from({ length: 3 }, () => 'the bank answers what nobody here has asked back'))
  })

  test('without its case is to the newest recall of the payment', () => {
    const w = world()
    w.says(answer('at1', 'RJCR', 'CUST'))
    w.store.addRecall({ id: 'rcl_2', name: 'rcl2', ...w.asked, askedAt: 2 })
    w.says(answer('at1', 'RJCR', 'LEGL'))
    expect([w.stands(), w.store.recall('rcl_2')?.code]).toEqual([['refused', 'CUST'], 'LEGL'])
  })

  test.each<[string, string, RegExp]>([
    ['has a status that is not known', answer('at1', 'MODI'), /"MODI"/],
    ['names nothing', resolution('<Sts><Conf>RJCR</Conf></Sts>'), /neither/],
    ['names no payment', answer('at1', 'RJCR').replace('<OrgnlEndToEndId>at1</OrgnlEndToEndId>', ''), /neither/],
    [
      'names a case of another payment',
      resolution(
        `<Sts><Conf>RJCR</Conf></Sts><CxlDtls>${transaction('at2', 'RJCR', '<RslvdCase><Id>rcl1</Id></RslvdCase>')}</TxInfAndSts></CxlDtls>`,
      ),
      /another payment/,
    ],
    [
      'counts other than it lists',
      answer('at1', 'RJCR').replace(
        '<CxlDtls>',
        '<CxlDtls><OrgnlGrpInfAndSts><NbOfTxsPerCxlSts><DtldNbOfTxs>2</DtldNbOfTxs><DtldSts>RJCR</DtldSts></NbOfTxsPerCxlSts></OrgnlGrpInfAndSts>',
      ),
      /says 2 with RJCR, there are 1/,
    ],
    ['has entities', answer('at1', 'RJCR').replace('?>', '?><!DOCTYPE d [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>'), /DOCTYPE/],
    ['is cut', answer('at1', 'RJCR').slice(0, -30), /well-formed/],
    ['is of a version that nobody knows', answer('at1', 'RJCR').replace('001.09', '001.99'), /camt.029/],
    ['is a return with a wrong count', returned('2', '12.30'), /NbOfTxs says 2/],
    ['is a return with a wrong sum', returned('1', '12.31'), /12.31/],
  ])('refuses its file whole when it %s', (_, text, reason) => {
    const w = world()
    expect(() => w.says(text)).toThrow(BankFileRefused)
    expect(() => w.says(text)).toThrow(expect.objectContaining({ reason: expect.stringMatching(reason) }))
    expect([w.stands(), w.problems()]).toEqual([[null, null], []])
  })
})

test('a file of a day far ahead waits, and says nothing yet', () => {
  const w = world()
  expect(() => w.says(answer('at1', 'RJCR').replace('2026-11-24', '2026-12-24'))).toThrow(BankFileToCome)
  expect([w.stands(), w.problems()]).toEqual([[null, null], []])
})

test('money that comes back is booked as any return, and its recall says so, also after it was refused', () => {
  const w = world()
  w.says(answer('at1', 'RJCR', 'CUST'))
  w.says(returned('1', '12.30'))
  expect(w.store.recall('rcl_1')?.returnedAt).toBe(null)
  w.says(entry('FOCR'))
  expect(w.store.entriesAfter(0, 9)).toMatchObject([{ kind: 'returned', attemptId: 'at_1', reason: 'FOCR', units: 12_300_000n }])
  expect(w.store.recall('rcl_1')).toMatchObject({ answer: 'refused', returnedAt: Date.parse('2026-11-24T10:00:00Z') })
  expect(w.problems()).toEqual([])
})

test('each refusal is said in plain words, and one that is not known is said to be', () => {
  const words = (code: string | null) => answerWords({ answer: 'refused', code })
  const known = ['AC04', 'AGNT', 'AM04', 'ARDT', 'CUST', 'LEGL', 'NOAS', 'NOOR', 'NARR']
  expect(new Set(known.map(words)).size).toBe(known.length)
  expect([words('ZZZZ'), words(null)]).toEqual(Array.from({ length: 2 }, () => 'refused for a reason that is not known here'))
})
