/** How much a client wants to pay by `method` and `intent`: 0 not at all, 1 most. */
export type AcceptPayment = (method: string, intent: string) => number

const ENTRY = /^([a-z0-9*-]{1,40})\/([a-z0-9*-]{1,40})(?:;q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/
const ENTRIES_MAX = 16

/**
 * Reads `Accept-Payment` of the Payment scheme, such as `evm/charge, lightning/*;q=0.5`; a name counts before `*`. Undefined for what is no such header:
 * a wish that cannot be read does not keep anybody from paying.
 */
export function readAcceptPayment(header: string): AcceptPayment | undefined {
  const weights = new Map<string, number>()
  const entries = header.toLowerCase().replace(/\s+/g, '').split(',', ENTRIES_MAX)
  for (const entry of entries) {
    const match = ENTRY.exec(entry)
    if (!match) return undefined
    weights.set(`${match[1]}/${match[2]}`, Number.parseFloat(match[3] ?? '1')) // not money: a weight
  }
  return (method, intent) =>
    weights.get(`${method}/${intent}`) ?? weights.get(`${method}/*`) ?? weights.get(`*/${intent}`) ?? weights.get('*/*') ?? 0
}
