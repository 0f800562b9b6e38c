import type { ServerResponse } from 'node:http'
import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { problemText } from '../http/problem.ts'

/**
 * Does all calls at once and answers each with a line of JSON, `{"n", "status", "body"}`, when its word is there: one that waits for a chain keeps none of the
 * others. Lines of one turn leave together.
 */
export function answerInLines(response: ServerResponse, calls: readonly (() => Promise<unknown>)[], requestId: string): void {
  let [lines, left] = ['', calls.length]
  let waiting = false
  // The last one is for nginx, which would keep all lines until the slowest call has its word.
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })

  function say(n: number, status: number, body: string): void {
    lines += `{"n":${n},"status":${status},"body":${body}}\n`
    left--
    if (waiting) return
    waiting = true
    setImmediate(flush)
  }

  function flush(): void {
    waiting = false
    if (left === 0) response.end(lines)
    else response.write(lines)
    lines = ''
  }

  calls.forEach((call, n) => {
    call().then(
      (value) => say(n, 200, JSON.stringify(value)),
      (error: unknown) => {
        if (!isGatewayError(error))
          process.stderr.write(`${requestId} call ${n}: ${error instanceof Error ? error.stack : String(error)}\n`)
        const refusal = isGatewayError(error) ? error : new GatewayError('internal_error', 'Something unexpected happened here')
        say(n, refusal.status, problemText(refusal, requestId))
      },
    )
  })
}
