import { GatewayError } from '../errors/gatewayError.ts'
import { floorDiv } from '../money/integers.ts'
import { formatAmount, money } from '../money/money.ts'
import type { Intent, IntentOffer } from '../payins/intent/intent.ts'
import type { LocalWorld } from '../ports/localWorld.ts'
import type { ClockMoves } from './clockMoves.ts'

/** What a developer has the customers of the local world do with an intent. */
export const PLAYS = ['pay', 'half', 'over', 'late', 'expire'] as const
export type Play = (typeof PLAYS)[number]

/** Plays that wait at once. */
const PLAYING_MAX = 8
/** The bank books after some seconds, and intents expire within some. */
const PATIENCE_MS = 30_000
const JUST_PAST_MS = 1_000
/** Units of a cent: fiat has six places here. */
const CENT = 10_000n

type Intents = Readonly<{ get: (id: string) => Intent; watch: (id: string, tell: (intent: Intent) => void) => () => void }>
type BankOffer = IntentOffer & Readonly<{ wire: { kind: 'bank' } }>

/**
 * Plays the payer of an intent on a local network: its customers pay over real rails, and the clock of all is put forward. Answers with the intent as the
 * gateway has it once something has changed, or as it was when nothing did within half a minute. Throws `invalid_request` where it cannot be.
 */
export function createPlayPayer({ clock, world, intents }: Readonly<{ clock: ClockMoves; world: LocalWorld; intents: Intents }>) {
  let playing = 0

  /** Does it, and waits until the gateway knows. */
  async function then(id: string, work: () => Promise<void>, is: (intent: Intent) => boolean): Promise<Intent> {
    if (playing >= PLAYING_MAX) throw new GatewayError('too_busy', `${PLAYING_MAX} payments are being played already`)
    playing++
    let known = () => {}
    const heard = new Promise<void>((resolve) => {
      known = resolve
    })
    const stop = intents.watch(id, (intent) => is(intent) && known())
    const timer = setTimeout(known, PATIENCE_MS)
    try {
      await work()
      await heard
    } finally {
      clearTimeout(timer)
      stop()
      playing--
    }
    return intents.get(id)
  }

  async function passExpiry({ id, status, expiresAt }: Intent): Promise<Intent> {
    if (status !== 'open') return intents.get(id)
    const to = expiresAt + JUST_PAST_MS
    const past = async () => {
      if (clock.view().now < to) await clock.advance({ to }, { by: 'the page of a payment', along: () => ({ claims: [], facts: [] }) })
    }
    return then(id, past, (intent) => intent.status !== 'open')
  }

  function transfer(intent: Intent, cents: bigint, { wire, amount: { asset } }: BankOffer): Promise<Intent> {
    const amount = formatAmount(money(asset, cents * CENT))
    const known = (now: Intent) => now.status !== intent.status || now.surplus.length > intent.surplus.length
    return then(intent.id, () => world.transfer({ amount, remittance: wire.remittance }), known)
  }

  return async function play(id: string, what: Play): Promise<Intent> {
    const intent = intents.get(id)
    if (what === 'expire') return passExpiry(intent)
    const lightning = intent.offers.find(({ wire }) => wire.kind === 'bolt11')?.wire
    if (what === 'pay' && intent.status === 'open' && lightning?.kind === 'bolt11') {
      return then(
        id,
        () => world.payInvoice(lightning.invoice),
        ({ status }) => status !== 'open',
      )
    }
    const bank = bankOf(intent)
    const cents = floorDiv(bank.amount.units, CENT)
    if (what === 'half' && cents < 2n) throw cannot('Less than two cents have no half that a bank pays')
    if (what === 'half') return transfer(intent, floorDiv(cents, 2n), bank)
    if (what === 'over') return transfer(intent, intent.status === 'open' ? cents * 2n : cents, bank)
    return transfer(what === 'late' ? await passExpiry(intent) : intent, cents, bank)
  }
}

function bankOf({ offers }: Intent): BankOffer {
  const offer = offers.find((one): one is BankOffer => one.wire.kind === 'bank')
  if (!offer) throw cannot('The intent is not offered over the bank, which alone takes another amount or another time')
  return offer
}

function cannot(what: string): GatewayError {
  return new GatewayError('invalid_request', what, { hint: 'Make an intent over a larger amount, with the bank among its rails.' })
}
