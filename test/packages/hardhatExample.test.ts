import { expect, test } from 'vitest'

test('the example of Hardhat pays a split of nine dollars, and both payees withdraw', async () => {
  const { withdrawn } = await import('../../examples/hardhat/split.ts')
  expect(withdrawn).toEqual({ author: '6', editor: '3' })
})
