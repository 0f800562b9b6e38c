import { expect, test } from 'vitest'
import { bars, flows, line, slicesOf } from './charts.ts'

const at = (minute: number) => new Date(1_800_000_000_000 + minute * 60_000).toISOString()

test('rows fall into slices of time by name, and nothing of them is lost', () => {
  const rows = [0, 1, 2, 9, 10].map((minute) => ({ at: at(minute), name: minute > 5 ? 'bank' : 'lightning', units: 10n }))
  const slices = slicesOf(rows, 5)
  expect(slices.map(({ parts }) => parts)).toEqual([{ lightning: 20n }, { lightning: 10n }, {}, {}, { bank: 20n }])
  expect(slicesOf([], 5)).toEqual([])
  expect(slicesOf(rows.slice(0, 1), 5)[0]!.parts).toEqual({ lightning: 10n })
})

test('a picture says in words what it shows, and there is none where there is nothing', () => {
  const slices = slicesOf([{ at: at(0), name: '<x>', units: 10n ** 18n }], 3)
  const rowsOf = (name: string) => `/rows?rail=${encodeURIComponent(name)}&a="`
  const { html } = flows(slices, { label: 'In', names: ['<x>'], unit: 'USD', rowsOf })
  expect(html).toContain('the tallest 1 USD')
  expect(html).toContain('<a href="/rows?rail=%3Cx%3E&amp;a=&quot;">&lt;x&gt;: 1 USD</a>')
  expect(html).not.toMatch(/<x>|style=|NaN/)
  expect(flows([], { label: 'In', names: [], unit: 'USD', rowsOf }).html).toBe('')
  expect(bars('b', [{ name: 'n', units: 0n, shown: '0' }]).html).toBe('')
  expect(bars('b', [{ name: 'n', units: 5n, shown: '5' }]).html).toContain('width="1000"')
})

test('a balance is a line of steps from its oldest to its newest value', () => {
  expect(line('l', [0n, 10n, 5n], 'X').html).toContain('points="0,240 500,240 500,0 1000,0 1000,120"')
  expect(line('l', [5n], 'X').html).toBe('')
  expect(line('l', [5n, 5n], 'X').html).toContain('<polyline')
})
