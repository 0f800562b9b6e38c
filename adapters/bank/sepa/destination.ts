import { electronicFormatIBAN, isSEPACountry, isValidIBAN, ValidationErrorsIBAN, validateIBAN } from 'ibantools'
import type { Destination } from '../../../gateway/ports/sender.ts'
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
  if (!isValidIBAN(iban)) return `"${destination.iban.slice(0, 42)}" is not a valid IBAN: ${troubleOf(iban)}`
  if (!isSEPACountry(iban.slice(0, 2))) return `${iban.slice(0, 2)} is not a country of SEPA`
  if (iban === ownIban) return "this is the gateway's own account"
  if (!isSepaName(destination.name)) return "the name must have 1 to 70 characters of a-z A-Z 0-9 / - ? : ( ) . , ' + and blank (SEPA)"
  return undefined
}

/** What of it is wrong; the checksum comes last, because a number that is too short has a wrong one too. */
function troubleOf(iban: string): string {
  const { errorCodes } = validateIBAN(iban)
  const country = iban.slice(0, 2)
  if (errorCodes.includes(ValidationErrorsIBAN.NoIBANProvided)) return 'it is empty'
  if (errorCodes.includes(ValidationErrorsIBAN.NoIBANCountry)) return `${country} has no IBANs`
  if (errorCodes.includes(ValidationErrorsIBAN.WrongBBANLength)) return `one of ${country} has another length`
  if (errorCodes.includes(ValidationErrorsIBAN.WrongBBANFormat)) return `one of ${country} is built otherwise`
  return 'its check digits do not fit, so a character is mistyped'
}
