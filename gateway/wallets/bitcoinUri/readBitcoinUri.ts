import { isGatewayError } from '../../errors/gatewayError.ts'
import { BTC } from '../../money/asset.ts'
import { type Money, parseAmount } from '../../money/money.ts'

/** What a `bitcoin:` URI says. `lightning` is what stands there: an invoice, or an LNURL. Undefined where it says nothing. */
type BitcoinUri = Readonly<{
  address: string | undefined
  amount: Money | undefined
  label: string | undefined
  message: string | undefined
  lightning: string | undefined
  offer: string | undefined
}>

/** As much as a QR code holds. */
const CHARACTERS_MAX = 7_089
const SCHEME = /^bitcoin:(?:\/\/)?/i
const ADDRESS = /^[A-Za-z0-9]{14,90}$/
/** Parameters that may stand once; others may be anything, and repeat. */
const KNOWN = ['amount', 'label', 'message', 'lightning', 'lno'] as const

/**
 * Reads a URI of BIP 21 or BIP 321, or says why it may not be acted on: an unknown parameter that is required (`req-`), a parameter that stands twice,
 * an amount that is none. Keys are read in any case, since QR codes are written in capitals; a plus sign is a plus sign.
 */
export function readBitcoinUri(text: string): BitcoinUri | string {
  const trimmed = text.trim()
  if (trimmed.length > CHARACTERS_MAX) return `the URI is longer than ${CHARACTERS_MAX} characters`
  if (!SCHEME.test(trimmed)) return 'this is not a bitcoin: URI'
  const [body = '', ...rest] = trimmed.replace(SCHEME, '').split('?')
  if (body !== '' && !ADDRESS.test(body)) return 'the address of the URI is malformed'
  const values = new Map<string, string>()
  for (const parameter of rest.join('?').split('&')) {
    if (parameter === '') continue
    const [key, value] = decoded(parameter)
    if (key === undefined) return 'the URI is not percent-encoded UTF-8'
    const name = key.toLowerCase()
    if (name.startsWith('req-')) return `the URI requires ${key.slice(0, 40)}, which is not known here`
    if (!KNOWN.some((known) => known === name)) continue
    if (values.has(name)) return `the URI says ${name} twice`
    values.set(name, value)
  }
  const amount = amountOf(values.get('amount'))
  if (amount === 'wrong') return 'the amount of the URI is not a decimal number of bitcoin'
  const said = (name: (typeof KNOWN)[number]) => values.get(name) || undefined
  return {
    address: body === '' ? undefined : body,
    amount,
    label: said('label'),
    message: said('message'),
    lightning: said('lightning'),
    offer: said('lno'),
  }
}

function decoded(parameter: string): [string | undefined, string] {
  const at = parameter.indexOf('=')
  try {
    const [key, value] = at < 0 ? [parameter, ''] : [parameter.slice(0, at), parameter.slice(at + 1)]
    return [decodeURIComponent(key), decodeURIComponent(value)]
  } catch {
    return [undefined, '']
  }
}

function amountOf(text: string | undefined): Money | undefined | 'wrong' {
  if (text === undefined) return undefined
  try {
    return parseAmount(text, BTC)
  } catch (error) {
    if (isGatewayError(error, 'invalid_amount')) return 'wrong'
    throw error
  }
}
