import { expect, test } from 'vitest'
import type { ReadInvoice } from '../../gateway/ports/invoiceReader.ts'
import { rememberReads } from './rememberReads.ts'

/** A reader that takes every text that begins with `ln`, and what it was asked. */
function countingReader() {
  const asked: string[] = []
  const read = (text: string): ReadInvoice | string => {
    asked.push(text)
    if (!text.startsWith('ln')) return 'no invoice'
    const unused = { network: 'regtest', payeeNodeId: '02', amountMsat: 1n, description: '', descriptionHash: undefined } as const
    return { ...unused, paymentHash: text, finalCltvBlocks: 18, createdAt: 0, expiresAt: 1 }
  }
  return { asked, read }
}

test('an invoice that is good is judged once', () => {
  const { asked, read } = countingReader()
  const remembering = rememberReads(read)
  const first = remembering('ln1')
  expect(first).toMatchObject({ paymentHash: 'ln1' })
  expect(remembering('ln1')).toBe(first)
  expect(asked).toEqual(['ln1'])
})

test('what was read can not be changed by one of its readers', () => {
  const invoice = rememberReads(countingReader().read)('ln1')
  expect(() => Object.assign(invoice as object, { amountMsat: 2n })).toThrow(TypeError)
})

test('a text that differs in one letter is another invoice', () => {
  const { asked, read } = countingReader()
  const remembering = rememberReads(read)
  expect(remembering('ln1')).not.toEqual(remembering('LN1'))
  expect(asked).toEqual(['ln1', 'LN1'])
})

test('what is no invoice takes no place', () => {
  const { asked, read } = countingReader()
  const remembering = rememberReads(read, 1)
  remembering('ln1')
  for (const text of ['a', 'b', 'a']) expect(remembering(text)).toBe('no invoice')
  remembering('ln1')
  expect(asked).toEqual(['ln1', 'a', 'b', 'a'])
})

test('no more than the newest are remembered', () => {
  const { asked, read } = countingReader()
  const remembering = rememberReads(read, 2)
  for (const text of ['ln1', 'ln2', 'ln3', 'ln3', 'ln2', 'ln1']) remembering(text)
  expect(asked).toEqual(['ln1', 'ln2', 'ln3', 'ln1'])
})
