import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import type { GasFigure } from '../bench/gas/gasFigure.ts'
import { readGasPage } from '../bench/gas/gasPage.ts'
import { measureGas } from '../bench/gas/measureGas.ts'
import { regressions } from '../bench/gas/regressions.ts'

const TRANSACTION_GAS_MAX = 16_777_216n

describe('the gas of the contracts', () => {
  const committed = readGasPage(readFileSync(new URL('../docs/gas.md', import.meta.url), 'utf8'))
  let measured: readonly GasFigure[]
  const gasOf = (id: string): bigint => measured.find((figure) => figure.id === id)!.gas
  beforeAll(async () => {
    measured = await measureGas()
  })

  test('is within half a per cent of docs/gas.md; `npm run bench:gas` writes it anew', () => {
    expect(committed.size).toBeGreaterThan(25)
    expect(regressions(committed, measured)).toEqual([])
  })

  test('of 1,200 vouchers fits into one transaction (EIP-7825)', () => {
    expect(gasOf('claimPacked-whole')).toBeLessThan(TRANSACTION_GAS_MAX)
  })

  test('of a claim grows by the length of its proof alone: 0.7 k a doubling of the payees', () => {
    expect(gasOf('claim-10000') - gasOf('claim-2')).toBeLessThan(13n * 700n)
  })
})

test('a regression is more than half a per cent, or a row that came or went', () => {
  const committed = new Map([
    ['pay', 10_000n],
    ['gone', 1n],
  ])
  const figure = (id: string, gas: bigint) => ({ id, gas, operation: '' })
  expect(regressions(committed, [figure('pay', 10_050n), figure('gone', 0n)])).toEqual([])
  expect(regressions(committed, [figure('pay', 10_051n), figure('new', 1n)])).toEqual([
    'gone is on the page and not measured',
    'pay uses 10051 gas, the page says 10000',
    'new is measured and not on the page',
  ])
})
