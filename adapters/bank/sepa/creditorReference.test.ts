import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { creditorReferenceOf, findReference, isCreditorReference } from './creditorReference.ts'

const isDigit = (character: string) => /\d/.test(character)
const ref = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes): Hex => `0x${Buffer.from(bytes).toString('hex')}`)

test('published ISO 11649 references are valid, and mistyped ones are not', () => {
  for (const text of ['RF18539007547034', 'RF471234567890', 'RF712348231']) expect(isCreditorReference(text)).toBe(true)
  for (const text of ['RF19539007547034', 'RF18539007547043', 'rf18539007547034', 'RF18', 'RF1853900754703453900754703'])
    expect(isCreditorReference(text)).toBe(false)
})

test('a reference is found whatever blanks, case and words a payer puts around it', () => {
  fc.assert(
    fc.property(ref, fc.integer({ min: 1, max: 8 }), fc.boolean(), (one, group, lower) => {
      const reference = creditorReferenceOf(one)
      expect(reference).toMatch(/^RF[0-9]{2}SY[0-9A-Z]{14}$/)
      expect(isCreditorReference(reference)).toBe(true)
      const spaced = reference.replace(new RegExp(`(.{${group}})`, 'g'), '$1 ')
      expect(findReference([`INV 7 ${lower ? spaced.toLowerCase() : spaced}`, ' thanks'])).toBe(reference)
      expect(findReference([reference.slice(0, 9), reference.slice(9)])).toBe(reference)
    }),
  )
})

test('a digit for another digit, or a letter for another letter, is never taken for a reference', () => {
  fc.assert(
    fc.property(ref, fc.integer({ min: 2, max: 19 }), fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'), (one, at, character) => {
      const reference = creditorReferenceOf(one)
      fc.pre(reference[at] !== character && isDigit(reference[at]!) === isDigit(character))
      expect(findReference([reference.slice(0, at) + character + reference.slice(at + 1)])).toBeUndefined()
    }),
  )
})

test('a digit for a letter can pass the check, and is then another reference than the one that was meant', () => {
  const [meant, typed] = ['RF53SYEBANSAHMAJE9ZN', 'RF53SYEBANS8HMAJE9ZN']
  expect(isCreditorReference(typed)).toBe(true)
  expect(findReference([typed])).not.toBe(meant)
  expect(isCreditorReference(meant)).toBe(true)
})

test('two different references name nobody, the same one twice names itself', () => {
  const [a, b] = [creditorReferenceOf('0x01'), creditorReferenceOf('0x02')]
  expect(findReference([a, b])).toBeUndefined()
  expect(findReference([a, a])).toBe(a)
})
