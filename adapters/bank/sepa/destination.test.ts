import { expect, test } from 'vitest'
import { refuseDestination } from './destination.ts'

const OWN = 'DE75512108001245126199'

test.each([
  ['a mistyped digit', 'DE88370400440532013000', 'its check digits do not fit, so a character is mistyped'],
  ['a digit too few', 'DE8937040044053201300', 'one of DE has another length'],
  ['a letter where digits are', 'DE8937040044O532013000', 'one of DE is built otherwise'],
  ['a country that has none', 'XX89370400440532013000', 'XX has no IBANs'],
])('an IBAN with %s is refused, and which mistake it is', (_, iban, said) => {
  expect(refuseDestination({ kind: 'iban', iban, name: 'Mia Weber' }, OWN)).toBe(`"${iban}" is not a valid IBAN: ${said}`)
  expect(refuseDestination({ kind: 'iban', iban: 'DE89 3704 0044 0532 0130 00', name: 'Mia Weber' }, OWN)).toBeUndefined()
})
