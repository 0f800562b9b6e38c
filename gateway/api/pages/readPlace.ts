import type { Destination } from '../../ports/sender.ts'
import { claimBody } from '../http/refundWire.ts'
import { toDestination } from '../http/wire.ts'

const SPACES = /\s+/g
const IBAN = /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/
const INVOICE = /^ln(?:bc|bcrt|tb|tbs)\d/i

/** What a person has written in one field, as a destination; `owner` for an IBAN. Undefined for what is none that money goes to. */
export function readPlace(written: string, owner: string): Destination | undefined {
  const read = claimBody.safeParse({ destination: namedBy(written.trim(), owner.trim()) })
  return read.success ? toDestination(read.data.destination) : undefined
}

function namedBy(text: string, owner: string): object | undefined {
  const whole = text.replaceAll(SPACES, '')
  const bare = whole.replace(/^lightning:/i, '')
  if (INVOICE.test(bare)) return { kind: 'lightning_invoice', invoice: bare }
  if (/^lnurl1/i.test(bare)) return { kind: 'lnurl', lnurl: bare }
  if (/^bitcoin:/i.test(whole)) return { kind: 'bitcoin_uri', uri: whole }
  if (/^0x/i.test(whole)) return { kind: 'evm_address', address: whole }
  if (whole.includes('@')) return { kind: 'lightning_address', address: bare.toLowerCase() }
  if (IBAN.test(whole.toUpperCase())) return { kind: 'iban', iban: whole.toUpperCase(), name: owner }
  return undefined
}
