import { setTimeout as pause } from 'node:timers/promises'
import { min } from '../../money/integers.ts'
import type { Outcome } from '../../ports/outcome.ts'

/** One try has so long. What it has begun goes on, and is looked up. */
const SEND_DEADLINE_MS = 60_000
/** How long it waits before it looks: twice as long each time. One that is signed only waits for its block to be final, and tens of thousands may. */
const LOOK_MS = { first: 200, most: 10_000, mostSigned: 30_000 }

type Unknown = Extract<Outcome, { kind: 'unknown' }>

/** `isAsked`: somebody waits for this try. `onSent`: to be called once it is signed, if the rail says so. */
type Try = Readonly<{ signal: AbortSignal; isAsked: boolean; onSent: () => void }>

type Sending = Readonly<{
  /** Always under the same id, so that it is harmless however often. */
  send(options: Try): Promise<Outcome>
  look(): Promise<Outcome>
  stop: AbortSignal
  /** Told before each wait what is known so far. */
  onUnknown?(outcome: Unknown): void
  /** Asked before each wait: resolves when it is to be sent again at once. */
  wake?(): Promise<void>
}>

/**
 * Sends one thing and looks until its outcome is known; `unknown` only after `stop`. It is sent again only when the rail has no record of it, so that nothing
 * can be under way, or when `wake` asks for it: then the rail answers for what it knows under the same id.
 */
export async function sendUntilKnown(o: Sending): Promise<Outcome> {
  let lookMsMax = LOOK_MS.most
  const onSent = () => {
    lookMsMax = LOOK_MS.mostSigned
  }
  const send = (isAsked: boolean) => o.send({ signal: AbortSignal.any([o.stop, AbortSignal.timeout(SEND_DEADLINE_MS)]), isAsked, onSent })
  let outcome = await send(false)
  for (let waitMs = LOOK_MS.first; outcome.kind === 'unknown' && !o.stop.aborted; waitMs = min(waitMs * 2, lookMsMax)) {
    o.onUnknown?.(outcome)
    const isAsked = await wokenWithin(waitMs, o.wake)
    if (o.stop.aborted) break
    if (!isAsked) outcome = await o.look()
    if (isAsked || (outcome.kind === 'failed' && outcome.reason === 'never_sent')) outcome = await send(isAsked)
  }
  return outcome
}

async function wokenWithin(waitMs: number, wake: Sending['wake']): Promise<boolean> {
  const over = pause(waitMs, false, { ref: false })
  return wake ? Promise.race([over, wake().then(() => true)]) : over
}
