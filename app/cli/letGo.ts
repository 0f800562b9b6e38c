import type { Server, ServerResponse } from 'node:http'

/**
 * Counts the requests that a server works on. Once `closing` was called, connections end as soon as nothing is worked on: Node's own close waits for one on
 * which nobody has said anything until its time for a request is over, which is more than a minute.
 */
export function letGo(server: Server): Readonly<{ closing: () => void }> {
  let running = 0
  let isClosing = false
  const endIfDone = () => {
    if (isClosing && running === 0) server.closeAllConnections()
  }
  server.on('request', (_, response: ServerResponse) => {
    running++
    response.once('close', () => {
      running--
      endIfDone()
    })
  })
  return {
    closing() {
      isClosing = true
      endIfDone()
    },
  }
}
