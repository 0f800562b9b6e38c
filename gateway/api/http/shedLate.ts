import type { RequestListener, Server } from 'node:http'
import { performance } from 'node:perf_hooks'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { Turn } from '../../guard/admission/queueAge.ts'
import type { Faces } from './faces.ts'
import { FACILITATOR_CALLS, facilitatorProblem } from './facilitatorProblem.ts'
import { problemText } from './problem.ts'

const RETRY_AFTER_S = '1'

/**
 * Refuses what waited too long, by the guard's word, with 503 and the time to come again, before Fastify makes a request of it: under three times the load
 * that can be borne, most of the work would else be refusing. `spared` is the path that is always answered.
 */
export function shedLate(server: Server, o: Readonly<{ guard: Pick<Faces['guard'], 'isTooOld'>; spared: string }>): void {
  const lookAtTurn = createTurns()
  const error = new GatewayError('overloaded', 'More waits here than can be done in time')
  const problem = problemText(error, 'none')
  const plain = shed(problem)
  const ofCalls = new Map(FACILITATOR_CALLS.map((path) => [path, shed(JSON.stringify(facilitatorProblem(JSON.parse(problem), path)))]))
  // Node offers no way to stop at the first listener, so theirs are called from ours.
  const listeners = server.listeners('request') as RequestListener[]
  server.removeAllListeners('request')
  server.on('request', (request, response) => {
    if (request.url !== o.spared && o.guard.isTooOld(lookAtTurn())) {
      const { headers, body } = ofCalls.get(request.url ?? '') ?? plain
      response.writeHead(error.status, headers).end(body)
    } else for (const listener of listeners) listener(request, response)
  })
}

function shed(text: string) {
  const body = Buffer.from(text)
  const headers = {
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': `${body.length}`,
    'cache-control': 'no-store',
    'retry-after': RETRY_AFTER_S,
  }
  return { headers, body }
}

/** A loop that rested less than this was only asked what is there: reading a thousand ready sockets takes some of it. */
const REST_MS_MIN = 0.25

/**
 * The turn of the event loop that is under way. The loop reads sockets once a turn: what arrives while it works waits for the next one. A loop that rested
 * since had read them all; one that did not has come no further than the end of its last reading, and takes as long again as its last turn took.
 */
function createTurns(): () => Turn {
  let begun: { readAt: number; turnMs: number; restMs: number } | undefined
  let last = { beganAt: 0, endedAt: 0, restMs: 0 }
  return () => {
    const now = performance.now()
    if (!begun) {
      const restMs = performance.nodeTiming.idleTime
      const rested = restMs - last.restMs > REST_MS_MIN
      begun = { readAt: rested ? now : last.endedAt, turnMs: rested ? 0 : now - last.beganAt, restMs }
      // Runs when this turn has read its sockets.
      setImmediate(() => {
        begun = undefined
        last = { beganAt: now, endedAt: performance.now(), restMs: performance.nodeTiming.idleTime }
      })
    }
    const { readAt, turnMs, restMs } = begun
    return { now, waitedMs: now - readAt, turnMs, restMs }
  }
}
