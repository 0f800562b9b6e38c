import { electronicFormatIBAN, isSEPACountry, isValidIBAN } from 'ibantools'
import type { Destination } from '../../gateway/ports/sender.ts'
import { isSepaName } from './sepaText.ts'

/** The IBAN in its electronic form: capitals, no blanks. */
export function compactIban(iban: string): string {
  return electronicFormatIBAN(iban) ?? ''
}

/** Our own account, in words, when the destination is it. */
export function ownIban(destination: Destination, own: string): string | undefined {
  return destination.kind === 'iban' && compactIban(destination.iban) === own ? 'our own bank account' : undefined
}

/** Why this destination could never be paid by a SEPA credit transfer from `ownIban`, or undefined. */
export function refuseDestination(destination: Destination, ownIban: string): string | undefined {
  if (destination.kind !== 'iban') return `a bank transfer goes to an IBAN, not to a ${destination.kind}`
  const iban = compactIban(destination.iban)
  if (!isValidIBAN(iban)) return `"${destination.iban.slice(0, 42)}" is not a valid IBAN`
  if (!isSEPACountry(iban.slice(0, 2))) return `${iban.slice(0, 2)} is not a country of SEPA`
  if (iban === ownIban) return "this is the gateway's own account"
  if (!isSepaName(destination.name)) return "the name must have 1 to 70 characters of a-z A-Z 0-9 / - ? : ( ) . , ' + and blank (SEPA)"
  return undefined
}
