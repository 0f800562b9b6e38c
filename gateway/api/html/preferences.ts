/** More than any browser sends. */
const READ_MAX = 20

/** What a header such as `Accept` or `Accept-Language` names, in small letters and its order, each with its weight of 0 to 1 (RFC 9110, section 12.4.2). */
export function readPreferences(header: string): readonly Readonly<{ name: string; weight: number }>[] {
  return header.split(',', READ_MAX).map((part) => {
    const [name = '', ...parameters] = part.trim().toLowerCase().split(';')
    const q = parameters.map((one) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(one)?.[1]).find((weight) => weight !== undefined)
    return { name: name.trim(), weight: q === undefined ? 1 : Number.parseFloat(q) } // not money: a weight
  })
}
