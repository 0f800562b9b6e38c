import { expect, test } from 'vitest'
import { readBai2 } from './bai2.ts'

const GOOD = `01,121042882,SWITCHYARD,261127,2359,1,,,2/
02,SWITCHYARD,121042882,1,261127,2359,USD,2/
03,1000000001,USD,010,+500000,,,015,+498000,,/
16,466,3000,0,B1,F1-1,ACH SETTLEMENT, WITH A
88,COMMA/
16,257,1000,V,261127,,B2,A1B2C3,ACH RETURN R03
49,+1002000,5/
98,+1002000,1,7/
99,+1002000,1,9/
`

test('balances and bookings are read, also with continued text and other kinds of availability', () => {
  const { createdAt, accounts } = readBai2(GOOD)
  expect([createdAt, accounts.length, accounts[0]?.interim]).toEqual(['2026-11-27T23:59:00', 1, false])
  expect(accounts[0]).toMatchObject({ account: '1000000001', currency: 'USD', asOf: '2026-11-27', opening: 500_000n, closing: 498_000n })
  expect(accounts[0]?.entries).toEqual([
    { type: '466', cents: 3_000n, bankReference: 'B1', customerReference: 'F1-1', text: 'ACH SETTLEMENT, WITH A,COMMA' },
    { type: '257', cents: 1_000n, bankReference: 'B2', customerReference: 'A1B2C3', text: 'ACH RETURN R03' },
  ])
})

test.each([
  ['a total of an account that is wrong', ['49,+1002000', '49,+1002001'], 'line 7, control total: 1002001 where 1002000 must be'],
  ['a count of an account that is wrong', ['0,5/', '0,4/'], 'line 7, number of records: 4 where 5 must be'],
  ['a group with more accounts', ['98,+1002000,1', '98,+1002000,2'], 'line 8, count: 2 where 1 must be'],
  ['a file total that is wrong', ['99,+1002000', '99,-1002000'], 'line 9, control total: -1002000 where 1002000 must be'],
  ['letters in an amount', ['16,466,3000', '16,466,30.00'], 'line 4, amount: "30.00" is not an amount in cents'],
  ['a date that is none', ['1,261127,2359,USD', '1,261327,2359,USD'], 'line 2, as-of date: "261327" is not a date'],
  [
    'a booking outside of an account',
    ['03,1000000001,USD,010,+500000,,,015,+498000,,/\n', ''],
    'line 3, record: a record 16 may not be here',
  ],
  ['another file', ['01,121042882', '02,121042882'], 'line 1, record: the file does not begin with 01'],
  // It would be read for ever: the second one leads back to the first.
  ['days that lead back', ['010,+500000,,,015,+498000,,/', '010,100,,D,-1,,D,-4/'], 'line 3, funds type D: "-1" is no number of days'],
  ['a file that was cut off', ['99,+1002000,1,9/\n', ''], 'record: the file ends before its trailer 99'],
])('%s is refused whole, with its line', (_, [from, to], reason) => {
  expect(() => readBai2(GOOD.replace(from!, to!))).toThrow(reason)
})
