import { type AuthenticatedLnd, getHeight } from 'lightning'
import { lndCall, messageOf } from './lndCall.ts'

const ASK_MS = 5_000
const DEADLINE_MS = 5_000

/**
 * Asks for the height again and again: blocks drive the watchdog of holds, and an answer after silence means that streams may have died without
 * a word (a link that was cut says nothing to who only listens).
 */
export function watchHealth(
  lnd: AuthenticatedLnd,
  o: { onHeight: (height: number) => void; onBack: () => void; log: (line: string) => void },
): { close: () => void } {
  let silent = false
  let asking = false
  let closed = false
  const ask = async () => {
    if (asking) return
    asking = true
    try {
      const { current_block_height: height } = await lndCall('the height', DEADLINE_MS, () => getHeight({ lnd }))
      if (closed) return
      if (silent) {
        o.log('lightning: LND answers again')
        o.onBack()
      }
      silent = false
      o.onHeight(height)
    } catch (error) {
      if (!silent && !closed) o.log(`lightning: LND does not answer: ${messageOf(error)}`)
      silent = true
    } finally {
      asking = false
    }
  }
  const timer = setInterval(ask, ASK_MS).unref()
  return {
    close: () => {
      closed = true
      clearInterval(timer)
    },
  }
}
