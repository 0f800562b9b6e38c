import { isRoutingNumber } from './routingNumber.ts'

/** What a payee's bank says that payments to an account must have from now on. `type`: the first digit of their transaction codes. */
export type Correction = Readonly<{ routing?: string; account?: string; type?: string }>

const ACCOUNT_DIGITS = 17

function accountAt(corrected: string, from: number): string | undefined {
  const account = corrected.slice(from, from + ACCOUNT_DIGITS).trim()
  return /^[A-Za-z0-9 -]+$/.test(account) ? account : undefined
}

function typeAt(corrected: string, from: number): string | undefined {
  const code = corrected.slice(from, from + 2)
  return /^[23][1-46-9]$/.test(code) ? code.charAt(0) : undefined
}

function routingAt(corrected: string): string | undefined {
  const routing = corrected.slice(0, 9)
  return isRoutingNumber(routing) ? routing : undefined
}

/** All of the parts, or none of them. */
function whole(parts: Readonly<Record<string, string | undefined>>): Correction | undefined {
  return Object.values(parts).every((part) => part !== undefined) ? (parts as Correction) : undefined // Every part is there.
}

/**
 * The correction that a notification of change carries, by the columns in which its code has it (Nacha, appendix five); undefined where nothing of the
 * account changes (a name, an id, an addendum), or what is there is none: then a person must look.
 */
export function correctionOf(code: string, corrected: string): Correction | undefined {
  switch (code) {
    case 'C01':
      return whole({ account: accountAt(corrected, 0) })
    case 'C02':
      return whole({ routing: routingAt(corrected) })
    case 'C03':
      return whole({ routing: routingAt(corrected), account: accountAt(corrected, 12) })
    case 'C05':
      return whole({ type: typeAt(corrected, 0) })
    case 'C06':
      return whole({ account: accountAt(corrected, 0), type: typeAt(corrected, 20) })
    case 'C07':
      return whole({ routing: routingAt(corrected), account: accountAt(corrected, 9), type: typeAt(corrected, 26) })
    default:
      return undefined
  }
}
