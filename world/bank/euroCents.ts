/** The bank counts in cents. "1.00" -> 100n; undefined for anything else than a plain decimal of at most two places. */
export function readEuros(text: string): bigint | undefined {
  const match = /^([0-9]{1,12})(?:\.([0-9]{1,2}))?$/.exec(text)
  return match ? BigInt(match[1]! + (match[2] ?? '').padEnd(2, '0')) : undefined
}

/** 100n -> "1.00"; a negative amount has its sign. */
export function writeEuros(cents: bigint): string {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0')
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}
