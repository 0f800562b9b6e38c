import { expect, test } from 'vitest'
import { type OrderFile, readOrderFile } from './orders.ts'

const OWN = 'DE93999999990000000001'
const GOOD = `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-20T10:00:00Z</CreDtTm><NbOfTxs>1</NbOfTxs><CtrlSum>12.30</CtrlSum><InitgPty><Nm>Payer</Nm></InitgPty></GrpHdr>
<PmtInf><PmtInfId>P1</PmtInfId><PmtMtd>TRF</PmtMtd><NbOfTxs>1</NbOfTxs><CtrlSum>12.30</CtrlSum>
<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf><ReqdExctnDt><Dt>2026-11-20</Dt></ReqdExctnDt>
<Dbtr><Nm>Payer</Nm><PstlAdr><TwnNm>Berlin</TwnNm><Ctry>DE</Ctry></PstlAdr></Dbtr><DbtrAcct><Id><IBAN>${OWN}</IBAN></Id></DbtrAcct>
<DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt><ChrgBr>SLEV</ChrgBr>
<CdtTrfTxInf><PmtId><EndToEndId>E1</EndToEndId></PmtId><Amt><InstdAmt Ccy="EUR">12.30</InstdAmt></Amt>
<Cdtr><Nm>Payee &amp; Co</Nm></Cdtr><CdtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></CdtrAcct><RmtInf><Ustrd>thanks</Ustrd></RmtInf></CdtTrfTxInf>
</PmtInf></CstmrCdtTrfInitn></Document>`

const read = (text: string, date = '2026-11-20') => readOrderFile(text, { iban: OWN, date, isDuplicate: (id) => id === 'M0' })
const codesOf = (file: OrderFile) => (file.refusal ? [file.refusal.code] : file.orders.map(({ refusal }) => refusal?.code))

test('a good file is one order without a refusal', () => {
  expect(read(GOOD)).toEqual({
    messageId: 'M1',
    orders: [
      {
        order: {
          messageId: 'M1',
          instructionId: 'P1',
          endToEndId: 'E1',
          cents: 1230n,
          name: 'Payee & Co',
          iban: 'DE89370400440532013000',
          remittance: { text: 'thanks' },
        },
      },
    ],
  })
})

test.each<[string, string, string | RegExp, string]>([
  ['a cut file', 'FF01', /<\/PmtInf>[\s\S]*/, ''],
  ['an unknown message', 'FF01', 'pain.001.001.09', 'pain.001.001.03'],
  ['a DOCTYPE', 'FF01', '?>', '?><!DOCTYPE d []>'],
  ['an entity nobody defined', 'FF01', '&amp;', '&lol;'],
  ['an attribute twice', 'FF01', 'Ccy="EUR"', 'Ccy="EUR" Ccy="EUR"'],
  ['text between elements', 'FF01', '<PmtInf>', '<PmtInf>x'],
  ['a missing element', 'FF01', /<EndToEndId>.*<\/EndToEndId>/, ''],
  ['elements in the wrong order', 'FF01', /(<PmtInfId>P1<\/PmtInfId>)(<PmtMtd>TRF<\/PmtMtd>)/, '$2$1'],
  ['an element twice', 'FF01', '<ChrgBr>SLEV</ChrgBr>', '<ChrgBr>SLEV</ChrgBr><ChrgBr>SLEV</ChrgBr>'],
  ['an unknown element', 'FF01', '<ChrgBr>', '<Extra>1</Extra><ChrgBr>'],
  ['an underscore in an id', 'FF01', '>E1<', '>E_1<'],
  ['a name of 71 characters', 'FF01', 'Payee &amp; Co', 'x'.repeat(71)],
  ['parts of a cent', 'FF01', 'Ccy="EUR">12.30', 'Ccy="EUR">12.305'],
  ['a MsgId used before', 'DU01', '>M1<', '>M0<'],
  [
    'a wrong number of transactions',
    'AM18',
    '<NbOfTxs>1</NbOfTxs><CtrlSum>12.30</CtrlSum><InitgPty>',
    '<NbOfTxs>2</NbOfTxs><CtrlSum>12.30</CtrlSum><InitgPty>',
  ],
  ['a wrong control sum', 'AM10', '<CtrlSum>12.30</CtrlSum>\n<PmtTpInf>', '<CtrlSum>12.31</CtrlSum>\n<PmtTpInf>'],
  ['an account of somebody else', 'AC02', OWN, 'DE89370400440532013000'],
  ['another currency', 'AM03', 'Ccy="EUR"', 'Ccy="USD"'],
  ['a mistyped IBAN', 'AC03', 'DE89370400440532013000', 'DE89370400440532013001'],
  ['a debtor address without a country', 'BE07', '<Ctry>DE</Ctry>', ''],
  ['a debtor address of lines only', 'BE07', '<TwnNm>Berlin</TwnNm><Ctry>DE</Ctry>', '<AdrLine>Street 1, Berlin</AdrLine>'],
  ['a creditor address of lines only', 'BE04', '<Nm>Payee &amp; Co</Nm>', '<Nm>Payee</Nm><PstlAdr><AdrLine>Street 1</AdrLine></PstlAdr>'],
])('%s is refused with %s', (_what, code, from, to) => {
  const text = GOOD.replace(from, to)
  expect(text).not.toBe(GOOD)
  expect(codesOf(read(text))).toEqual([code])
})

test('an amount of zero is refused with AM01', () => {
  expect(codesOf(read(GOOD.replaceAll('12.30', '0.00')))).toEqual(['AM01'])
})

test('an address of lines alone is refused from the day on which SEPA does, and an instant order is known by its instrument', () => {
  const lines = GOOD.replace(
    '<TwnNm>Berlin</TwnNm><Ctry>DE</Ctry>',
    '<Ctry>DE</Ctry><AdrLine>Somewhere 1</AdrLine><AdrLine>Berlin</AdrLine>',
  )
  expect(codesOf(read(lines, '2026-11-14'))).toEqual([undefined])
  expect(codesOf(read(lines, '2026-11-15'))).toEqual(['BE07'])
  const hybrid = GOOD.replace('<Ctry>DE</Ctry>', `<Ctry>DE</Ctry>${'<AdrLine>Somewhere 1</AdrLine>'.repeat(2)}`)
  expect(codesOf(read(hybrid))).toEqual([undefined])
  expect(codesOf(read(hybrid.replace('<AdrLine>', '<AdrLine>x</AdrLine><AdrLine>')))).toEqual(['BE07'])
  const instant = read(GOOD.replace('</SvcLvl>', '</SvcLvl><LclInstrm><Cd>INST</Cd></LclInstrm>'))
  expect(instant.orders.map(({ order }) => order.instant)).toEqual([true])
})
