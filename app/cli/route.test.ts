import { expect, test } from 'vitest'
import { openSuspenseCommand } from '../../test/payout/suspenseCommand.ts'
import { WrongWords } from './wrongWords.ts'

test('explains which of several rails would be taken, term by term, without paying', async () => {
  const w = await openSuspenseCommand('route')
  const party = w.source.slice('party:'.length)
  const head = w.books.head()
  const found = await w.run(
    'explain',
    '20',
    '--asset',
    'USDC',
    '--party',
    party,
    '--to',
    'DE89370400440532013000',
    '--to',
    'rtp',
    '--to',
    'usdc_base',
  )
  expect(found.code).toBe(0)
  expect(found.text).toMatch(
    /^20 USDC, worth 20 USD: expected to cost 0\.\d+ USD in full; the cheapest fee first 0\.\d+ USD\n1\. usdc_base \(USDC on Base/,
  )
  expect(found.text).toMatch(/\n2\. rtp \(RTP, the network’s own price\), good funds 20\d\d-.*\n {3}fee 0\.045, /)
  expect(found.text).toMatch(/\n\d\. bank, good funds/)
  expect(found.text).toMatch(/\nIf \w+ rose by 0\.\d+ USD, \w+ would be tried first\.$/)
  const none = await w.run('explain', '0.004', '--asset', 'EUR', '--party', party, '--to', 'DE89370400440532013000')
  expect(none.text).toBe(
    '0.004 EUR, worth 0.0044 USD: no way can pay it\n- bank\n   Impossible: 0.004 EUR is less than 0.01 EUR, the least that bank pays.',
  )
  expect(w.books.head()).toEqual(head)
})

test('refuses what is no place and no list, and what the gateway does not know', async () => {
  const w = await openSuspenseCommand('route')
  const party = w.source.slice('party:'.length)
  const explain = (...words: string[]) => w.run('explain', '20', '--asset', 'USDC', '--party', party, ...words)
  await expect(explain('--to', 'Nowhere Street 5')).rejects.toThrow(WrongWords)
  await expect(explain('--to', 'rtpp')).rejects.toThrow('There is no price list rtpp')
})
