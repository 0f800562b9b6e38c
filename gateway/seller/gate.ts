import type { Flow } from './flow.ts'
import type { NodeResponse } from './nodeResponse.ts'

/** Sends now, or once what was used for it is covered; false where the writer has to wait for `drain`. `text`: of the whole, with its end. */
export type Pass = (send: () => unknown, text?: () => string | undefined) => unknown

/** Lets out what is written to `response` as its flow goes. */
export function gateOf(response: NodeResponse, flow: Flow): Pass {
  const waiting: (() => unknown)[] = []
  let [holds, isOver] = [false, false]
  response.once('close', () => {
    isOver = true
    // Node tells their writers that the line is gone.
    for (const send of waiting.splice(0)) send()
    flow.end()
  })

  flow.onCut(() => response.destroy())

  async function release(): Promise<void> {
    try {
      while (waiting.length > 0) {
        await flow.covered()
        waiting.shift()?.()
      }
      holds = false
      if (!isOver) response.emit('drain')
    } catch {
      // What was used can not be told, or its time is over: who gets it must not take a part for the whole.
      response.destroy()
    }
  }

  return (send, text) => {
    const last = (): void => {
      send()
      flow.end(text?.())
    }
    const go = text ? last : send
    if (isOver || (!holds && !flow.owes())) return go()
    waiting.push(go)
    if (!holds) {
      holds = true
      void release()
    }
    return false
  }
}
