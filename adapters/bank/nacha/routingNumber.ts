const WEIGHTS = [3, 7, 1, 3, 7, 1, 3, 7] as const

/** The ninth digit of a routing number (ABA): with it the digits, weighted 3, 7, 1, sum to a multiple of ten. */
export function checkDigitOf(eight: string): string {
  const sum = WEIGHTS.reduce<number>((total, weight, i) => total + weight * (eight.charCodeAt(i) - 48), 0)
  return String((10 - (sum % 10)) % 10)
}

/** Nine digits of which the last fits, in a range that the ABA gives to banks: 00 to 12, 21 to 32, 61 to 72, 80. */
export function isRoutingNumber(routing: string): boolean {
  if (!/^(0[0-9]|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)[0-9]{7}$/.test(routing)) return false
  return checkDigitOf(routing) === routing.charAt(8)
}
