import { setImmediate as turn } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'

type Sent = Readonly<{ headers?: Record<string, string>; cookie?: string | undefined }>

/** A browser without script: it keeps its cookie, follows nothing, and sends forms as browsers do. */
export async function browserOf(app: Pick<FastifyInstance, 'inject'>, key?: string) {
  let cookie: string | undefined
  const origin = 'http://localhost'
  const host = { host: 'localhost', 'sec-fetch-site': 'same-origin' }
  async function get(url: string, o: Sent = {}) {
    await turn()
    const own = 'cookie' in o ? o.cookie : cookie
    return app.inject({ method: 'GET', url, headers: { ...host, ...(own ? { cookie: own } : {}), ...o.headers } })
  }
  async function post(url: string, fields: Record<string, string>, o: Sent = {}) {
    await turn()
    const own = 'cookie' in o ? o.cookie : cookie
    const headers = { ...host, origin, 'content-type': 'application/x-www-form-urlencoded', ...(own ? { cookie: own } : {}), ...o.headers }
    const answer = await app.inject({ method: 'POST', url, headers, payload: new URLSearchParams(fields).toString() })
    const set = answer.headers['set-cookie']
    if (typeof set === 'string' && !('cookie' in o)) cookie = set.split(';')[0]!
    return answer
  }
  if (key !== undefined) await post('/dashboard/login', { key })
  /** The token of this session's forms, as every page of it has them. */
  const token = async () => /name="token" value="([^"]+)"/.exec((await get('/dashboard/keys')).body)?.[1] ?? ''
  return { get, post, token, cookie: () => cookie }
}
