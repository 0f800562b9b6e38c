import { GatewayError } from '../../errors/gatewayError.ts'

/** What a payer asks for. `payer`: an address, or a party by its id; `price` in dollars; `agent`: a known program that signed the request. */
export type ScreenedRequest = Readonly<{
  rail: string
  price: string
  resource: string
  route: string
  agent?: string
  signal: AbortSignal
}>
/** The operator's own check; anything but these two words is no answer. */
export type Screen = (payer: string, request: ScreenedRequest) => 'serve' | 'refuse' | Promise<'serve' | 'refuse'>

/** What is done where there is no answer: the payer pays before it is served, is refused for now, or is served as if it had been checked. */
export type WhenUnknown = 'pay_first' | 'refuse' | 'serve'

type Settings = Readonly<{ screen: Screen; deadlineMs: number; whenUnknown: WhenUnknown; log: (line: string) => void }>
/** Asked for each payer that is not known by an invoice: whether it may owe. Throws `payer_refused` and `screening_unavailable`. */
export type Screening = (payer: string, request: Omit<ScreenedRequest, 'signal'>) => Promise<Readonly<{ mayOwe: boolean }>>

/** So many may be asked about at a time, also those whose answer nobody waits for any more. */
const ASKED_MAX = 256
const LOG_AGAIN_MS = 10_000

export function createScreening({ screen, deadlineMs, whenUnknown, log }: Settings): Screening {
  let asked = 0
  let loggedAt = Number.NEGATIVE_INFINITY

  function say(line: string): void {
    if (Date.now() < loggedAt + LOG_AGAIN_MS) return
    loggedAt = Date.now()
    log(`the check of payers: ${line}`)
  }

  /** Undefined for no answer, or none in time. */
  async function ask(payer: string, request: Omit<ScreenedRequest, 'signal'>): Promise<'serve' | 'refuse' | undefined> {
    if (asked >= ASKED_MAX) {
      say(`${ASKED_MAX} are asked about at a time`)
      return undefined
    }
    asked++
    const ended = new AbortController()
    const { promise: late, resolve } = Promise.withResolvers<undefined>()
    const timer = setTimeout(() => {
      ended.abort()
      say(`no answer in ${deadlineMs} ms`)
      resolve(undefined)
    }, deadlineMs)
    const answer = answerOf(() => screen(payer, { ...request, signal: ended.signal }), say).finally(() => {
      asked--
    })
    const said = await Promise.race([answer, late])
    clearTimeout(timer)
    return said
  }

  return async (payer, request) => {
    const said = await ask(payer, request)
    if (said === 'serve') return { mayOwe: true }
    if (said === 'refuse') throw new GatewayError('payer_refused', `The payer ${payer} is not served here`)
    if (whenUnknown === 'refuse')
      throw new GatewayError('screening_unavailable', `The check of the payer did not answer in ${deadlineMs} ms`)
    return { mayOwe: whenUnknown === 'serve' }
  }
}

async function answerOf(screen: () => unknown, say: (line: string) => void): Promise<'serve' | 'refuse' | undefined> {
  try {
    const said = await screen()
    if (said === 'serve' || said === 'refuse') return said
    say(`it said neither serve nor refuse`)
  } catch (error) {
    say(error instanceof Error ? error.message.slice(0, 200) : 'it threw')
  }
  return undefined
}
