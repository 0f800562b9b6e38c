import { expect, test } from 'vitest'
import { evmRail, isChosen, railKind } from './railName.ts'

test('a chain is a rail of its own, of the kind evm', () => {
  expect(evmRail(8453)).toBe('evm:8453')
  expect((['evm:8453', 'lightning', 'bank', 'book', 'evm'] as const).map(railKind)).toEqual(['evm', 'lightning', 'bank', 'book', 'evm'])
  expect(railKind('custom:mobile-money')).toBe('custom')
})

test('a kind chooses all its rails, a name only itself', () => {
  expect([isChosen('evm:1', 'evm'), isChosen('evm:1', 'evm:1'), isChosen('evm:10', 'evm:1'), isChosen('evm:1', 'evm:10')]).toEqual([
    true,
    true,
    false,
    false,
  ])
  expect([isChosen('custom:a', 'custom'), isChosen('custom:a', 'custom:a'), isChosen('custom:a', 'custom:ab')]).toEqual([true, true, false])
  expect([isChosen('bank', 'bank'), isChosen('bank', 'evm'), isChosen('lightning', 'evm:1')]).toEqual([true, false, false])
})
