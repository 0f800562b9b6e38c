import { describe, expect, test } from 'vitest'
import { isGatewayError } from '../errors/gatewayError.ts'
import type { Hex } from '../ports/ids.ts'
import { checkSplitTable, PAYEES_MAX, type Payee, type SplitTable, TOTAL_SHARES_MAX } from './splitTable.ts'

const account = (n: number): Hex => `0x${n.toString(16).padStart(40, '0')}`
const payees = (count: number): Payee[] => Array.from({ length: count }, (_, i) => ({ account: account(i + 1), shares: 1n }))

function refusal(table: SplitTable): string {
  try {
    checkSplitTable(table)
  } catch (error) {
    if (isGatewayError(error)) return `${error.code}: ${error.shortMessage}`
    throw error
  }
  return 'accepted'
}

describe('a split table', () => {
  test.each([
    ['no payees', { payees: [] }, 'invalid_split: a split needs at least one payee'],
    ['one payee too many', { payees: payees(PAYEES_MAX + 1) }, 'invalid_split: 201 payees are more than the 200 a split may have'],
    [
      'a payee without shares',
      { payees: [...payees(1), { account: account(9), shares: 0n }] },
      `invalid_split: payee 2 (${account(9)}) has 0 shares; at least 1 is needed`,
    ],
    [
      'negative shares',
      { payees: [{ account: account(9), shares: -5n }] },
      `invalid_split: payee 1 (${account(9)}) has -5 shares; at least 1 is needed`,
    ],
    [
      'the zero address',
      { payees: [{ account: account(0), shares: 1n }] },
      'invalid_split: payee 1 is the zero address, which can not be paid',
    ],
    [
      'a short address',
      { payees: [{ account: '0x1234', shares: 1n }] },
      'invalid_split: payee 1 (0x1234) is not an EVM address, or its checksum is wrong',
    ],
    [
      'a total over 2^96',
      { payees: [...payees(1), { account: account(9), shares: TOTAL_SHARES_MAX }] },
      `invalid_split: the shares sum to ${TOTAL_SHARES_MAX + 1n}, which is over 2^96`,
    ],
    ['too much metadata', { payees: payees(1), metadata: 'é'.repeat(2049) }, 'invalid_split: the metadata is over 4096 bytes'],
  ] satisfies [string, SplitTable, string][])('with %s is refused', (_, table, message) => {
    expect(refusal(table)).toBe(message)
  })

  test('with one account in two spellings names both places', () => {
    const lower: Hex = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'
    const mixed: Hex = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
    const table = { payees: [...payees(2), { account: lower, shares: 1n }, { account: mixed, shares: 2n }] }
    expect(refusal(table)).toBe(`invalid_split: payee 4 (${mixed}) is the same account as payee 3`)
  })

  test('at every limit is accepted', () => {
    expect(refusal({ payees: payees(PAYEES_MAX) })).toBe('accepted')
    expect(refusal({ payees: [{ account: account(1), shares: TOTAL_SHARES_MAX }], metadata: 'é'.repeat(2048) })).toBe('accepted')
  })
})
