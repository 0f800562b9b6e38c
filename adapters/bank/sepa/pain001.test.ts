import { expect, test } from 'vitest'
import { EUR } from '../../../gateway/money/asset.ts'
import { money } from '../../../gateway/money/money.ts'
import { type OwnAccount, ownAddress } from './ownAddress.ts'
import { type Service, writePain001, writeTransfer } from './pain001.ts'

const ACCOUNT: OwnAccount = { iban: 'DE93999999990000000001', name: 'Yard', townName: 'Berlin', country: 'DE' }
const LINES: OwnAccount = { iban: ACCOUNT.iban, name: 'Yard', country: 'DE', addressLines: ['Somewhere 1', '10115 Berlin'] }
const BEFORE = '2026-11-13'
const SINCE = '2026-11-15'

function written(account: OwnAccount, executeOn: string, service: Service = 'ordinary'): string {
  const amount = money(EUR, 1_000_000n)
  const transfers = [writeTransfer({ id: 'at1', amount, iban: 'DE89370400440532013000', name: 'Payee', reference: 'r' })]
  return writePain001({ id: 'at1', sum: amount, transfers, createdAt: Date.parse(`${executeOn}T10:00:00Z`), executeOn, service }, account)
}

test('an instant order is of the same service level and says so by its local instrument', () => {
  expect(written(ACCOUNT, SINCE, 'instant')).toMatch(/<Cd>SEPA<\/Cd>\s*<\/SvcLvl>\s*<LclInstrm>\s*<Cd>INST<\/Cd>/)
  expect(written(ACCOUNT, SINCE)).not.toContain('LclInstrm')
})

test('an address of lines alone may stand in a file until 2026-11-14, and no file with it is written since', () => {
  expect(written(LINES, BEFORE)).toMatch(/<Ctry>DE<\/Ctry>\s*<AdrLine>Somewhere 1<\/AdrLine>\s*<AdrLine>10115 Berlin<\/AdrLine>/)
  expect(ownAddress(LINES, SINCE)).toEqual({ refused: expect.stringContaining('which SEPA refuses since 2026-11-15') })
  expect(() => written(LINES, SINCE)).toThrow('refused before')
})

test('lines stand beside town and country, two at most, on any day', () => {
  const hybrid = { ...LINES, townName: 'Berlin' }
  for (const day of [BEFORE, SINCE]) expect(written(hybrid, day)).toMatch(/<TwnNm>Berlin<\/TwnNm>\s*<Ctry>DE<\/Ctry>\s*<AdrLine>/)
  expect(ownAddress({ ...hybrid, addressLines: ['1', '2', '3'] }, SINCE)).toEqual({ refused: expect.stringContaining('at most 2 lines') })
})
