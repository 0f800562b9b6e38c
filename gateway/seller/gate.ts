import type { Flow } from './flow.ts'
import type { NodeResponse } from './nodeResponse.ts'

/** `pass`: sends now, or once what was used for it is covered; false where the writer has to wait for `drain`. `holds`: something waits. */
export type Gate = Readonly<{ pass: (send: () => unknown) => boolean; holds: () => boolean }>

/** Lets out what is written to `response` as its flow goes. */
export function gateOf(response: NodeResponse, flow: Flow): Gate {
  const waiting: (() => unknown)[] = []
  let [holds, isOver] = [false, false]
  response.once('close', () => {
    isOver = true
    // Node tells their writers that the line is gone.
    for (const send of waiting.splice(0)) send()
    flow.end()
  })

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

  return {
    holds: () => holds,
    pass(send) {
      if (isOver || (!holds && !flow.owes())) return send() !== false
      waiting.push(send)
      if (!holds) {
        holds = true
        void release()
      }
      return false
    },
  }
}
