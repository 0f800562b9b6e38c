import { expect, test } from 'vitest'
import { silence } from './silence.ts'

test('what is asked in a silence waits until it is ended, and blocks go on', async () => {
  const node = silence()
  expect(node.begin(60_000)).toBe(60_000)
  const order: string[] = []
  const asked = node.over('eth_blockNumber').then(() => order.push('answered'))
  await node.over('evm_mine')
  order.push('mined')
  expect(node.begin(0)).toBe(0)
  order.push('ended')
  await asked
  expect(order).toEqual(['mined', 'ended', 'answered'])
  await node.over('eth_blockNumber')
})

test('a silence ends by itself, and a shorter one takes the place of a longer one', async () => {
  const node = silence()
  node.begin(60_000)
  node.begin(1)
  await node.over('eth_blockNumber')
})

test.each([[-1], [60_001], [1.5], ['5'], [undefined]])('%s ms is no silence', (ms) => {
  expect(() => silence().begin(ms)).toThrow('world_silence takes 0 to 60000 ms')
})
