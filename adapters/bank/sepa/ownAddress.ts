import { ruleInForce } from './datedRules.ts'

/** Our account, as files name it. `addressLines`: beside the town, or until SEPA refuses it instead of the town. */
export type OwnAccount = Readonly<{
  iban: string
  bic?: string
  name: string
  townName?: string
  country: string
  addressLines?: readonly string[]
}>

/** A hybrid address has at most two lines beside town and country; one of lines alone at most seven (PostalAddress24). */
const HYBRID_LINES_MAX = 2
const LINES_MAX = 7

/** The account's postal address as a file of this day may have it, or why none may. */
export function ownAddress(account: OwnAccount, day: string): Readonly<{ address: object }> | Readonly<{ refused: string }> {
  const { townName = '', country, addressLines = [] } = account
  if (!/^[A-Z]{2}$/.test(country)) return { refused: 'a two-letter country is needed' }
  const lines = addressLines.length === 0 ? {} : { AdrLine: addressLines }
  if (townName.trim() !== '') {
    if (addressLines.length > HYBRID_LINES_MAX) return { refused: `an address with a town has at most ${HYBRID_LINES_MAX} lines` }
    return { address: { TwnNm: townName, Ctry: country, ...lines } }
  }
  const rule = ruleInForce('structuredAddress', day)
  if (rule !== undefined) return { refused: `the address has no town, which SEPA refuses ${rule}` }
  if (addressLines.length === 0 || addressLines.length > LINES_MAX)
    return { refused: 'a town, or one to seven lines of address, are needed' }
  return { address: { Ctry: country, ...lines } }
}
