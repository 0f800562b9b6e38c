import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { EUR } from '../../gateway/money/asset.ts'
import { parseAmount, showMoney } from '../../gateway/money/money.ts'
import { feeListOf } from '../../gateway/payouts/schedules/schedule.ts'
import type { GatewayConfig } from '../config/config.ts'
import { bankFee, openFeeSchedules, scheduleProblems } from './feeSchedules.ts'

const NOW = Date.parse('2026-11-24T12:00:00Z')

function configOf(bank: object, feeSchedules?: string) {
  return { bank, feeSchedules } as GatewayConfig // The two fields that are read.
}

function ownFile(changes: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'fees-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const row = {
    schedule: 'house_bank',
    title: 'Ours',
    rail: 'bank',
    unit: 'EUR',
    from: '2026-01-01',
    until: '2026-12-31',
    source: 'Contract of 2026',
  }
  const file = join(folder, 'fees.json')
  writeFileSync(
    file,
    JSON.stringify({ schedules: [{ ...row, success: '99 %', scheme: 'sepa', fixed: '0.05 EUR', rate: '1 bps', ...changes }] }),
  )
  return file
}

test('a bank that names a list charges by it, and by its last row when that is over, which a person is told', () => {
  const config = configOf({ feeSchedule: 'house_bank' }, ownFile({}))
  const rows = openFeeSchedules(config, NOW)
  let now = NOW
  const fee = bankFee(config.bank!, rows, { now: () => now })
  expect(showMoney(fee(parseAmount('1000', EUR)))).toBe('0.15 EUR')
  expect(scheduleProblems(config, rows, now)).toEqual([])
  now = Date.parse('2027-01-01T00:00:00Z')
  expect(showMoney(fee(parseAmount('1000', EUR)))).toBe('0.15 EUR')
  expect(scheduleProblems(config, rows, now)).toMatchObject([
    { rail: 'bank', what: 'the list of fees has expired', detail: expect.stringContaining('2026-12-31') },
  ])
})

test('a bank with one sum charges it of every amount', () => {
  const config = configOf({ feeEur: '0.20' })
  const fee = bankFee(config.bank!, openFeeSchedules(config, NOW), { now: () => NOW })
  expect(['0.01', '9000'].map((amount) => showMoney(fee(parseAmount(amount, EUR))))).toEqual(['0.2 EUR', '0.2 EUR'])
})

test('the start is refused for a list that is not there, not of today, in another unit, or in a file that is not in order', () => {
  const start = (bank: object, file?: string) => () => openFeeSchedules(configOf(bank, file), NOW)
  expect(start({ feeSchedule: 'sepia' })).toThrow('has no list sepia')
  expect(start({ feeSchedule: 'rtp' })).toThrow('rtp, which is in USD')
  expect(start({ feeSchedule: 'house_bank' }, ownFile({ until: '2026-11-23' }))).toThrow('none is for today, 2026-11-24')
  expect(start({}, ownFile({ fixed: '5 cents' }))).toThrow('row 1 (house_bank from 2026-01-01)')
  expect(start({}, '/nowhere/fees.json')).toThrow('/nowhere/fees.json, which is not there')
})

test('a list that is set for a rail is there at the start, and a person is told when it is over', () => {
  const config = { ...configOf({}, ownFile({})), payouts: { feeLists: { 'evm:8453': 'house_bank', lightning: 'lightning' } } }
  const rows = openFeeSchedules(config, NOW)
  expect(scheduleProblems(config, rows, NOW)).toEqual([])
  expect(scheduleProblems(config, rows, Date.parse('2027-01-01T00:00:00Z'))).toMatchObject([
    { rail: 'evm:8453', detail: expect.stringContaining('house_bank ended on 2026-12-31') },
  ])
  const unknown = { ...config, payouts: { feeLists: { lightning: 'sepia' } } }
  expect(() => openFeeSchedules(unknown, NOW)).toThrow('has no list sepia')
  const listOf = feeListOf(rows, config.payouts.feeLists)
  expect([listOf('evm:8453', NOW)?.schedule, listOf('lightning', NOW)?.schedule, listOf('evm:1', NOW)]).toEqual([
    'house_bank',
    'lightning',
    undefined,
  ])
})
