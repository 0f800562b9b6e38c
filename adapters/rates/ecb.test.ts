import { expect, test } from 'vitest'
import { readDays } from './ecb.ts'

const file = (cubes: string, before = '<?xml version="1.0" encoding="UTF-8"?>') => `${before}
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
	<gesmes:subject>Reference rates</gesmes:subject>
	<gesmes:Sender>
		<gesmes:name>European Central Bank</gesmes:name>
	</gesmes:Sender>
	<Cube>
${cubes}
	</Cube>
</gesmes:Envelope>`
const of = (date: string, rows: string) => `<Cube time='${date}'>${rows}</Cube>`
const USD = "<Cube currency='USD' rate='1.1525'/>"

test('rates of days are read as they are written, to the last digit', () => {
  const days = readDays(file(of('2026-11-24', `${USD}<Cube currency='JPY' rate='180.03'/>`) + of('2026-11-23', USD)))!
  expect(days.map(({ date, perEuro }) => [date, [...perEuro]])).toEqual([
    [
      '2026-11-24',
      [
        ['USD', { num: 461n, den: 400n }],
        ['JPY', { num: 18_003n, den: 100n }],
      ],
    ],
    ['2026-11-23', [['USD', { num: 461n, den: 400n }]]],
  ])
})

test.each([
  ['a page of words', '<!doctype html><title>Just a moment</title>'],
  ['a cut file', file(of('2026-11-24', USD)).slice(0, -30)],
  ['an entity that is declared', file(of('2026-11-24', USD), '<!DOCTYPE x [<!ENTITY e "1.2">]>')],
  ['an entity that is used', file(of('2026-11-24', "<Cube currency='USD' rate='&e;'/>"))],
  ['no day', file('')],
  ['a day without rates', file(of('2026-11-24', ''))],
  ['a day that is none', file(of('2026-02-30', USD))],
  ['the same day twice', file(of('2026-11-24', USD) + of('2026-11-24', USD))],
  ['one currency twice', file(of('2026-11-24', USD + USD))],
  ['a rate of zero', file(of('2026-11-24', "<Cube currency='USD' rate='0'/>"))],
  ['a rate below zero', file(of('2026-11-24', "<Cube currency='USD' rate='-1.1'/>"))],
  ['a rate with a comma', file(of('2026-11-24', "<Cube currency='USD' rate='1,15'/>"))],
  ['a rate that is not known', file(of('2026-11-24', "<Cube currency='USD' rate='N/A'/>"))],
  ['what is empty', ''],
])('%s is no file of rates', (_, text) => {
  expect(readDays(text)).toBeUndefined()
})
